from django.db import migrations


class Migration(migrations.Migration):
    """Web references are `10000xxxx` (the manual's Nätreferens), whatever number of processes draws them."""

    dependencies = [("order", "0022_clinic_orders")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE order_web_reference START WITH 100000001",
            "DROP SEQUENCE order_web_reference",
        )
    ]
