"""The requests of one state, found by what is written in them."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from permissions.models import Account, AccountRequest
from permissions.models.requests import RequestState

SEARCHED = (
    *("company", "clinic_name", "city", "organisation_number", "customer_number"),
    *("first_name", "last_name", "email"),
)


def queue(state: str, typed: str) -> QuerySet[AccountRequest]:
    """What waits: the oldest first; what is decided: the latest first."""
    known = Account.objects.filter(country=OuterRef("country"), organisation_number=OuterRef("organisation_number"))
    rows = _found(typed).filter(state=state).annotate(is_known=Exists(known)).select_related("decided_by", "account")
    return rows.order_by("created", "pk") if state == RequestState.RECEIVED else rows.order_by("-decided", "pk")


def counts(typed: str) -> dict[str, int]:
    """By state, of those found."""
    return dict(_found(typed).order_by().values_list("state").annotate(Count("pk")))


def _found(typed: str) -> QuerySet[AccountRequest]:
    rows = AccountRequest.objects.all()
    for word in typed.split():
        # Numbers are kept without the dashes that people write.
        plain = word.replace("-", "")
        either = Q(organisation_number__icontains=plain) if plain else Q()
        for name in SEARCHED:
            either |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(either)
    return rows
