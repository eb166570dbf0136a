"""What is known already of the requests on a page of the queue, in as many queries for one as for all of them."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Upper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.models import Account, AccountRequest, Clinic, Invitation, User
from permissions.models.accounts import PLAIN_NUMBER
from permissions.models.requests import RequestKind, RequestState
from shop.dashboard.requests.duplicates import mail_domain

DOMAIN = Func(F("email"), Value("^.*@"), Value(""), function="regexp_replace")
Marks = dict[object, list[str | Promise]]


def marks_of(rows: Sequence[AccountRequest]) -> Marks:
    """By the requests' ids. A new clinic's account is known anyway, and of what was deleted nothing can be."""
    found: Marks = {row.pk: [] for row in rows}
    asked = [row for row in rows if row.kind == RequestKind.ACCOUNT and not row.is_forgotten]
    numbers = _numbers(asked)
    customer_numbers = _customer_numbers(asked)
    emails = set(User.objects.filter(email__in=_all(row.email for row in asked)).values_list("email", flat=True))
    domains = _domains(User.objects.filter(is_staff=False), asked)
    invited = _invited(asked)
    waiting = _Waiting(asked)
    for row in asked:
        domain = mail_domain(row.email)
        marks = {
            _("Number is known"): (row.country, row.organisation_number) in numbers,
            _("Customer number is known"): row.customer_number.upper() in customer_numbers,
            _("E-mail is known"): row.email in emails,
            _("Mail domain is known"): domain in domains,
            _("Invited already"): row.email in invited or domain in invited,
            _("Asked for more than once"): waiting.has_others(row),
        }
        found[row.pk] = [words for words, holds in marks.items() if holds]
    return found


class _Waiting:
    """How many requests wait with the same number, customer number, address or mail domain."""

    def __init__(self, asked: Sequence[AccountRequest]) -> None:
        self.counts = {
            name: self._count(name, _all(self._said(row)[name] for row in asked))
            for name in ("organisation_number", "customer_number", "email", "domain")
        }

    def has_others(self, row: AccountRequest) -> bool:
        itself = 1 if row.state == RequestState.RECEIVED else 0
        return any(self.counts[name].get(word, 0) > itself for name, word in self._said(row).items() if word)

    @staticmethod
    def _said(row: AccountRequest) -> dict[str, str]:
        return {
            "organisation_number": row.organisation_number,
            "customer_number": row.customer_number,
            "email": row.email,
            "domain": mail_domain(row.email),
        }

    @staticmethod
    def _count(name: str, words: set[str]) -> dict[str, int]:
        waiting = AccountRequest.objects.filter(state=RequestState.RECEIVED).annotate(domain=DOMAIN)
        alike = waiting.filter(**{f"{name}__in": words}).order_by().values_list(name)
        return dict(alike.annotate(Count("pk")))


def _numbers(asked: Sequence[AccountRequest]) -> set[tuple[str, str]]:
    wanted = _all(row.organisation_number for row in asked)
    accounts = Account.objects.annotate(plain_number=PLAIN_NUMBER).filter(plain_number__in=wanted)
    return set(accounts.values_list("country", "plain_number"))


def _customer_numbers(asked: Sequence[AccountRequest]) -> set[str]:
    wanted = _all(row.customer_number.upper() for row in asked)
    clinics = Clinic.objects.annotate(number=Upper("customer_number")).filter(number__in=wanted)
    return set(clinics.values_list("number", flat=True))


def _domains(people: QuerySet[User], asked: Sequence[AccountRequest]) -> set[str]:
    wanted = _all(mail_domain(row.email) for row in asked)
    return set(people.annotate(domain=DOMAIN).filter(domain__in=wanted).values_list("domain", flat=True).distinct())


def _invited(asked: Sequence[AccountRequest]) -> set[str]:
    """Addresses and domains of invitations that wait for an answer, but for those that came of these requests."""
    emails, domains = _all(row.email for row in asked), _all(mail_domain(row.email) for row in asked)
    pending = Invitation.objects.pending().annotate(domain=DOMAIN).exclude(access_events__request__in=asked)
    rows = pending.filter(Q(email__in=emails) | Q(domain__in=domains))
    return {word for row in rows.values_list("email", "domain").distinct() for word in row if word}


def _all(words: Iterable[str]) -> set[str]:
    return {word for word in words if word}
