"""What the worker does by the clock. Each task plans its own next run; a worker that starts plans the first."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from permissions.impersonation import looks
from permissions.log_in import forgetting
from permissions.ownership import transfers
from permissions.requests import forgetting as requests_forgetting
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


@task()
def close_offers_and_looks() -> int:
    """Offers of ownership that nobody took in time, and looks as a customer whose browser never came back."""
    plan(close_offers_and_looks)
    return transfers.end_overdue() + looks.end_overdue()


@task()
def forget_log_ins() -> int:
    plan(forget_log_ins)
    return forgetting.forget_old()


@task()
def forget_requests() -> int:
    plan(forget_requests)
    return requests_forgetting.forget_old()


EVERY = {
    remind_of_approvals: timedelta(minutes=15),
    close_offers_and_looks: timedelta(minutes=15),
    delete_unused_ear_scans: timedelta(days=1),
    forget_log_ins: timedelta(days=1),
    forget_requests: timedelta(days=1),
}


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
