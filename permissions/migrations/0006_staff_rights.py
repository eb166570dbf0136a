from django.db import migrations, models


def shut_out_whoever_is_blocked(apps, schema_editor):
    """Wagtail's pages could make somebody active again whom the supplier had blocked."""
    apps.get_model("permissions", "User").objects.filter(blocked__isnull=False).update(is_active=False)


class Migration(migrations.Migration):
    dependencies = [
        ("permissions", "0005_approving_needs_ordering"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessevent",
            name="action",
            field=models.CharField(choices=[('grant', 'Gave a role'), ('change', 'Changed role or functions'), ('revoke', 'Took access away'), ('repair', 'Repaired permission rows'), ('inactivate', 'Made inactive'), ('activate', 'Made active'), ('block', 'Blocked the person'), ('unblock', 'Lifted the block'), ('unlock', 'Unlocked the log-in'), ('details', 'Changed contact details'), ('staff', 'Changed rights at the supplier'), ('invite', 'Invited'), ('resend', 'Sent the invitation again'), ('withdraw', 'Withdrew the invitation'), ('accept', 'Accepted the invitation'), ('decline', 'Declined the invitation'), ('password', 'Chose a new password'), ('locked', 'Log-in locked after wrong passwords'), ('sessions', 'Ended sessions'), ('factor_added', 'Added a second factor'), ('factor_removed', 'Removed a second factor'), ('codes', 'Made new recovery codes'), ('identity_added', 'Connected an e-identity'), ('identity_removed', 'Disconnected an e-identity'), ('transfer_offered', 'Offered the ownership of the account'), ('transfer_accepted', 'Took over the ownership of the account'), ('transfer_declined', 'Declined the ownership of the account'), ('transfer_cancelled', 'Took back the offer of ownership'), ('settings', "Changed the account's settings"), ('requested', 'Asked for an account or clinic'), ('approved', 'Approved the request'), ('refused', 'Declined the request'), ('closed', 'Closed the request without a mail'), ('clinic_added', 'Added a clinic'), ('look_begun', 'Began to see the portal as this person'), ('looked', 'Opened a page as this person'), ('look_ended', 'Stopped seeing the portal as this person')], max_length=20, verbose_name="what"),
        ),
        migrations.RunPython(shut_out_whoever_is_blocked, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("blocked__isnull", False), ("is_active", True), _negated=True),
                name="user_blocked_is_not_active",
            ),
        ),
    ]
