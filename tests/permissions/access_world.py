"""The people, pages and lists with which test_random_grants.py plays, and what is compared after each move."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.db import transaction

from permissions import access
from permissions.models import Account, Clinic, ClinicUserPermission, Membership, User
from permissions.roles import Function, Role
from permissions.services import membership_grant, membership_revoke
from permissions.staff import SERVICE_GROUP
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from shop.order.models import Order
from tests.approvals.submissions import seen, submitted
from tests.factories import UserFactory, make_product, ready_to_confirm
from tests.people import make_people
from tests.permissions.access_lists import LISTS, shown
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


SWITCH = "POST /clinics/switch/"
SOMETIMES, LISTED = 0.3, 0.6
ORDER_PAGE = re.compile(r"[0-9a-f-]{36}")
# Sent with the form of the basket that it is about.
CONFIRM, APPROVE = "POST /checkout/confirm/", "POST /orders/approvals/…/approve/"


@dataclass
class World:
    """Each clinic has an order, a basket ready to be sent, and one that waits for approval."""

    users: dict[str, User]
    clinics: dict[str, Clinic]
    orders: dict[str, Order]
    ready: dict[str, Basket]
    waiting: dict[str, Basket]
    reviewed: dict[int, str]  # the fingerprint of a basket
    visitors: dict[str, Visitor]

    @classmethod
    def make(cls) -> "World":
        people = make_people()
        people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
        users = {name: getattr(people, name) for name in PEOPLE if name != "nina"}
        users["nina"] = UserFactory(first_name="Nina", email="nina@example.com")
        clinics = {name: getattr(people, name) for name in CLINICS}
        made = cls(users, clinics, {}, {}, {}, {}, {name: Visitor(user) for name, user in users.items()})
        helper = UserFactory(email="helper@example.com")
        for clinic, buyer, currency in (("north", "olga", "SEK"), ("south", "olga", "SEK"), ("foreign", "otto", "NOK")):
            made._fill(clinic, users[buyer], helper, make_product(clinic, currency=currency))
        return made

    def _fill(self, key: str, buyer: User, helper: User, product) -> None:
        clinic = self.clinics[key]
        basket = ready_to_confirm(buyer, clinic, product)
        self.orders[key] = place_order(user=buyer, basket_id=basket.pk, reviewed=fingerprint(basket))
        membership_grant(user=helper, clinic=clinic, role=Role.ASSISTANT)
        self.waiting[key] = submitted(helper, clinic, product)
        membership_revoke(user=helper, clinic=clinic)  # nobody who plays has submitted it
        self.ready[key] = ready_to_confirm(buyer, clinic, product)
        for basket in (self.ready[key], self.waiting[key]):
            self.reviewed[basket.pk] = seen(basket)

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
        users = User.objects.in_bulk([user.pk for user in self.world.users.values()])
        for name in PEOPLE:
            user = users[self.world.users[name].pk]
            assert user.is_active == (name not in self.model.out), f"{name} can log in: {user.is_active}"
            self._compare_rights_of(name, user, held)
        self._compare_memberships()

    def _compare_rights_of(self, name: str, user: User, held: dict[tuple, set[str]]) -> None:
        known = access.ClinicAccess.of(user)
        for key, clinic in self.world.clinics.items():
            told, expected = known.permissions.get(clinic.pk, frozenset()), self.model.rights(name, key)
            assert told == expected, f"{name} at {key}: {sorted(told ^ expected)} differ"
            member = self.model.members.get((name, key))
            kept = member.rights if member and member.active else frozenset()
            assert held.get((user.pk, clinic.pk), set()) == kept, f"rows of {name} at {key}"
            self.seen["rights", "compared"] += len(EVERYTHING)
        right, key = self.chance.choice(sorted(EVERYTHING)), self.chance.choice(CLINICS)
        asked = access.can(user, right, self.world.clinics[key])
        assert asked == (right in self.model.rights(name, key)), f"{name} {right} {key}"

    def _compare_memberships(self) -> None:
        names = {user.pk: name for name, user in self.world.users.items()}
        keys = {clinic.pk: key for key, clinic in self.world.clinics.items()}
        found = {
            (names[row.user_id], keys[row.clinic_id]): (row.role, frozenset(row.functions), row.is_active)
            for row in Membership.objects.all()
        }
        expected = {key: member.state for key, member in self.model.members.items()}
        assert found == expected, f"memberships differ: {sorted(map(str, found.items() ^ expected.items()))}"

    def look(self, name: str) -> None:
        """What this person reaches now: a random page, or the rows of a random list."""
        key = self._switch(name)
        if self.chance.random() < LISTED:
            # As often one that shows something as any.
            telling = [path for path in LISTS if self._opens(name, key, path)]
            path = self.chance.choice([self.chance.choice(telling or list(LISTS)), self.chance.choice(list(LISTS))])
            self._compare_list(name, key, path)
        else:
            path, expected = self.chance.choice(list(self._expected(name, key).items()))
            self._expect(name, path, expected)

    def _opens(self, name: str, key: str, path: str) -> bool:
        asked = LISTS[path]
        clinics = CLINICS if asked.anywhere else (key,)
        return not self._shut(name) and any(asked.right in self.model.rights(name, clinic) for clinic in clinics)

    def _compare_list(self, name: str, key: str, path: str) -> None:
        """Which rows it shows: all that the model gives to this person, and no other."""
        opens = self._opens(name, key, path)
        self._expect(name, path, self._shut(name) or ("200" if opens else "403"))
        if opens:
            rows, expected = set(LISTS[path].rows(shown)), LISTS[path].expected(self, name)
            self.seen[path, "rows"] += len(expected)
            assert rows == expected, f"{name} at {path}: {rows - expected} too many, {expected - rows} missing"

    def send(self, name: str) -> None:
        """Sends what is ready for the clinic one works for, or approves what waits somewhere; taken back."""
        key, path = self._switch(name), self.chance.choice([CONFIRM, APPROVE])
        key = key if path == CONFIRM else self.chance.choice(CLINICS)
        basket = (self.world.ready if path == CONFIRM else self.world.waiting)[key]
        shut, rights = self._shut(name), self.model.rights(name, key)
        needed = {"place_order", "prepare_order" if path == CONFIRM else "approve_order"}
        is_known = "prepare_order" in rights if path == CONFIRM else bool(rights)
        sent = not shut and needed <= rights
        expected = {"office": "403"}.get(shut, shut) or ("302" if sent else "403" if is_known else "404")
        form = {"basket": basket.pk, "fingerprint": self.world.reviewed[basket.pk]}
        address = path.replace("…", str(basket.public_id))
        with transaction.atomic():
            self._expect(name, address, expected, clinic=key, form=form, shown_as=path)
            assert Order.objects.filter(basket=basket).exists() == sent, f"{name} at {path} {key}: sent or not"
            transaction.set_rollback(True)

    def somebody_who_orders(self) -> str:
        """As often as anybody."""
        model = self.model
        able = [name for name in CUSTOMERS if any("prepare_order" in model.rights(name, clinic) for clinic in CLINICS)]
        return self.chance.choice([self.chance.choice(able or CUSTOMERS), self.chance.choice(PEOPLE)])

    def _switch(self, name: str) -> str:
        """To a clinic where there is something to do for them, if there is one; now and then trying another one too."""
        reached = [key for key in CLINICS if self.model.rights(name, key)]
        key = self.chance.choice(reached or list(CLINICS))
        shut = self._shut(name)
        self._expect(name, SWITCH, "403" if shut == "office" else shut or "302", clinic=key)
        other = self.chance.choice([clinic for clinic in CLINICS if clinic != key])
        if not shut and other not in reached and self.chance.random() < SOMETIMES:
            self._expect(name, SWITCH, "404", clinic=other)
        return key

    def _expected(self, name: str, key: str) -> dict[str, str]:
        """What each page answers to somebody who works for the clinic `key`."""
        rights = {clinic: self.model.rights(name, clinic) for clinic in CLINICS}
        anywhere = frozenset[str]().union(*rights.values())
        answers = {path: "200" if right in rights[key] else "403" for path, right in PAGES.items()}
        answers |= {path: "200" if right in anywhere else "403" for path, right in ANYWHERE.items()}
        for clinic, order in self.world.orders.items():
            answer = "200" if "view_orders" in rights[clinic] else "403" if rights[clinic] else "404"
            answers[f"/orders/{order.public_id}/"] = answer
        shut = self._shut(name)
        return dict.fromkeys(answers, shut) if shut else answers

    def _shut(self, name: str) -> str:
        """What every page of customers says to who has none; "" for who works somewhere."""
        if name not in self.model.signed_in or name in self.model.out:
            return "login"
        if name == STAFF:
            return "office"
        return "" if any(self.model.rights(name, clinic) for clinic in CLINICS) else "403"

    def _expect(
        self, name: str, path: str, expected: str, *, clinic: str = "", form: dict | None = None, shown_as: str = ""
    ) -> None:
        visitor, (method, _space, address) = self.visitors[name], path.rpartition(" ")
        shown.clear()
        if method == "POST":
            answer = visitor.post(address, form or {"clinic": self.world.clinics[clinic].pk})
        else:
            answer = visitor.get(address)
        target = answer.headers.get("Location", "")
        outcome = str(answer.status_code)
        outcome = "login" if target.startswith("/login/") else "office" if target == "/backoffice/" else outcome
        path = shown_as or path
        self.seen[ORDER_PAGE.sub("…", path), outcome] += 1
        assert outcome == expected, f"{name} at {path} {clinic}: got {outcome}, the model says {expected}"
