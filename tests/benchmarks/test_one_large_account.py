"""One account of 2,000 clinics, seen by its main user: each page costs what it costs at five clinics.

`make bench ARGS="-k one_large_account"`. Queries must be the same and pages no larger; times are printed.
"""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from permissions.models import User
from tests.benchmarks.goods import make_goods
from tests.benchmarks.scale import Scale, opened
from tests.overview.crowd import Crowd, make_crowd

CLINICS = 2_000
# More than at five clinics: at most a list's page of fifty of them.
MORE_BYTES = 16_000
# What chooses or ticks among all clinics names each: so much for one.
BYTES_A_CLINIC = 400


def browsers(crowd: Crowd) -> tuple[Client, Client]:
    customer, staff = Client(), Client()
    customer.force_login(crowd.main_user)
    staff.force_login(User.objects.get(email="staff@crowd.example"))
    return customer, staff


def pages(crowd: Crowd) -> dict[str, tuple[Client, str]]:
    """Those that need the current clinic, and a page of a list."""
    customer, staff = browsers(crowd)
    person = crowd.person(4)
    ours = {
        "start page": "/",
        "products": "/products/",
        "basket": "/basket/",
        "orders": "/orders/",
        "orders of all clinics": "/orders/?clinics=all",
        "open baskets": reverse("basket:open-list"),
        "approvals": reverse("approvals:list"),
        "favourites": "/favourites/",
        "sessions and second factors": reverse("security"),
        "choosing a clinic": reverse("choose_clinic"),
        "searching a clinic": reverse("choose_clinic") + "?q=clinic+5",
    }
    theirs = {
        "back office, people": reverse("dashboard:users-index"),
        "back office, requests": reverse("dashboard:request-list"),
    }
    return {
        **{name: (customer, path) for name, path in ours.items()},
        **{name: (staff, path) for name, path in theirs.items()},
        "access explained": (customer, reverse("overview:why", args=[person.public_id, crowd.clinics[0].pk])),
    }


def choosing(crowd: Crowd) -> dict[str, tuple[Client, str]]:
    """Those that offer all clinics to choose from."""
    customer, _staff = browsers(crowd)
    names = {"users": "users:list", "access overview": "overview:matrix", "history": "history:list"}
    chosen = {name: (customer, reverse(address)) for name, address in names.items()}
    return {**chosen, "adding a person": (customer, reverse("users:add"))}


def works(crowd: Crowd) -> dict[str, Callable[[], object]]:
    customer, _staff = browsers(crowd)
    first, last = crowd.clinics[0], crowd.clinics[-1]
    turns = iter([first, last] * 100)

    def switched() -> None:
        assert customer.post(reverse("switch_clinic"), {"clinic": next(turns).pk}).status_code == 302

    def logged_in() -> None:
        answer = Client().post("/login/", {"username": crowd.main_user.email, "password": "correct horse battery"})
        assert answer.status_code == 302

    return {"switching to another clinic": switched, "logging in": logged_in}


def measure(scale: Scale, size: str, crowd: Crowd) -> dict[str, int]:
    """The bytes of each page."""
    user = crowd.main_user
    user.set_password("correct horse battery")
    user.save()
    make_goods(user, crowd.clinics)
    found = {}
    for name, (browser, path) in {**pages(crowd), **choosing(crowd)}.items():
        scale.measure(size, name, partial(opened, browser, path), rounds=3)
        found[name] = opened(browser, path)
    for name, work in works(crowd).items():
        scale.measure(size, name, work, rounds=3)
    return found


@pytest.fixture
def small(committed_db: str) -> Crowd:
    User.objects.create_superuser("staff@crowd.example", "correct horse battery")
    return make_crowd("Small", clinics=5, people=60, each=5)


def test_one_large_account(small: Crowd, capsys: pytest.CaptureFixture[str]) -> None:
    scale = Scale()
    few = measure(scale, "few", small)
    large = make_crowd("Large", clinics=CLINICS, people=30, each=CLINICS)
    many = measure(scale, "many", large)
    with capsys.disabled():
        print(f"\n{scale.report()}\n")
        for name, size in many.items():
            print(f"{name:<44}{few[name] / 1000:>9.0f} kB{size / 1000:>9.0f} kB")
    asked = {name: (sizes["few"][1], sizes["many"][1]) for name, sizes in scale.figures.items()}
    assert not {name: pair for name, pair in asked.items() if pair[0] < pair[1]}, "more queries"
    chosen = choosing(large)
    too_large = {
        name: (few[name], size)
        for name, size in many.items()
        if size > few[name] + MORE_BYTES + (BYTES_A_CLINIC * CLINICS if name in chosen else 0)
    }
    assert not too_large, f"larger pages: {too_large}"
