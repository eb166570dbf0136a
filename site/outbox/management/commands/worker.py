from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_tasks_db.models import DBTaskResult

from outbox.periodic import plan_all
from outbox.tasks import deliver_due_mail


class Command(BaseCommand):
    help = "The task worker. Looks for mail that a killed worker left behind first, and plans what the clock asks for."

    def handle(self, *args, **options) -> None:
        deliver_due_mail.enqueue()
        plan_all()
        self.stdout.write(f"Worker started, {DBTaskResult.objects.ready().count()} tasks waiting.")
        call_command("db_worker", interval=1, verbosity=0, reload=False)
