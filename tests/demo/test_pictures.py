"""The demo's catalogue files and the drawings they name."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from pathlib import Path

import pytest
from PIL import ImageChops, ImageStat

from demo import pictures
from demo.pictures import KINDS, draw

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "demo"
AIDS = {"hearing-aid", "hearing-aid-ric", "hearing-aid-bte", "hearing-aid-ite"}
CLASSES = AIDS | {"earmould", "custom-earmould", "accessory", "spare-part", "consumable", "equipment", "nutrition"}
SMALL = 120


def table(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CATEGORIES = table("categories.csv")
PRODUCTS = table("products.csv")
NAMED = sorted({row["picture"] for row in (*CATEGORIES, *PRODUCTS)})


def depth(code: str) -> int:
    parents = {row["code"]: row["parent"] for row in CATEGORIES}
    level = 0
    while code:
        code, level = parents[code], level + 1
    return level


def difference(one: str, other: str) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(draw(one, SMALL), draw(other, SMALL))).mean)


def test_categories_form_a_tree_of_four_levels_in_both_markets() -> None:
    codes = {row["code"] for row in CATEGORIES}
    assert len(codes) == len(CATEGORIES)
    assert {row["parent"] for row in CATEGORIES if row["parent"]} <= codes
    for market in ("SE", "NO"):
        assert max(depth(row["code"]) for row in CATEGORIES if row["market"] == market) == 4


def test_a_category_stands_after_its_parent_and_in_its_market() -> None:
    market: dict[str, str] = {}
    for row in CATEGORIES:
        assert not row["parent"] or market[row["parent"]] == row["market"], row["code"]
        market[row["code"]] = row["market"]


def test_products_lie_in_leaf_categories_of_their_market_and_no_leaf_is_empty() -> None:
    market = {row["code"]: row["market"] for row in CATEGORIES}
    parents = {row["parent"] for row in CATEGORIES}
    for row in PRODUCTS:
        assert row["category"] not in parents, row["article_number"]
        assert market[row["category"]] == row["market"], row["article_number"]
    assert {row["category"] for row in PRODUCTS} == set(market) - parents


def test_there_is_a_full_catalogue_for_each_market() -> None:
    per_market = Counter(row["market"] for row in PRODUCTS)
    assert len(PRODUCTS) >= 400
    assert set(per_market) == {"SE", "NO"}
    assert min(per_market.values()) >= 150


@pytest.mark.parametrize("column", ["article_number", "gtin", "title"])
def test_what_names_a_product_names_only_one(column: str) -> None:
    twice = [value for value, count in Counter(row[column] for row in PRODUCTS).items() if count > 1]
    assert twice == []


def test_gtins_are_thirteen_digits_and_end_in_the_right_check_digit() -> None:
    for row in PRODUCTS:
        digits = [int(digit) for digit in row["gtin"]]
        assert len(digits) == 13, row["gtin"]
        weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        assert weighted % 10 == 0, row["gtin"]


def test_every_product_is_filled_in() -> None:
    for row in PRODUCTS:
        assert row["product_class"] in CLASSES, row["article_number"]
        assert all(row[key].strip() for key in ("title", "brand", "pack_unit", "description")), row["article_number"]
        assert int(row["lead_days"]) >= 1
        assert not row["stock"] or int(row["stock"]) >= 0
        assert not row["net_price"] or float(row["net_price"]) > 0
        for pair in filter(None, row["attributes"].split("|")):
            name, _, value = pair.partition("=")
            assert name and value, row["article_number"]


def test_some_products_are_sold_out_made_to_order_or_without_a_price() -> None:
    assert 3 <= sum(row["stock"] == "0" for row in PRODUCTS) <= 30
    assert sum(not row["stock"] for row in PRODUCTS) >= 5
    assert 1 <= sum(not row["net_price"] for row in PRODUCTS) <= 5


@pytest.mark.parametrize("name", NAMED)
def test_every_picture_named_in_the_files_can_be_drawn(name: str) -> None:
    picture = draw(name, SMALL)
    assert picture.size == (SMALL, SMALL)
    assert picture.mode == "RGB"
    assert max(ImageStat.Stat(picture).stddev) > 3, "an empty picture"


def test_there_are_many_kinds_and_each_draws_without_a_colour() -> None:
    assert len(KINDS) == len(set(KINDS)) >= 60
    for kind in KINDS:
        assert draw(kind, 60).size == (60, 60)


@pytest.mark.parametrize("name", ["bte", "glove:cream", "stethoscope:burgundy"])
def test_drawing_twice_gives_the_same_picture(name: str) -> None:
    assert draw(name, SMALL).tobytes() == draw(name, SMALL).tobytes()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bte", "ric"),
        ("ite", "cic"),
        ("syringe", "needle"),
        ("dome-open", "dome-closed"),
        ("battery:orange", "battery:blue"),
    ],
)
def test_kinds_and_colours_can_be_told_apart(one: str, other: str) -> None:
    assert difference(one, other) > 0.6


@pytest.mark.parametrize("name", ["unicorn", "glove:ultraviolet", ""])
def test_an_unknown_picture_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="No drawing"):
        draw(name)


def test_pictures_are_drawn_with_pillow_and_the_standard_library_only() -> None:
    allowed = {
        "PIL",
        "__future__",
        "collections",
        "contextlib",
        "dataclasses",
        "functools",
        "importlib",
        "itertools",
        "math",
        "typing",
    }
    for path in Path(pictures.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {name.name.split(".")[0] for name in node.names} <= allowed, path.name
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                assert (node.module or "").split(".")[0] in allowed, path.name
