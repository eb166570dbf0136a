"""What the worker does by the clock. Each task plans its own next run; a worker that starts plans the first."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from shop.approvals.reminders import remind
from shop.configuration.scans import delete_unused


@task()
def remind_of_approvals() -> int:
    plan(remind_of_approvals)
    reminded, escalated = remind()
    return reminded + escalated


@task()
def delete_unused_ear_scans() -> int:
    plan(delete_unused_ear_scans)
    return delete_unused()


EVERY = {remind_of_approvals: timedelta(minutes=15), delete_unused_ear_scans: timedelta(days=1)}


def plan_all() -> None:
    for periodic in EVERY:
        plan(periodic)


def plan(periodic: Task) -> None:
    """One run ahead, never a second one. Where tasks run at once (tests), nothing is planned."""
    if not periodic.get_backend().supports_defer:
        return
    planned = DBTaskResult.objects.filter(task_path=periodic.module_path, status=TaskResultStatus.READY)
    if not planned.exists():
        periodic.using(run_after=timezone.now() + EVERY[periodic]).enqueue()
