from django.core.management.base import BaseCommand

from shop.approvals.reminders import remind


class Command(BaseCommand):
    help = "Reminds of baskets that wait too long for approval. The worker does this every quarter of an hour."

    def handle(self, *args, **options) -> None:
        reminded, escalated = remind()
        self.stdout.write(f"{reminded} baskets reminded of, {escalated} passed on to the account owner.")
