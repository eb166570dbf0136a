"""B3: who gets what at every address. The answers stand in access_table.csv, written by hand: the table is the rule."""

import gc
from collections.abc import Iterator

import pytest

from tests.permissions.site_samples import Samples, leads_elsewhere
from tests.permissions.site_visitor import Answer, Visitor, brief_refusal
from tests.permissions.site_walk import PEOPLE, Address, Row, addresses, differences, read_table

CUSTOMERS = ("assistant", "purchaser", "main_user", "other_account")
SIGNED_IN = {*CUSTOMERS, "editor", "customer_service"}
ORDERING = {"assistant", "purchaser", "main_user"}

APPROVERS = {"purchaser", "main_user"}
DECISIONS = ("approve", "approve-many", "return", "reject", "line", "dispatch", "mail-wish")

# What the whole world may open. Whoever adds a name here shows something to everybody.
PUBLIC = {
    *("healthz", "media", "set_language", "login", "logout", "wagtailadmin_logout", "wagtailcore_login"),
    *("account_login", "mfa_authenticate", "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback"),
    *("password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete"),
    *("requests:account", "requests:received"),
    "users:accept",  # whom the mailed link is for shows itself
    *("wagtail_serve", "wagtailcore_authenticate_with_password"),
}
FOR_EVERYBODY_SIGNED_IN = {
    *("ownership:answer", "impersonation:end", "users:answer"),
    *("password_change", "profile"),
    *("email_change", "email_confirm", "session_end", "session_end_others"),
    *("security", "second_factor", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "identity_disconnect"),
}
FOR_OUR_PEOPLE_TOO = {
    *("wagtaildocs_serve", "wagtaildocs_authenticate_with_password"),
    "configuration:scan",  # the clinic's own, and our people who make the mould
}
AREAS = {"cms/": {"editor"}, "backoffice/": {"customer_service"}}
# What Wagtail keeps of who looks: made thumbnails, who is at which page, what they chose in its menus.
WRITTEN_BY_LOOKING = {
    *("wagtailimages_rendition", "wagtailadmin_editingsession"),
    *("wagtailcore_pagesubscription", "wagtailusers_userprofile"),
}
# Who changes something by sending the form: all others leave the database as it was.
WRITERS = {
    "set_language": SIGNED_IN,
    "login": {"anonymous"},
    "password_reset": set(PEOPLE),
    "password_change": SIGNED_IN,
    "profile": SIGNED_IN,
    "email_change": SIGNED_IN,
    "session_end_others": SIGNED_IN,
    "switch_clinic": ORDERING,
    "basket:add": ORDERING,
    "basket:line-note": {"purchaser"},
    **dict.fromkeys([f"basket:{name}" for name in ("begin", "choose", "save", "note", "merge", "discard")], ORDERING),
    "basket:reviewing": {"purchaser", "main_user"},
    "basket:line": {"purchaser"},  # it is her line: her colleagues are told that it is not in their baskets
    "checkout:details": ORDERING,
    "checkout:confirm": {"purchaser", "main_user"},
    "checkout:confirm [Petra's basket]": {"purchaser", "main_user"},  # colleagues share baskets
    "approvals:submit": ORDERING,
    "approvals:withdraw": {"assistant"},
    **dict.fromkeys([f"approvals:{name}" for name in DECISIONS], APPROVERS),
    **dict.fromkeys(["approvals:continue", "approvals:copy"], ORDERING),
    **{f"clinics:{name}": {"main_user"} for name in ("rules", "stand-in-add", "stand-in-remove")},
    "favourites:toggle": ORDERING,
    "favourites:order": ORDERING,
    "favourites:remove": ORDERING,
    "favourites:change": ORDERING,
    "favourites:save-line": ORDERING,
    "favourites:save-basket": ORDERING,
    "favourites:save-order": ORDERING,
    "orders:again": ORDERING,
    "patients:list": ORDERING,  # what is found is shown, and that is logged
    "patients:erase": {"main_user"},
    **{f"dashboard:person-{name}": {"customer_service"} for name in ("details", "act", "access", "remove", "status")},
    "configuration:configure": ORDERING,
    **{
        f"dashboard:configuration-{name}": {"customer_service"}
        for name in ("rule-add", "rule", "rule-delete", "class", "value", "option", "products", "product-delete")
    },
    "dashboard:clinic-dispatch": {"customer_service"},
    **{f"ownership:{name}": {"main_user"} for name in ("account", "cancel")},  # to offer it twice is refused
    "ownership:answer": {"purchaser"},
    **{f"users:{name}": {"main_user"} for name in ("add", "details", "inactive", "active", "access", "remove")},
    "users:give-back": {"main_user"},
    **{f"users:invitation{what}": {"main_user"} for what in ("", "-send", "-withdraw")},
    "users:answer": {"purchaser"},
    "impersonation:begin": {"customer_service"},
    "dashboard:account-owner": {"customer_service"},
    "requests:account": set(PEOPLE),
    "requests:clinic": {"main_user"},  # of the other account: its numbers are written as in Norway
    **{
        f"dashboard:request-{name}": {"customer_service"}
        for name in ("approve", "decline", "close", "invite", "withdraw")
    },
    "dashboard:account-ordering": {"customer_service"},
    "dashboard:dispatch-days": {"customer_service"},
    "dashboard:dispatch-day-delete": {"customer_service"},
}
# Each look at a patient is logged: see shop/patients/showings.py.
SHOWS_PATIENTS = ("orders:", "patients:", "configuration:scan")
LOG = "wagtailcore_modellogentry"
FOR_WHO_ORDERS = (
    *("basket:", "checkout:", "orders:", "favourites:", "approvals:", "clinics:"),
    "configuration:configure",
)
STRANGERS = {
    "account": {"anonymous", "other_account", "editor"},
    "north": {"anonymous", "other_account", "editor"},
    "south": {"anonymous", "other_account", "editor", "assistant", "purchaser"},
}


class Survey:
    """The table's requests, sent once by everybody."""

    def __init__(self, world) -> None:
        self.world = world
        self.samples = Samples(world)
        self.table = read_table()
        people = world.people
        users = (None, people.asta, people.petra, people.olga, people.otto, people.edit, people.stella)
        self.visitors = {person: Visitor(user) for person, user in zip(PEOPLE, users, strict=True)}
        self._answers: dict[str, dict[Row, Answer]] = {}
        there = {(address.name, address.route): address for address in addresses()}
        self.addresses: dict[Row, Address] = {
            row: there[row.address_name, row.route] for row in self.table if (row.address_name, row.route) in there
        }

    def path(self, row: Row) -> str:
        return self.samples.path_of(row, self.addresses[row])

    def answers(self, person: str) -> dict[Row, Answer]:
        if person not in self._answers:
            self._answers[person] = {row: self._ask(person, row) for row in self.addresses}
        return self._answers[person]

    def all_answers(self) -> Iterator[tuple[str, Row, Answer]]:
        for person in PEOPLE:
            for row, answer in self.answers(person).items():
                yield person, row, answer

    def _ask(self, person: str, row: Row) -> Answer:
        form = self.samples.form_of(row, person) if row.method == "POST" else None
        return self.visitors[person].ask(row.method, self.path(row), form)


@pytest.fixture(scope="module")
def survey(template_database, django_db_blocker) -> Iterator[Survey]:
    from tests.databases import copied_database
    from tests.permissions.site_objects import make_world

    with (
        django_db_blocker.unblock(),
        copied_database(template_database, "access"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("config.urls.handler403", brief_refusal, raising=False)
        gc.freeze()  # three thousand requests: going through all that is loaded again and again is a sixth of the time
        yield Survey(make_world())
        gc.unfreeze()


def listed(lines: list[str]) -> str:
    return "\n".join(["", *lines])


def test_every_address_stands_in_the_table_and_nothing_else_does():
    wrong = differences(addresses(), read_table())
    assert not wrong, listed(wrong)


def test_no_line_stands_in_the_table_twice():
    lines = [(row.name, row.route, row.method) for row in read_table()]
    assert sorted(lines) == sorted(set(lines))


def test_the_table_itself_keeps_the_rules():
    """So that a hole can't be made by changing the code and its line alone."""
    wrong = [f"{row}: {rule}" for row in read_table() for rule in broken_rules(row)]
    assert not wrong, listed(wrong)


def broken_rules(row: Row) -> Iterator[str]:
    for person, expected in row.expected.items():
        if expected.startswith("5"):
            yield f"{person} meets an error"
        wanted = rule_for(row, person)
        if wanted and expected != wanted:
            yield f"{person} must get {wanted}, the table says {expected}"


def rule_for(row: Row, person: str) -> str | None:
    """What the area says; None where it depends on the address."""
    if row.address_name in PUBLIC:
        return None
    if person == "anonymous":
        return "302 login"
    for area, people in AREAS.items():
        if row.route.startswith(area):
            return None if person in people else "403"
    if person in CUSTOMERS or row.address_name in FOR_EVERYBODY_SIGNED_IN | FOR_OUR_PEOPLE_TOO:
        return None
    home = "302 cms" if person == "editor" else "302 backoffice"
    return home if row.method == "GET" else "403"


def test_every_sample_leads_to_the_address_that_it_is_for(survey):
    wrong = [f"{row}: {survey.path(row)} leads to {other}" for row, other in _led_elsewhere(survey)]
    assert not wrong, listed(wrong)


def _led_elsewhere(survey: Survey) -> Iterator[tuple[Row, str]]:
    for row in survey.addresses:
        if other := leads_elsewhere(survey.path(row), row.route):
            yield row, other


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_what_the_table_says(survey, person):
    wrong = [
        f"{row} ({survey.path(row)}): expected {row.expected[person]}, got {answer.outcome} {' '.join(answer.errors)}"
        for row, answer in survey.answers(person).items()
        if answer.outcome != row.expected[person] or answer.errors
    ]
    assert not wrong, listed([f"{person} gets other answers than the table says:", *wrong])


@pytest.mark.parametrize("person", ["anonymous", "other_account", "editor", "customer_service"])
def test_who_may_not_open_an_address_may_not_send_to_it(survey, person):
    sent = {(row.name, row.route) for row in survey.table if row.method == "POST"}
    wrong = []
    for row in survey.addresses:
        if row.method == "POST" or (row.name, row.route) in sent or not _is_closed(row.expected[person]):
            continue
        answer = survey.visitors[person].ask("POST", survey.path(row))
        if not answer.is_refusal or answer.written or answer.errors:
            wrong.append(f"POST {row.name or row.route}: got {answer.outcome}, wrote {sorted(answer.written)}")
    assert not wrong, listed([f"{person}:", *wrong])


def _is_closed(expected: str) -> bool:
    return expected in ("403", "404") or " " in expected


def test_a_member_without_the_rights_to_order_is_refused_wherever_the_others_may(survey):
    """All three roles may prepare orders: without this nobody would miss a `needs` that is taken away."""
    visitor = Visitor(survey.world.without_rights)
    wrong = []
    for row in survey.addresses:
        if not row.name.startswith(FOR_WHO_ORDERS):
            continue
        answer = visitor.ask(row.method, survey.path(row), survey.samples.form_of(row, "purchaser"))
        leads_to_a_refusal = str(row) == "GET checkout:confirm"
        if (answer.status not in (403, 404, 405) and not leads_to_a_refusal) or answer.written:
            wrong.append(f"{row}: got {answer.outcome}, wrote {sorted(answer.written)}")
    assert not wrong, listed(wrong)


def test_a_refusal_changes_nothing(survey):
    wrong = [
        f"{person}: {row}: {answer.outcome}, but wrote {sorted(answer.written)}"
        for person, row, answer in survey.all_answers()
        if answer.is_refusal and answer.written
    ]
    assert not wrong, listed(wrong)


def test_looking_changes_nothing(survey):
    wrong = [
        f"{person}: {row} wrote {sorted(answer.written)}"
        for person, row, answer in survey.all_answers()
        if row.method == "GET" and answer.written - _written_by_looking_at(row)
    ]
    assert not wrong, listed(wrong)


def _written_by_looking_at(row: Row) -> set[str]:
    return WRITTEN_BY_LOOKING | ({LOG} if row.name.startswith(SHOWS_PATIENTS) else set())


def test_a_form_changes_something_for_those_who_may_send_it_only(survey):
    wrong = [
        f"{person}: {row}: {answer.outcome}, wrote {sorted(answer.written) or 'nothing'}"
        for person, row, answer in survey.all_answers()
        if row.method == "POST" and bool(answer.written) != (person in WRITERS.get(row.name, set()))
    ]
    assert not wrong, listed(wrong)


def test_what_is_a_clinics_own_reaches_no_stranger(survey):
    wrong = [
        f"{person}: {row} shows {word!r} of {owner}"
        for person, row, answer in survey.all_answers()
        for owner, strangers in STRANGERS.items()
        if person in strangers
        for word in survey.world.canaries[owner]
        if word in answer.text
    ]
    assert not wrong, listed(wrong)


def test_the_words_that_are_searched_for_do_stand_on_pages(survey):
    """Else the search above proves nothing."""
    shown = "\n".join(
        answer.text for person in ("main_user", "customer_service") for answer in survey.answers(person).values()
    )
    missing = [word for words in survey.world.canaries.values() for word in words if word not in shown]
    assert not missing
