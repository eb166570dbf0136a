from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_tasks_db.models import DBTaskResult

from outbox.tasks import deliver_due_mail


class Command(BaseCommand):
    help = "The task worker. Starts by looking for mail that a killed worker left behind."

    def handle(self, *args, **options) -> None:
        deliver_due_mail.enqueue()
        self.stdout.write(f"Worker started, {DBTaskResult.objects.ready().count()} tasks waiting.")
        call_command("db_worker", interval=1, verbosity=0, reload=False)
