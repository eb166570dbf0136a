"""Who acted for the supplier is kept as it was then; history is found by who acted; nothing empties it at once."""

from django.db import migrations, models

TABLE = "permissions_accessevent"
# The one change there ever is: a column that is new has to be filled. As near to what was then as is known.
FILL = f"""
ALTER TABLE {TABLE} DISABLE TRIGGER permissions_accessevent_append_only;
UPDATE {TABLE} SET by_supplier = true
    FROM permissions_user actor WHERE actor.id = actor_id AND (actor.is_staff OR actor.is_superuser);
ALTER TABLE {TABLE} ENABLE TRIGGER permissions_accessevent_append_only;
"""
NEVER_EMPTIED = f"""
CREATE TRIGGER permissions_accessevent_never_emptied BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION permissions_refuse_change();
"""
NO_LONGER = f"DROP TRIGGER permissions_accessevent_never_emptied ON {TABLE};"


class Migration(migrations.Migration):

    dependencies = [
        ('permissions', '0006_staff_rights'),
    ]

    operations = [
        migrations.AlterField(
            model_name='accessevent',
            name='action',
            field=models.CharField(choices=[('grant', 'Gave a role'), ('change', 'Changed role or functions'), ('revoke', 'Took access away'), ('repair', 'Repaired permission rows'), ('inactivate', 'Made inactive'), ('activate', 'Made active'), ('block', 'Blocked the person'), ('unblock', 'Lifted the block'), ('unlock', 'Unlocked the log-in'), ('details', 'Changed contact details'), ('staff', 'Changed rights at the supplier'), ('invite', 'Invited'), ('resend', 'Sent the invitation again'), ('withdraw', 'Withdrew the invitation'), ('accept', 'Accepted the invitation'), ('decline', 'Declined the invitation'), ('password', 'Chose a new password'), ('locked', 'Log-in locked after wrong passwords'), ('sessions', 'Ended sessions'), ('factor_added', 'Added a second factor'), ('factor_removed', 'Removed a second factor'), ('codes', 'Made new recovery codes'), ('identity_added', 'Connected an e-identity'), ('identity_removed', 'Disconnected an e-identity'), ('transfer_offered', 'Offered the ownership of the account'), ('transfer_accepted', 'Took over the ownership of the account'), ('transfer_declined', 'Declined the ownership of the account'), ('transfer_cancelled', 'Took back the offer of ownership'), ('settings', "Changed the account's settings"), ('clinic_rules', "Changed the clinic's rules"), ('requested', 'Asked for an account or clinic'), ('approved', 'Approved the request'), ('refused', 'Declined the request'), ('closed', 'Closed the request without a mail'), ('clinic_added', 'Added a clinic'), ('look_begun', 'Began to see the portal as this person'), ('looked', 'Opened a page as this person'), ('look_ended', 'Stopped seeing the portal as this person')], max_length=20, verbose_name='what'),
        ),
        migrations.AddField(
            model_name='accessevent',
            name='by_supplier',
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='accessevent',
            index=models.Index(fields=['actor', '-at'], name='permissions_actor_i_7c803f_idx'),
        ),
        migrations.RunSQL(NEVER_EMPTIED, NO_LONGER),
    ]
