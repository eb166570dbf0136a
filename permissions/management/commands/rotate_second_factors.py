from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from permissions.log_in.encryption import Unreadable, decrypt, encrypt

SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


class Command(BaseCommand):
    help = "Encrypts the secrets of second factors with the key of SECRET_KEY; then SECRET_KEY_FALLBACKS may go."

    def handle(self, *args, **options) -> None:
        moved = lost = 0
        for pk in Authenticator.objects.filter(type__in=SECRETS).values_list("pk", flat=True):
            done = _move(pk)
            moved, lost = moved + done, lost + (not done)
        self.stdout.write(f"{moved} moved to the key of SECRET_KEY.")
        if lost:
            self.stdout.write(f"{lost} can't be read with any key: these people need a reset.")


@transaction.atomic
def _move(pk: int) -> bool:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return True
    name = SECRETS[Authenticator.Type(row.type)]
    try:
        row.data = {**row.data, name: encrypt(decrypt(row.data[name]))}
    except Unreadable:
        return False
    row.save(update_fields=["data"])
    return True
