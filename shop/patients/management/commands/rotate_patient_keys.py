from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from shop.patients.encryption import Unreadable, rewrapped
from shop.patients.models import ClinicKey


class Command(BaseCommand):
    help = "Wrap every clinic's key by the first key of PATIENT_MASTER_KEY, so that the others can be dropped."

    def handle(self, *args, **options) -> None:
        changed = lost = 0
        for clinic_id in ClinicKey.objects.order_by("pk").values_list("pk", flat=True):
            try:
                changed += _rotate(clinic_id)
            except Unreadable:
                lost += 1
                self.stderr.write(f"The key of clinic {clinic_id} is opened by none of the master keys.")
        if lost:
            raise CommandError(f"{lost} keys can't be opened: add the master key that wrapped them, then run it again.")
        self.stdout.write(self.style.SUCCESS(f"Wrapped {changed} keys anew."))


@transaction.atomic
def _rotate(clinic_id: UUID) -> bool:
    key = ClinicKey.objects.select_for_update().filter(pk=clinic_id).first()
    fresh = rewrapped(bytes(key.wrapped), clinic_id) if key else None
    if fresh:
        ClinicKey.objects.filter(pk=clinic_id).update(wrapped=fresh)
    return fresh is not None
