"""How often something asks the database, how long it takes, and which big tables are read whole for it."""

import statistics
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = 15
# A plan that reads one of these from beginning to end grows with the portal.
BIG = (
    *("permissions_clinicuserpermission", "permissions_membership", "permissions_accessevent", "permissions_user"),
    *("permissions_clinic", "order_order", "basket_basket"),
)


class Scale:
    def __init__(self) -> None:
        self.figures: dict[str, dict[str, tuple[float, int, set[str]]]] = {}

    def measure(self, size: str, name: str, do: Callable[[], object], rounds: int = ROUNDS) -> None:
        """Median seconds, queries, and which big tables are read from beginning to end."""
        do()
        with CaptureQueriesContext(connection) as queries:
            do()
        asked, whole = len(queries), set().union(*(read_whole(query["sql"]) for query in queries.captured_queries))
        times = []
        for _round in range(rounds):
            start = time.perf_counter()
            do()
            times.append(time.perf_counter() - start)
        self.figures.setdefault(name, {})[size] = (statistics.median(times), asked, whole)

    def report(self) -> str:
        lines = [f"{'':<44}{'few':>9}{'many':>9}{'queries':>12}  read whole"]
        for name, by_size in self.figures.items():
            few, many = by_size.get("few"), by_size["many"]
            before = f"{few[0] * 1000:>7.1f}ms" if few else f"{'':>9}"
            asked = f"{few[1]}, {many[1]}" if few else str(many[1])
            whole = ", ".join(sorted(table.removeprefix("permissions_") for table in many[2])) or "–"
            lines.append(f"{name:<44}{before}{many[0] * 1000:>7.1f}ms{asked:>12}  {whole}")
        return "\n".join(lines)


def read_whole(sql: str) -> set[str]:
    """The big tables that PostgreSQL reads from beginning to end for this query."""
    if not sql.lstrip().upper().startswith("SELECT"):
        return set()
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql)
        plan = cursor.fetchone()[0]
    return {node["Relation Name"] for node in nodes(plan[0]["Plan"]) if is_whole(node)}


def nodes(plan: dict, *, is_limited: bool = False) -> Iterator[dict]:
    yield {**plan, "is limited": is_limited}
    for inner in plan.get("Plans", ()):
        yield from nodes(inner, is_limited=plan["Node Type"] == "Limit")


def is_whole(node: dict) -> bool:
    """Not when it ends after so many rows."""
    is_read = node["Node Type"].endswith("Seq Scan") and node.get("Relation Name") in BIG
    return is_read and not node["is limited"]


def opened(client: Client, path: str) -> int:
    """How many bytes it is."""
    response = client.get(path)
    assert response.status_code == 200, path
    return len(response.content)
