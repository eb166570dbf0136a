from django.db import migrations

COUNTRIES = [("SE", "SWE", "752", "Sweden"), ("NO", "NOR", "578", "Norway"), ("DK", "DNK", "208", "Denmark")]


def add_countries(apps, schema_editor):
    """The three countries we deliver to; Oscar's addresses refer to them."""
    Country = apps.get_model("address", "Country")
    for order, (alpha2, alpha3, numeric, name) in enumerate(COUNTRIES):
        Country.objects.update_or_create(
            iso_3166_1_a2=alpha2,
            defaults={
                "iso_3166_1_a3": alpha3,
                "iso_3166_1_numeric": numeric,
                "printable_name": name,
                "name": name,
                "display_order": order,
                "is_shipping_country": True,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("addresses", "0002_initial"), ("address", "0007_useraddress_code")]
    operations = [migrations.RunPython(add_countries, migrations.RunPython.noop)]
