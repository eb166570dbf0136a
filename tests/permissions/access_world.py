"""The people and pages with which test_random_grants.py plays, and the moves of the game."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group

from permissions import access
from permissions.models import Account, Clinic, ClinicUserPermission, Membership, User
from permissions.roles import Function
from permissions.staff import SERVICE_GROUP
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from tests.factories import UserFactory, make_product, ready_to_confirm
from tests.people import make_people
from tests.permissions.access_model import EVERYTHING, Member, Model
from tests.permissions.site_visitor import Visitor

ACCOUNTS = {"north": "Nordhear", "south": "Nordhear", "foreign": "Otolab"}
CLINICS = tuple(ACCOUNTS)
STAFF = "stella"
# Nina belongs to no clinic at first.
CUSTOMERS = ("olga", "petra", "asta", "otto", "nina")
PEOPLE = (*CUSTOMERS, STAFF)
# Address and right; of the clinic that one works for, unless another is named.
PAGES = {
    "/basket/": "prepare_order",
    "/favourites/": "prepare_order",
    "/orders/approvals/": "prepare_order",
    "/orders/": "view_orders",
    "/clinics/patients/": "view_patients",
    "/clinics/rules/": "manage_clinic",
    "/stand-in/finances/": "view_finances",
    "/stand-in/service/": "request_service",
}
ANYWHERE = dict.fromkeys(("/users/", "/users/access/", "/users/history/"), "manage_users")


@dataclass
class World:
    users: dict[str, User]
    clinics: dict[str, Clinic]
    orders: dict[str, str]  # the address of an order by clinic
    names: dict[str, str]  # what such an address is called in print
    visitors: dict[str, Visitor]

    @classmethod
    def make(cls) -> "World":
        people = make_people()
        people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
        users = {name: getattr(people, name) for name in PEOPLE if name != "nina"}
        users["nina"] = UserFactory(first_name="Nina", email="nina@example.com")
        clinics = {name: getattr(people, name) for name in CLINICS}
        orders = {}
        for clinic, buyer, currency in (("north", "olga", "SEK"), ("south", "olga", "SEK"), ("foreign", "otto", "NOK")):
            basket = ready_to_confirm(users[buyer], clinics[clinic], make_product(clinic, currency=currency))
            order = place_order(user=users[buyer], basket_id=basket.pk, reviewed=fingerprint(basket))
            orders[clinic] = f"/orders/{order.public_id}/"
        names = {address: f"/orders/<of {clinic}>/" for clinic, address in orders.items()}
        return cls(users, clinics, orders, names, {name: Visitor(user) for name, user in users.items()})

    def begin(self, chance: random.Random, seen: Counter) -> "Game":
        owner = chance.choice(["olga", ""])
        Account.objects.filter(name="Nordhear AB").update(owner=self.users[owner] if owner else None)
        members = {("olga", "north"): "main_user", ("olga", "south"): "main_user", ("otto", "foreign"): "main_user"}
        members |= {("petra", "north"): "purchaser", ("asta", "north"): "assistant"}
        usual = {
            "purchaser": {*Function} - {"finances", "users"},
            "assistant": {"ordering", "order_history", "patients"},
        }
        model = Model(
            ACCOUNTS, STAFF, owner, {key: Member(role, set(usual.get(role, ()))) for key, role in members.items()}
        )
        model.signed_in = set(PEOPLE)
        return Game(self, model, chance, seen, dict(self.visitors))


@dataclass
class Game:
    world: World
    model: Model
    chance: random.Random
    seen: Counter
    visitors: dict[str, Visitor]
    # Whom the last step was about, or who lost or won anything by it.
    touched: set[str] = field(default_factory=set)

    def user(self, name: str) -> User:
        """As another request would read it."""
        return User.objects.get(pk=self.world.users[name].pk)

    def rights(self) -> dict[tuple[str, str], frozenset[str]]:
        return {(person, clinic): self.model.rights(person, clinic) for person in PEOPLE for clinic in CLINICS}

    def compare_rights(self) -> None:
        """What the code says of everybody, what stands in the database, and what the model says."""
        held: dict[tuple, set[str]] = {}
        rows = ClinicUserPermission.objects.values_list("user_id", "content_object_id", "permission__codename")
        for user_id, clinic_id, right in rows:
            held.setdefault((user_id, clinic_id), set()).add(right)
        for name in PEOPLE:
            user = self.user(name)
            assert user.is_active == (name not in self.model.out), f"{name} can log in: {user.is_active}"
            known = access.ClinicAccess.of(user)
            for key, clinic in self.world.clinics.items():
                told, expected = known.permissions.get(clinic.pk, frozenset()), self.model.rights(name, key)
                assert told == expected, f"{name} at {key}: {sorted(told ^ expected)} differ"
                member = self.model.members.get((name, key))
                kept = member.rights if member and member.active else frozenset()
                assert held.get((user.pk, clinic.pk), set()) == kept, f"rows of {name} at {key}"
                right = self.chance.choice(sorted(EVERYTHING))
                assert access.can(user, right, clinic) == (right in expected), f"{name} {right} {key}"
                self.seen["rights", "compared"] += len(EVERYTHING)
        self._compare_memberships()

    def _compare_memberships(self) -> None:
        names = {user.pk: name for name, user in self.world.users.items()}
        keys = {clinic.pk: key for key, clinic in self.world.clinics.items()}
        found = {
            (names[row.user_id], keys[row.clinic_id]): (row.role, frozenset(row.functions), row.is_active)
            for row in Membership.objects.all()
        }
        expected = {key: member.state for key, member in self.model.members.items()}
        assert found == expected, f"memberships differ: {sorted(map(str, found.items() ^ expected.items()))}"

    def compare_pages(self, people: Iterable[str], each: int | None = None) -> None:
        """All pages of these people, or so many of each."""
        for name in sorted(people):
            key = self._switch(name)
            expected = self._expected(name, key)
            for path in self.chance.sample(sorted(expected), each) if each else expected:
                self._expect(name, path, expected[path])

    def _switch(self, name: str) -> str:
        """To a clinic where there is something to do for them, if there is one; trying another one too."""
        reached = [key for key in CLINICS if self.model.rights(name, key)]
        key = self.chance.choice(reached or list(CLINICS))
        shut = self._shut(name)
        self._expect(name, "POST /clinics/switch/", "403" if shut == "office" else shut or "302", clinic=key)
        other = self.chance.choice([clinic for clinic in CLINICS if clinic != key])
        if not shut and other not in reached:
            self._expect(name, "POST /clinics/switch/", "404", clinic=other)
        return key

    def _expected(self, name: str, key: str) -> dict[str, str]:
        """What each page answers to somebody who works for the clinic `key`."""
        rights = {clinic: self.model.rights(name, clinic) for clinic in CLINICS}
        anywhere = frozenset[str]().union(*rights.values())
        answers = {path: "200" if right in rights[key] else "403" for path, right in PAGES.items()}
        answers |= {path: "200" if right in anywhere else "403" for path, right in ANYWHERE.items()}
        for clinic in CLINICS:
            answer = "200" if "view_orders" in rights[clinic] else "403" if rights[clinic] else "404"
            answers[self.world.orders[clinic]] = answer
        shut = self._shut(name)
        return dict.fromkeys(answers, shut) if shut else answers

    def _shut(self, name: str) -> str:
        """What every page of customers says to who has none; "" for who works somewhere."""
        if name not in self.model.signed_in or name in self.model.out:
            return "login"
        if name == STAFF:
            return "office"
        return "" if any(self.model.rights(name, clinic) for clinic in CLINICS) else "403"

    def _expect(self, name: str, path: str, expected: str, *, clinic: str = "") -> None:
        visitor, (method, _space, address) = self.visitors[name], path.rpartition(" ")
        if method == "POST":
            answer = visitor.post(address, {"clinic": self.world.clinics[clinic].pk})
        else:
            answer = visitor.get(address)
        target = answer.headers.get("Location", "")
        outcome = str(answer.status_code)
        outcome = "login" if target.startswith("/login/") else "office" if target == "/backoffice/" else outcome
        shown = self.world.names.get(path, path)
        self.seen[shown, outcome] += 1
        assert outcome == expected, f"{name} at {shown} {clinic}: got {outcome}, the model says {expected}"
