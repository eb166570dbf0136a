"""Approving without ordering was a switch that did nothing, as approving sends the order: it goes off where it was on."""

from django.conf import settings
from django.db import migrations, models

NEEDED = ~models.Q(functions__contains=["approving"]) | models.Q(functions__contains=["ordering"])
USELESS = models.Q(functions__contains=["approving"]) & ~models.Q(functions__contains=["ordering"])


def switch_off(apps, schema_editor):
    """Memberships with their permission rows and a line in the history each, and what is offered to the invited."""
    Membership = apps.get_model("permissions", "Membership")
    Event = apps.get_model("permissions", "AccessEvent")
    rows = apps.get_model("permissions", "ClinicUserPermission").objects
    for membership in Membership.objects.filter(USELESS).select_related("clinic"):
        before = {"role": membership.role, "functions": membership.functions, "is_active": membership.is_active}
        membership.functions = [each for each in membership.functions if each != "approving"]
        membership.save(update_fields=["functions"])
        held = rows.filter(user_id=membership.user_id, content_object_id=membership.clinic_id)
        if membership.role != "main_user":  # they may do everything, whatever is switched
            held.filter(permission__codename="approve_order").delete()
        Event.objects.create(
            action="change",
            person_id=membership.user_id,
            clinic_id=membership.clinic_id,
            account_id=membership.clinic.account_id,
            before=before,
            after={**before, "functions": membership.functions},
        )
    for invitation in apps.get_model("permissions", "Invitation").objects.filter(USELESS):
        invitation.functions = [each for each in invitation.functions if each != "approving"]
        invitation.save(update_fields=["functions"])


class Migration(migrations.Migration):
    dependencies = [
        ("permissions", "0004_requests_closed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(switch_off, migrations.RunPython.noop),
        # PostgreSQL alters no table whose rows it has still to check.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "membership", models.CheckConstraint(condition=NEEDED, name="membership_approving_needs_ordering")
        ),
        migrations.AddConstraint(
            "invitation", models.CheckConstraint(condition=NEEDED, name="invitation_approving_needs_ordering")
        ),
    ]
