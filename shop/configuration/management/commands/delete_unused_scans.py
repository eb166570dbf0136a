from django.core.management.base import BaseCommand

from shop.configuration.scans import delete_unused


class Command(BaseCommand):
    help = "Deletes ear scans that no basket or order has referred to for 30 days. The worker does it once a day."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{delete_unused()} ear scans deleted.")
