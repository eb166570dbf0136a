"""The requests of one state, found by what is written in them."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from permissions.models import AccessEvent, AccountRequest
from permissions.models.events import AccessAction
from permissions.models.invitations import InvitationState
from permissions.models.requests import RequestState

SEARCHED = (
    *("company", "clinic_name", "city", "organisation_number", "customer_number"),
    *("first_name", "last_name", "email"),
)


def queue(state: str, typed: str, *, unaccepted: bool = False, **chosen: str) -> QuerySet[AccountRequest]:
    """What waits: the oldest first; what is decided: the latest first. `chosen` are kind and country."""
    rows = _found(typed, chosen).filter(state=state).select_related("decided_by", "account")
    if unaccepted and state == RequestState.APPROVED:
        invited = AccessEvent.objects.filter(request=OuterRef("pk"), action=AccessAction.INVITE)
        rows = rows.filter(Exists(invited.filter(invitation__state=InvitationState.PENDING)))
    return rows.order_by("created", "pk") if state == RequestState.RECEIVED else rows.order_by("-decided", "pk")


def counts(typed: str, *, unaccepted: bool = False, **chosen: str) -> dict[str, int]:
    """By state, of those found; all that were approved."""
    return dict(_found(typed, chosen).order_by().values_list("state").annotate(Count("pk")))


def _found(typed: str, chosen: dict[str, str]) -> QuerySet[AccountRequest]:
    rows = AccountRequest.objects.filter(**chosen)
    for word in typed.split():
        # Numbers are kept without the dashes that people write.
        plain = word.replace("-", "")
        either = Q(organisation_number__icontains=plain) if plain else Q()
        for name in SEARCHED:
            either |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(either)
    return rows
