"""What a page shows of the basket in a few characters: an open page only asks whether they still hold."""

import hashlib
from collections.abc import Iterable

from permissions.models import Clinic, User
from shop.basket.models import Basket, ChosenBasket
from shop.basket.sharing import is_reviewed_by_other

NOTHING = "0-0"


def stamp_of(user: User, clinic: Clinic) -> str:
    """`<what the basket holds>-<who is at it>` of the basket this person has chosen. Two queries."""
    basket = Basket.objects.filter(chosen_by__user=user, chosen_by__clinic=clinic).first()
    if basket is None:
        return NOTHING
    others = ChosenBasket.objects.filter(basket=basket).exclude(user=user).order_by("user_id")
    reviewer = basket.reviewed_by_id if is_reviewed_by_other(basket, user) else None
    here = [reviewer, *others.values_list("user_id", flat=True)]
    return f"{_brief([basket.public_id, basket.revision, basket.status])}-{_brief(here)}"


def _brief(parts: Iterable[object]) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:12]
