"""Two baskets become one: what will happen is shown first, then done under locks, exactly as shown or not at all."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from permissions import access
from permissions.models import Clinic, User
from permissions.roles import ClinicPermission
from shop.basket import filling
from shop.basket.filling import LARGEST_QUANTITY, Choice, Refused, availability_problem
from shop.basket.models import Basket, ChosenBasket, Line
from shop.basket.sharing import fillable_problem, record, title_of
from shop.basket.statuses import BasketStatus
from shop.basket.summary import BasketLine, fingerprint, lines_of, totals_of
from shop.configuration.options import Invalid
from shop.partner.strategy import Selector

# What checkout has asked; the source's answers fill the target's gaps.
DELIVERY = ("purchase_number", "reference", "delivery_address", "dispatch_date", "split_dispatch")
NOTE_LENGTHS = {"line": Line._meta.get_field("note").max_length, "basket": Basket._meta.get_field("note").max_length}


class SeenAnother(Refused):
    """The baskets are no longer as they were shown: show again what would happen."""


@dataclass(frozen=True)
class MergedLine:
    """One line of the basket that will be; `moved` of its pieces come from the basket that goes."""

    row: BasketLine
    kept: int
    moved: int
    problem: str = ""

    @property
    def quantity(self) -> int:
        return self.kept + self.moved


@dataclass(frozen=True)
class MergePlan:
    source: Basket
    target: Basket
    lines: Sequence[MergedLine]
    problems: Sequence[str]
    net: Decimal
    currency: str
    # What was shown: `merge` does nothing when it is another by then.
    seen: str

    @property
    def moved(self) -> int:
        return sum(1 for line in self.lines if line.moved)


def plan_of(source: Basket, target: Basket, viewer: User | None = None) -> MergePlan:
    """What merging would do. The baskets' queries don't grow with their lines."""
    for basket in (source, target):
        basket.strategy = Selector().strategy(clinic=basket.clinic)
    coming, staying = lines_of(source, viewer=viewer), lines_of(target, viewer=viewer)
    lines = _merged(coming, staying)
    problems = [*_problems_of(source, target), *(line.problem for line in lines if line.moved and line.problem)]
    totals = totals_of(source), totals_of(target)
    return MergePlan(
        source=source,
        target=target,
        lines=lines,
        problems=list(dict.fromkeys(problems)),
        net=totals[0].net + totals[1].net,
        currency=totals[1].currency,
        seen=_seen(source, target),
    )


@transaction.atomic
def merge(*, user: User, clinic: Clinic, source_id: int, target_id: int, seen: str) -> Basket:
    """Move the source's lines into the target. Whoever was filling the source fills the target from then on.

    Raises Refused where a rule of filling would be broken, SeenAnother when it is not what was shown.
    """
    access.require(user, ClinicPermission.PREPARE_ORDER, clinic)
    # Choices before baskets, and each in the order of their keys: two merges crosswise wait for one another.
    list(ChosenBasket.objects.filter(basket_id=source_id).order_by("pk").select_for_update())
    rows = Basket.objects.select_for_update(of=("self",)).select_related("owner", "clinic__account")
    locked = {row.pk: row for row in rows.filter(clinic=clinic, pk__in=[source_id, target_id]).order_by("pk")}
    source, target = locked[source_id], locked[target_id]
    plan = plan_of(source, target)
    if plan.problems:
        raise Refused(plan.problems[0])
    if seen != plan.seen:
        raise SeenAnother(_("One of the baskets has changed since you looked. Check again, then merge."))
    for line in list(source.all_lines()):
        _move(line, target)
    _join_answers(source, target)
    source.lines.all().delete()
    source.status, source.merged_into = BasketStatus.MERGED, target
    if source.delivery_address_id == target.delivery_address_id:
        source.delivery_address = None  # an address written for one order serves one basket only
    source.save(update_fields=["status", "merged_into", "delivery_address"])
    source.touch()
    target.touch()
    # Who chose it while we waited for the baskets and is adding just now waits for us: we must not wait for them.
    choices = ChosenBasket.objects.filter(basket=source).select_for_update(skip_locked=True)
    ChosenBasket.objects.filter(pk__in=[choice.pk for choice in choices]).update(basket=target)
    record(source, "basket.merge", user)
    return target


def _problems_of(source: Basket, target: Basket) -> list[str]:
    if source.pk == target.pk:
        return [_("A basket can't be merged into itself.")]
    problems = [problem for basket in (source, target) if (problem := fillable_problem(basket))]
    if not problems and source.approval_steps.exists():
        words = {"title": title_of(source)}
        problems.append(
            _("“%(title)s” was returned from approval and keeps its history. Merge the other basket into it.") % words
        )
    if len(_joined(target.note, source.note)) > NOTE_LENGTHS["basket"]:
        problems.append(_("The notes of the two baskets are too long together. Shorten one of them first."))
    return problems


def _merged(coming: Sequence[BasketLine], staying: Sequence[BasketLine]) -> list[MergedLine]:
    """The target's lines in their order, then what is new in it."""
    incoming = {row.line.line_reference: row for row in coming}
    wanted: Counter[int] = Counter()
    for row in (*coming, *staying):
        wanted[row.line.product_id] += row.line.quantity
    lines = []
    for row in staying:
        twin = incoming.pop(row.line.line_reference, None)
        moved = twin.line.quantity if twin else 0
        problem = _line_problem(twin, wanted, row) if twin else ""
        lines.append(MergedLine(row, row.line.quantity, moved, problem))
    return lines + [MergedLine(row, 0, row.line.quantity, _line_problem(row, wanted)) for row in incoming.values()]


def _line_problem(row: BasketLine, wanted: Counter[int], twin: BasketLine | None = None) -> str:
    together = wanted[row.line.product_id]
    if together > LARGEST_QUANTITY:
        words = {"product": row.product.title, "largest": LARGEST_QUANTITY}
        return _("Together there would be more than %(largest)s of %(product)s.") % words
    if twin and len(_joined(twin.line.note, row.line.note)) > NOTE_LENGTHS["line"]:
        return _("The notes on %(product)s are too long together. Shorten one of them first.") % {
            "product": row.product.title
        }
    return row.problem or availability_problem(row.product, row.line.purchase_info, together)


def _move(line: Line, target: Basket) -> None:
    """By the rules of adding; who added it, when and the note stay the line's."""
    choice = Choice(line.configuration, line.patient, line.ear_scan)
    try:
        moved = filling.add_to(target, user=line.added_by, product=line.product, quantity=line.quantity, choice=choice)
    except Invalid as invalid:
        raise Refused(str(invalid)) from invalid
    origin = {"added_by": line.added_by, "date_created": line.date_created}
    is_new = moved.quantity == line.quantity
    Line.objects.filter(pk=moved.pk).update(note=_joined(moved.note, line.note), **(origin if is_new else {}))


def _join_answers(source: Basket, target: Basket) -> None:
    target.title = target.title or source.title
    target.note = _joined(target.note, source.note)
    for name in DELIVERY:
        if not getattr(target, name):
            setattr(target, name, getattr(source, name))
    target.save(update_fields=["title", "note", *DELIVERY])


def _joined(first: str, second: str) -> str:
    """Both notes; one that says the same only once."""
    return " · ".join(dict.fromkeys(note for note in (first, second) if note))


def _seen(source: Basket, target: Basket) -> str:
    states = [f"{basket.pk} {basket.revision} {fingerprint(basket)}" for basket in (source, target)]
    return hashlib.sha256("\n".join(states).encode()).hexdigest()[:32]
