"""Where the people of a list work, in the words of one row: some may work at thousands of clinics."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, QuerySet

from permissions.enumeration import NAMED, in_a_sentence
from permissions.models import Membership, User
from permissions.roles import Role


@dataclass
class Places:
    """One person's roles, and their clinics as far as they are named: where they are at work, or else were."""

    at_work: bool = True
    held: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, role: str, names: list[str], count: int) -> None:
        self.held.add(role)
        self.names = sorted([*self.names, *names])[:NAMED]
        self.count += count

    @property
    def roles(self) -> list[str]:
        return [str(role.label) for role in Role if role in self.held]

    @property
    def clinics(self) -> str:
        return in_a_sentence(self.names, self.count)


def places_of(people: Iterable[User], memberships: QuerySet[Membership]) -> dict[int, Places]:
    """By the people's ids, those at work before those who are inactive: of who works somewhere, only that.

    The database counts, and names the first: a hundred thousand memberships are not read to show two of each person.
    """
    rows = memberships.filter(user__in=[person.pk for person in people]).order_by()
    groups = rows.values("user_id", "is_active", "role").annotate(
        count=Count("pk"), every=ArrayAgg("clinic__name", order_by="clinic__name")
    )
    found: dict[tuple[int, bool], Places] = {}
    columns = ("user_id", "is_active", "role", "count")
    for user, is_active, role, count, names in groups.annotate(named=F(f"every__0_{NAMED}")).values_list(
        *columns, "named"
    ):
        found.setdefault((user, is_active), Places(is_active)).add(role, names, count)
    ids = {user for user, _is_active in found}
    return {user: found.get((user, True)) or found[user, False] for user in ids}
