"""The log of who was shown patients: one row per request and clinic, with how many and on which page; never whom.

`labels` notes what it hands out. Within a request the rows are written before the answer leaves, so that nothing is
shown that was not logged; outside of one, at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from wagtail.log_actions import log

from permissions.models import Clinic
from shop.patients.models import PatientLabel

Viewer = AbstractBaseUser | AnonymousUser
# (person, clinic id) -> ids of the labels shown.
Noted = dict[tuple[Viewer, UUID], set[UUID]]
_noted: ContextVar[Noted | None] = ContextVar("patients_shown", default=None)


def note(user: Viewer, labels: Iterable[PatientLabel]) -> None:
    noted = _noted.get()
    shown: Noted = defaultdict(set) if noted is None else noted
    for label in labels:
        shown[user, label.clinic_id].add(label.pk)
    if noted is None:
        _write(shown, "")


class ShowingsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _noted.set(defaultdict(set))
        try:
            response = self.get_response(request)
            shown = _noted.get() or {}
        finally:
            _noted.reset(token)
        if _is_redirection(response):  # read on the way, e.g. to check a form, but shown to nobody
            return response
        _write(shown, request.resolver_match.view_name if request.resolver_match else "")
        return response


def _is_redirection(response: HttpResponse) -> bool:
    return 300 <= response.status_code < 400


def _write(shown: Noted, where: str) -> None:
    clinics = Clinic.objects.in_bulk({clinic_id for _user, clinic_id in shown}) if shown else {}
    for (user, clinic_id), label_ids in shown.items():
        data = {"where": where, "count": len(label_ids)}
        log(instance=clinics[clinic_id], action="patients.view", user=user, data=data)
