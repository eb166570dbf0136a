"""What a basket held at a step, and what differs between two steps, line by line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.basket.models import Basket, Line
from shop.configuration.loading import configurations_of
from shop.configuration.options import Configuration

Snapshot = Sequence[dict]

# Free text may say whose it is, so a step that is kept for good doesn't repeat it; the key tells that it changed.
TYPED = ("text", "date")


@dataclass(frozen=True)
class Difference:
    """`kind` is added, removed, choices, quantity or price; before and after are what the kind is about."""

    kind: str
    product: str
    number: str
    currency: str
    before: object = None
    after: object = None


def take(basket: Basket) -> list[dict]:
    """The lines as an approval step keeps them. The basket has its strategy."""
    lines = list(basket.all_lines())
    asked = configurations_of(line.product for line in lines)
    return [_row(line, asked[line.product_id]) for line in lines]


def _row(line: Line, asked: Configuration) -> dict:
    price = line.unit_price_excl_tax
    typed = {option.code for option in asked.options if option.kind in TYPED}
    told = {code: value for code, value in line.configuration.items() if code not in typed}
    return {
        "key": line.line_reference,
        "product": line.product.title,
        "number": line.product.upc or "",
        "options": [list(pair) for pair in asked.describe(told)],
        "quantity": line.quantity,
        "unit_price": None if price is None else str(price),
        "currency": line.purchase_info.price.currency or "",
    }


def content(snapshot: Snapshot) -> set[tuple[str, int]]:
    """What is ordered, whatever it costs."""
    return {(row["key"], row["quantity"]) for row in snapshot}


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """In the order of the lines after; what was taken out comes last."""
    old, new = ({row["key"]: row for row in rows} for rows in (before, after))
    gone = _by_product(row for key, row in old.items() if key not in new)
    found: list[Difference] = []
    for key, row in new.items():
        twins = gone[row["number"]]
        was = old.get(key) or (twins.pop(0) if twins else None)
        if was is None:
            found.append(_difference("added", row, after=row["quantity"]))
            continue
        found += _compare(was, row)
    left = [row for rows in gone.values() for row in rows]
    return found + [_difference("removed", row, before=row["quantity"]) for row in left]


def _by_product(rows: Iterable[dict]) -> defaultdict[str, list[dict]]:
    found: defaultdict[str, list[dict]] = defaultdict(list)
    for row in rows:
        found[row["number"]].append(row)
    return found


def _compare(was: dict, row: dict) -> list[Difference]:
    """A line that is in both; with another key it is the same product chosen otherwise, or for somebody else."""
    found = []
    if was["key"] != row["key"]:
        found.append(_difference("choices", row, before=_words(was), after=_words(row)))
    if was["quantity"] != row["quantity"]:
        found.append(_difference("quantity", row, before=was["quantity"], after=row["quantity"]))
    if was["unit_price"] != row["unit_price"]:
        found.append(_difference("price", row, before=_price(was), after=_price(row)))
    return found


def _difference(kind: str, row: dict, before: object = None, after: object = None) -> Difference:
    return Difference(kind, row["product"], row["number"], row["currency"], before, after)


def _words(row: dict) -> str:
    return ", ".join(f"{question}: {answer}" for question, answer in row["options"])


def _price(row: dict) -> Decimal | None:
    return None if row["unit_price"] is None else Decimal(row["unit_price"])
