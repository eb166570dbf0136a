"""Where a person is logged in: how long it lasts, the list, and ending it.

The list is django-allauth's; that a session is over is Django's: its hash no longer fits the person's.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from permissions.access import logged_in_person_of, person_of
from permissions.audiences import WITHOUT_PERSON
from permissions.events import record
from permissions.log_in.addresses import client_address
from permissions.log_in.devices import Device
from permissions.log_in.tokens import may_log_in
from permissions.models import User
from permissions.models.events import AccessAction
from permissions.services import end_sessions

SEEN, SUPPLIERS_OWN = "seen", "suppliers_own"
NOTE_EVERY = 10 * 60  # seconds: a session is not written on every page


@receiver(user_logged_in, dispatch_uid="permissions.sessions")
def begin(sender: type, request: HttpRequest, user: User, **kwargs) -> None:
    """However somebody logged in: the end is fixed now, whatever is stored in the session later."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[SEEN] = int(time.time())
    request.session[SUPPLIERS_OWN] = user.works_for_supplier


def longest_idle(session) -> int:
    """Seconds without a page after which a session is over; the supplier's people see every customer."""
    limit = settings.SESSION_IDLE_OF_STAFF if session.get(SUPPLIERS_OWN) else settings.SESSION_IDLE
    return int(limit.total_seconds())


class SessionLimitsMiddleware:
    """Ends a session in which nothing was done for too long, and notes now and then that somebody is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        # What is kept by proxies for everybody must not carry a cookie.
        if request.resolver_match.view_name in WITHOUT_PERSON or not request.user.is_authenticated:
            return
        now, seen = int(time.time()), request.session.get(SEEN)
        if seen is not None and now - seen < NOTE_EVERY:
            return
        # Which they may be since a moment ago.
        request.session[SUPPLIERS_OWN] = logged_in_person_of(request).works_for_supplier
        if seen is not None and now - seen > longest_idle(request.session):
            UserSession.objects.filter(session_key=request.session.session_key).delete()
            logout(request)
        else:
            note(request, now)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SessionEnded):
            return None
        logout(request)
        messages.warning(request, _("The log-in was interrupted. Log in once more."))
        return redirect("login")


def note(request: HttpRequest, now: int) -> None:
    request.session[SEEN] = now
    found = UserSession.objects.filter(session_key=request.session.session_key)
    found.update(last_seen_at=timezone.now(), **({"ip": ip} if (ip := client_address(request)) else {}))


@dataclass(frozen=True)
class OpenSession:
    """One line of the list."""

    number: int | None
    device: Device
    address: str
    since: datetime
    last_seen: datetime
    is_this: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """This one first, then the others, the last used first. The same two queries however many there are."""
    user, this = person_of(request), request.session.session_key
    known = list(UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at"))
    alive = _alive(user, [row.session_key for row in known])
    lines = [_line(row, row.session_key == this) for row in known if row.session_key in alive | {this}]
    if not any(line.is_this for line in lines):
        now = timezone.now()
        agent = request.META.get("HTTP_USER_AGENT", "")
        lines.append(OpenSession(None, Device.of(agent), client_address(request) or "", now, now, is_this=True))
    return sorted(lines, key=lambda line: not line.is_this)


def _alive(user: User, keys: list[str]) -> set[str]:
    """Those whose next page would still be answered as this person."""
    fits, now = user.get_session_auth_hash(), time.time()
    alive = set()
    for session in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()):
        content = session.get_decoded()
        is_persons = content.get(SESSION_KEY) == str(user.pk)
        is_idle = now - content.get(SEEN, now) > longest_idle(content)
        if is_persons and not is_idle and constant_time_compare(content.get(HASH_SESSION_KEY, ""), fits):
            alive.add(session.session_key)
    return alive


def _line(row: UserSession, is_this: bool) -> OpenSession:
    return OpenSession(row.pk, Device.of(row.user_agent), row.ip, row.created_at, row.last_seen_at, is_this)


@transaction.atomic
def end_one(request: HttpRequest, number: str) -> bool:
    """One of the person's own, not the one that asks; False when there is no such session."""
    user = person_of(request)
    mine = UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key)
    row = mine.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if row is None:
        return False
    row.end()
    record(AccessAction.SESSIONS, actor=user, person=user, after={"ended": 1})
    return True


@transaction.atomic
def end_others(request: HttpRequest) -> None:
    """Also those that are not in the list."""
    user = hold(person_of(request))
    others = len(open_sessions(request)) - 1
    keep_only_this(request)
    record(AccessAction.SESSIONS, actor=user, person=user, after={"ended": others})


def keep_only_this(request: HttpRequest) -> None:
    """Every other session and every mailed link of the person dies; this session goes on under a new key."""
    user = person_of(request)
    end_sessions(user)
    _go_on(request)
    forget_sessions(user, but=request.session.session_key)


def go_on_with(request: HttpRequest, hashed: str) -> None:
    """Of a right password Django makes a new hash when its way of hashing changes; that must not end this session."""
    if hashed != person_of(request).password:
        person_of(request).password = hashed
        _go_on(request)


def _go_on(request: HttpRequest) -> None:
    before = request.session.session_key
    update_session_auth_hash(request, person_of(request))
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


class SessionEnded(Exception):
    """While a request was under way what it was let in by ended, so it changes nothing more."""


def hold(person: User) -> User:
    """The row of who asks, locked before a change of how they log in. Raises SessionEnded.

    A person who resets their password shuts out whoever had it; a request that came before must not overtake that.
    """
    row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not may_log_in(row) or not constant_time_compare(row.get_session_auth_hash(), person.get_session_auth_hash()):
        raise SessionEnded
    return row


def forget_sessions(user: User, but: str | None = None) -> None:
    """Take away what is worthless already."""
    rows = UserSession.objects.filter(user_id=user.pk).exclude(session_key=but)
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    rows.delete()
