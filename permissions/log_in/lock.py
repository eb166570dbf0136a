"""Wrong passwords, counted by django-axes in the database: five lock a person, many slow a network address down."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from permissions.events import record_for_owners
from permissions.log_in.addresses import counted_address
from permissions.models import User, UserManager
from permissions.models.events import AccessAction

# One person's five mistakes, or several colleagues', slow nobody down: a clinic shares one address.
FREE_FAILURES = 30
WITHIN = timedelta(minutes=15)
FIRST_WAIT = 5  # seconds; twice as long after every third failure more
LONGEST_WAIT = int(WITHIN.total_seconds())
MAY_UNLOCK = "permissions.change_user"
# Where axes keeps the path: whatever is wrong after that, somebody typed this person's password and failed at the code.
PASSWORD_KNOWN = "right password, wrong code"  # noqa: S105  # no password


def username_for_lock(request: HttpRequest | None, credentials: dict | None) -> str:
    """The e-mail as typed, folded as the log-in folds it: the counter must not tell apart what logs in as the same."""
    credentials = credentials or {}
    typed = credentials.get("username") or credentials.get("email")
    if not typed and request is not None:
        typed = request.POST.get("username", "")
    return UserManager.normalize_email(typed)


def is_locked(user: User) -> bool:
    return bool(locked_among([user]))


def locked_among(users: Iterable[User]) -> set[int]:
    """The keys of those who are locked, in one query however many they are."""
    people = {user.email: user.pk for user in users}
    return {people[row["username"]] for row in locked_names().filter(username__in=people)}


def locked_names() -> QuerySet:
    """The e-mail addresses that are locked, as a sub-query to filter with."""
    failed = _counted().order_by().values("username").annotate(failures=Sum("failures_since_start"))
    return failed.filter(failures__gte=settings.AXES_FAILURE_LIMIT).values("username")


def is_password_known(email: str) -> bool:
    """Somebody who gave the right password has failed at the code after it, in the time that counts."""
    return _counted().filter(username=email, path_info=PASSWORD_KNOWN).exists()


def _counted() -> QuerySet[AccessAttempt]:
    return AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME)


@transaction.atomic
def unlock(user: User, by: User) -> bool:
    """Customer service lets a person try again; False when there was nothing to take back."""
    if not by.has_perm(MAY_UNLOCK):
        raise PermissionDenied
    if not forget_failures(user.email):
        return False
    record_for_owners(AccessAction.UNLOCK, actor=by, person=user)
    return True


def forget_failures(email: str) -> int:
    return reset(username=UserManager.normalize_email(email))


def forget_wrong_passwords(email: str) -> None:
    """A new password makes them worthless. Not codes: who has the mailbox would get five more with each link."""
    email = UserManager.normalize_email(email)
    AccessAttempt.objects.filter(username=email).exclude(path_info=PASSWORD_KNOWN).delete()


def move_failures(old: str, new: str) -> None:
    """A new log-in name takes its wrong passwords along, or changing it would give five more tries."""
    for attempt in AccessAttempt.objects.filter(username=old):
        there = AccessAttempt.objects.filter(
            username=new, ip_address=attempt.ip_address, user_agent=attempt.user_agent
        ).first()
        if there is None:
            AccessAttempt.objects.filter(pk=attempt.pk).update(username=new)
            continue
        failures = there.failures_since_start + attempt.failures_since_start
        last = max(there.attempt_time, attempt.attempt_time)
        AccessAttempt.objects.filter(pk=there.pk).update(failures_since_start=failures, attempt_time=last)
        attempt.delete()


def failures_from(address: str) -> dict:
    """How many wrong passwords came from a network address lately, over all people, and when the last one did."""
    attempts = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=timezone.now() - WITHIN)
    return attempts.order_by().aggregate(number=Sum("failures_since_start", default=0), last=Max("attempt_time"))


def seconds_to_wait(address: str | None) -> int:
    """How long nobody at this address may try: nothing for the first failures, then ever longer after each."""
    if address is None:
        return 0
    failures = failures_from(address)
    over = failures["number"] - FREE_FAILURES
    if over < 0:
        return 0
    wait = min(FIRST_WAIT * 2 ** min(over // 3, 16), LONGEST_WAIT)
    return max(0, ceil(wait - (timezone.now() - failures["last"]).total_seconds()))


@contextmanager
def one_try_at_a_time(request: HttpRequest, email: str) -> Iterator[None]:
    """Around a check of a password: tries sent at the same moment must not all be the last one allowed."""
    address = counted_address(request)
    with transaction.atomic():
        hold("person", UserManager.normalize_email(email))
        if address is not None and failures_from(address)["number"] >= FREE_FAILURES - 1:
            hold("address", address)
        yield


def hold(kind: str, key: str) -> None:
    """Until the transaction ends; who wants the same waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"log-in {kind}:{key}"])
