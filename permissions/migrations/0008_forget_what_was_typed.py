"""django-axes kept what was sent with a wrong password, new passwords among it; from now on it keeps nothing of that."""

from django.db import migrations


def forget(apps, schema_editor) -> None:
    apps.get_model("axes", "AccessAttempt").objects.update(get_data="", post_data="")


class Migration(migrations.Migration):
    dependencies = [("permissions", "0007_history_of_access"), ("axes", "0010_accessattemptexpiration")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
