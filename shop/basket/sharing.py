"""What colleagues do with each other's baskets: choose, save, name, note, discard. Each locks the basket's row.

Where a person's choice is locked as well it is locked first, so that nobody waits in a circle.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.basket import filling
from shop.basket.filling import Refused
from shop.basket.models import Basket, ChosenBasket, Line
from shop.basket.statuses import ALIVE, FILLABLE, BasketStatus
from shop.partner.strategy import Selector

# How long after the last sign of life somebody counts as standing before the "confirm" button.
REVIEWING = timedelta(minutes=2)
# Written no oftener than this, however often a page says it.
SIGN_OF_LIFE = timedelta(seconds=25)
# How long a discarded basket can be brought back.
BRINGING_BACK = timedelta(hours=24)


def title_of(basket: Basket) -> str:
    """The title somebody gave it, else whose it is and since when."""
    if basket.title:
        return basket.title
    begun = basket.date_created.astimezone(basket.clinic.market.time_zone)
    words = {"name": short_name(basket.owner), "day": date_format(begun, "MONTH_DAY_FORMAT")}
    return _("Basket of %(name)s, %(day)s") % words


def short_name(user: User | None) -> str:
    return (user.first_name or str(user)) if user else _("a former colleague")


def in_a_row(names: Iterable[str]) -> str:
    """`Petra, Asta and Olga`."""
    return get_text_list(list(names), _("and"))


def begun_instead_of(former: Basket, user: User) -> str:
    """What is said to who added something after a colleague had closed the basket."""
    words = {"title": title_of(former)}
    if former.status == BasketStatus.SUBMITTED:
        return _("“%(title)s” has been sent meanwhile. A new basket was begun.") % words
    return _("“%(title)s” is closed. A new basket was begun.") % words


@transaction.atomic
def choose(*, user: User, basket: Basket) -> Basket:
    """From now on this person fills this basket. The one before stays open for everybody."""
    choice = ChosenBasket.locked(user, basket.clinic)
    chosen = locked_fillable(user, basket.clinic, basket.pk)
    choice.basket = chosen
    choice.save(update_fields=["basket"])
    return chosen


@transaction.atomic
def begin_another(*, user: User, clinic: Clinic) -> None:
    """The next thing added begins a new basket; what was chosen stays open as it is."""
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    choice = ChosenBasket.locked(user, clinic)
    choice.basket = None
    choice.save(update_fields=["basket"])


@transaction.atomic
def save_as(*, user: User, basket: Basket, title: str) -> Basket:
    """Keep a basket open under a title and let go of it: the next thing added begins a new one."""
    choice = ChosenBasket.locked(user, basket.clinic)
    saved = locked_fillable(user, basket.clinic, basket.pk)
    if not saved.lines.exists():
        raise Refused(_("The basket is empty, so there is nothing to save."))
    _write(saved, title=title)
    if choice.basket_id == saved.pk:
        choice.basket = None
        choice.save(update_fields=["basket"])
    return saved


@transaction.atomic
def rename(*, user: User, basket: Basket, title: str) -> Basket:
    renamed = locked_fillable(user, basket.clinic, basket.pk)
    _write(renamed, title=title)
    return renamed


@transaction.atomic
def write_note(*, user: User, basket: Basket, note: str) -> Basket:
    noted = locked_fillable(user, basket.clinic, basket.pk)
    _write(noted, note=note)
    return noted


@transaction.atomic
def write_line_note(*, user: User, clinic: Clinic, line_id: int, note: str) -> Line:
    """On a line of the basket this person has chosen."""
    basket = filling.locked(user, clinic)
    line = filling.line_of(basket, line_id)
    line.note = note
    line.save(update_fields=["note"])
    basket.touch()
    return line


@transaction.atomic
def discard(*, user: User, basket: Basket) -> Basket:
    discarded = locked_fillable(user, basket.clinic, basket.pk)
    discarded.status = BasketStatus.DISCARDED
    discarded.save(update_fields=["status"])
    discarded.touch()
    record(discarded, "basket.discard", user)
    return discarded


@transaction.atomic
def bring_back(*, user: User, basket: Basket) -> Basket:
    """Undo `discard` while it is fresh. A basket that had been returned for changes is returned again."""
    access.require(user, ClinicPermission.PREPARE_ORDER, basket.clinic)
    found = lock(basket.clinic, basket.pk)
    if found.status in ALIVE:
        return found
    if found.status != BasketStatus.DISCARDED or found.changed < timezone.now() - BRINGING_BACK:
        raise Refused(_("This basket can no longer be brought back."))
    last = found.approval_steps.last()
    was_returned = last is not None and last.action == "returned"
    found.status = BasketStatus.RETURNED if was_returned else BasketStatus.OPEN
    found.save(update_fields=["status"])
    found.touch()
    record(found, "basket.bring_back", user)
    return found


def lock(clinic: Clinic, basket_id: int) -> Basket:
    rows = Basket.objects.select_for_update(of=("self",)).select_related("owner", "clinic__account")
    basket = rows.get(clinic=clinic, pk=basket_id)
    basket.strategy = Selector().strategy(clinic=clinic)
    return basket


def locked_fillable(user: User, clinic: Clinic, basket_id: int) -> Basket:
    """A basket that anybody who prepares orders may change now, its row locked. Raises Refused for all others."""
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    basket = lock(clinic, basket_id)
    if problem := fillable_problem(basket):
        raise Refused(problem)
    return basket


def fillable_problem(basket: Basket) -> str:
    if basket.status in FILLABLE:
        return ""
    words = {"title": title_of(basket)}
    if basket.status == BasketStatus.WAITING:
        return _("“%(title)s” waits for approval, so it can't be changed now.") % words
    if basket.status == BasketStatus.SUBMITTED:
        return _("“%(title)s” has been sent already, so it can't be changed any more.") % words
    if basket.status == BasketStatus.MERGED:
        return _("“%(title)s” has been merged into another basket.") % words
    if basket.status == BasketStatus.DISCARDED:
        return _("“%(title)s” has been discarded. Bring it back first.") % words
    return _("“%(title)s” is closed, so it can't be changed any more.") % words


def stand_before_confirm(user: User, basket: Basket, now: datetime | None = None) -> None:
    """Say that this person is reviewing. Who came first keeps the place until they are gone for a while.

    Neither the revision nor the time of the last change moves: nothing of the basket is another.
    """
    now = now or timezone.now()
    mine_again = Q(reviewed_by=user, reviewed_at__lt=now - SIGN_OF_LIFE)
    free = Q(reviewed_by=None) | mine_again | Q(reviewed_at=None) | Q(reviewed_at__lt=now - REVIEWING)
    Basket.objects.filter(free, pk=basket.pk, status__in=FILLABLE).update(reviewed_by=user, reviewed_at=now)


def is_reviewed_by_other(basket: Basket, viewer: User, now: datetime | None = None) -> bool:
    if basket.reviewed_by_id in (None, viewer.pk) or basket.reviewed_at is None or basket.status not in FILLABLE:
        return False
    return basket.reviewed_at >= (now or timezone.now()) - REVIEWING


def reviewer_of(basket: Basket, viewer: User, now: datetime | None = None) -> User | None:
    """Who else is about to send the basket."""
    return basket.reviewed_by if is_reviewed_by_other(basket, viewer, now) else None


def _write(basket: Basket, **fields: str) -> None:
    for name, text in fields.items():
        setattr(basket, name, text)
    basket.save(update_fields=list(fields))
    basket.touch()


def record(basket: Basket, action: str, user: User) -> None:
    """By key only: a title is somebody's free text."""
    log(instance=basket, action=action, user=user, title=f"basket {basket.pk}")
