"""Who may do what, told a second time in eighty lines: by hand, without asking the code that is tested."""

PREPARE, SEND, APPROVE, ORDERS, MONEY = "prepare_order", "place_order", "approve_order", "view_orders", "view_finances"
SERVICE, PATIENTS, USERS, CLINIC = "request_service", "view_patients", "manage_users", "manage_clinic"
EVERYTHING = frozenset({PREPARE, SEND, APPROVE, ORDERS, MONEY, SERVICE, PATIENTS, USERS, CLINIC})
BOTH = {"order_history": {ORDERS}, "finances": {MONEY}, "service": {SERVICE}, "patients": {PATIENTS}}
ALLOWS = {
    "assistant": {"ordering": {PREPARE}, **BOTH},
    "purchaser": {"ordering": {PREPARE, SEND}, "approving": {APPROVE}, "users": {USERS}, **BOTH},
    "main_user": dict.fromkeys(["ordering", "approving", "users", *BOTH], EVERYTHING),  # whatever is switched
}


class Member:
    def __init__(self, role: str, functions: set[str], active: bool = True) -> None:
        self.role, self.active = role, active
        self.functions = frozenset(ALLOWS[role] if role == "main_user" else functions & ALLOWS[role].keys())
        self.asked = frozenset[str]().union(*(ALLOWS[role][name] for name in self.functions))
        if "ordering" not in self.functions:
            self.functions -= {"approving"}  # to approve is to send
        self.rights = frozenset[str]().union(*(ALLOWS[role][name] for name in self.functions))

    @property
    def state(self) -> tuple[str, frozenset[str], bool]:
        return self.role, self.functions, self.active


class Model:
    """`staff` is customer service; `out` are those who can't log in, `signed_in` those whose session lives."""

    def __init__(
        self, accounts: dict[str, str], staff: str, owner: str, members: dict[tuple[str, str], Member]
    ) -> None:
        self.accounts, self.staff, self.owner = accounts, staff, owner
        self.members: dict[tuple[str, str], Member] = members
        self.blocked, self.out, self.closed, self.signed_in = set[str](), set[str](), set[str](), set[str]()

    def rights(self, person: str, clinic: str) -> frozenset[str]:
        member = self.members.get((person, clinic))
        shut = member is None or not member.active or person in self.out or clinic in self.closed
        return frozenset() if shut else member.rights

    def may_change(self, actor: str, person: str, clinic: str, wanted: frozenset[str] = frozenset()) -> bool:
        held = self.members[person, clinic].rights if (person, clinic) in self.members else frozenset()
        reach = EVERYTHING if actor == self.staff else self.rights(actor, clinic)
        return actor != person and person != self.staff and USERS in reach and held | wanted <= reach

    def must_stay(self, person: str, clinic: str) -> bool:
        """The owner, and the last main user who can log in."""
        mains = {p for (p, c), m in self.members.items() if c == clinic and m.role == "main_user" and m.active}
        is_owner = person == self.owner and self.accounts[clinic] == "Nordhear"
        return person in mains and (is_owner or not mains - self.out - {person})

    def settle(self, person: str, *, may_open: bool = True) -> None:
        own = [member.active for (name, _clinic), member in self.members.items() if name == person]
        if person in self.blocked or (own and not any(own)):
            self.out.add(person)
        elif may_open:
            self.out.discard(person)

    def give(self, actor: str, person: str, clinic: str, role: str, functions: set[str]) -> None:
        before = self.members.get((person, clinic))
        # Whoever is at work somewhere in the account is at the new clinic too; a block is the supplier's own matter.
        at_work = {self.accounts[c] for (p, c), m in self.members.items() if p == person and m.active}
        active = before.active if before else actor == self.staff or self.accounts[clinic] in at_work
        after, known = Member(role, functions, active), {self.accounts[c] for p, c in self.members if p == person}
        foreign = actor != self.staff and self.accounts[clinic] not in known
        stuck = role != "main_user" and self.must_stay(person, clinic)
        if clinic in self.closed or foreign or stuck or not self.may_change(actor, person, clinic, after.asked):
            return
        self.members[person, clinic] = after
        if before is None or before.state != after.state:
            self.settle(person)

    def take(self, actor: str, person: str, clinic: str) -> None:
        there = (person, clinic) in self.members and not self.must_stay(person, clinic)
        if there and self.may_change(actor, person, clinic):
            was_active = self.members.pop((person, clinic)).active
            self.settle(person, may_open=not was_active)

    def set_active(self, actor: str, person: str, clinic: str, on: bool) -> None:
        member = self.members.get((person, clinic))
        stuck = member is None or member.active == on or (not on and self.must_stay(person, clinic))
        if not stuck and self.may_change(actor, person, clinic):
            member.active = on
            self.signed_in -= set() if on else {person}
            self.settle(person)

    def block(self, actor: str, person: str, on: bool) -> None:
        if actor == self.staff != person and (person in self.blocked) != on:
            self.blocked ^= {person}
            self.signed_in -= {person} if on else set()
            self.settle(person)
