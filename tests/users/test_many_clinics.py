"""Who works at many clinics: mails and pages stay readable, and the work asks the database as often as for two."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from permissions.enumeration import in_a_sentence
from permissions.models import Clinic, Invitation, Membership, User
from permissions.roles import ROLE_FUNCTIONS, Function, Role
from permissions.services import memberships_grant
from permissions.users import answering, changing, invitations
from tests.factories import ClinicFactory, UserFactory
from tests.users.inviting import access_form, browser_of, choose_password, form_for, invite, link_of

FEW, MANY = 2, 12
USUAL = sorted(ROLE_FUNCTIONS[Role.PURCHASER])


def make_clinics(people, number: int, prefix: str = "Hörselkliniken Norrland") -> list[Clinic]:
    made = [ClinicFactory(account=people.north.account, name=f"{prefix} {index:02}") for index in range(number)]
    memberships_grant(user=people.olga, clinics=made, role=Role.MAIN_USER)
    return made


def colleague(people, clinics: list[Clinic], number: int = 0) -> User:
    """Who belongs to North already, and works at these clinics."""
    person = UserFactory(email=f"many{number}@example.com", first_name="Mona", last_name="Många", language="en")
    memberships_grant(user=person, clinics=[people.north, *clinics], role=Role.PURCHASER)
    mail.outbox.clear()
    return person


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A, B"),
        (["A", "B", "C"], "A, B and 1 more"),
        (["A"] * 50, "A, A and 48 more"),
    ],
)
def test_a_sentence_names_two_and_counts_the_rest(names, words):
    with translation.override("en"):
        assert in_a_sentence(iter(names)) == words


@pytest.mark.parametrize("prefix", ["Hörselkliniken Norrland", "K" * 190], ids=["42 clinics", "long names"])
def test_access_at_many_clinics_is_taken_given_and_changed(people, olga, prefix):
    clinics = make_clinics(people, 42, prefix)
    person = colleague(people, clinics)
    page = f"/users/{person.public_id}/"
    ticked = {"clinics": [str(clinic.pk) for clinic in clinics], "confirmed": "1"}
    assert olga.post(f"{page}inactive/", ticked).status_code == 302
    assert not Membership.objects.filter(user=person, clinic__in=clinics, is_active=True).exists()
    assert olga.post(f"{page}active/", ticked).status_code == 302
    also = [str(clinic.pk) for clinic in clinics[1:]]
    form = {**access_form(Role.ASSISTANT), "also": also, "confirmed": "1"}
    assert olga.post(f"{page}{clinics[0].pk}/", form).status_code == 302
    names = f"{clinics[0].name}, {clinics[1].name} and 40 more"
    assert [sent.subject for sent in mail.outbox] == [
        f"You are set inactive at {names}",
        f"You now have access to {names}",
        f"What you may do at {names} has changed",
    ]
    for sent in mail.outbox:
        for body in (sent.body, sent.alternatives[0].content):
            for clinic in clinics:
                assert clinic.name in body.replace(sent.subject, ""), sent.subject
    assert f"\n- {clinics[41].name}\n" in mail.outbox[0].body
    assert f"\n{clinics[41].name}: Assistant\n" in mail.outbox[2].body


def test_a_colleague_is_added_to_many_clinics_and_a_stranger_invited(people, olga):
    clinics = make_clinics(people, 42)
    olga.post("/users/new/", form_for(clinics, email="petra@example.com"))
    assert Membership.objects.filter(user=people.petra, clinic__in=clinics).count() == 42
    olga.post("/users/new/", form_for(clinics))
    body = mail.outbox[-1].body
    assert "\nClinics:\n- Hörselkliniken Norrland 00\n- Hörselkliniken Norrland 01\n" in body
    assert mail.outbox[-1].alternatives[0].content.count('">Clinic</td>') == 42


def test_pages_name_two_clinics_and_count_the_rest(people, olga):
    clinics = make_clinics(people, 12)
    person = UserFactory(email="nora@example.com")
    memberships_grant(user=person, clinics=[people.foreign], role=Role.PURCHASER)
    page = olga.post("/users/new/", form_for(clinics, role=Role.MAIN_USER)).content.decode()
    few = "Hörselkliniken Norrland 00, Hörselkliniken Norrland 01 and 10 more"
    assert f"A main user of {few} does everything there" in page
    olga.post("/users/new/", form_for(clinics))
    assert few in olga.get("/users/?tab=invited").content.decode()
    browser = browser_of(person)
    assert few in browser.get("/profile/").content.decode()
    answer = f"/profile/invitations/{Invitation.objects.get().pk}/"
    assert f"You can work for {few} now." in browser.post(answer, follow=True).content.decode()
    assert few in olga.get("/users/?tab=active").content.decode()


def asked(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_work_at_twelve_clinics_asks_as_often_as_at_two(people):
    """Each thing is done for another person, first at two clinics, then at twelve."""
    counts: dict[int, dict[str, int]] = {}
    for number in (FEW, MANY):
        clinics = make_clinics(people, number, f"Klinik {number}")
        counts[number] = {name: asked(work) for name, work in works(people, clinics, number).items()}
    print("queries of work at 2 and at 12 clinics:", counts)
    assert counts[FEW] == counts[MANY]


def works(people, clinics: list[Clinic], number: int) -> dict[str, Callable[[], object]]:
    new = UserFactory(email=f"new{number}@example.com")
    memberships_grant(user=new, clinics=[people.north], role=Role.PURCHASER)
    person = colleague(people, clinics, number)
    to_change = invite(people.olga, clinics, email=f"change{number}@example.com")
    to_accept = invite(people.olga, clinics, email=f"accept{number}@example.com")
    known = UserFactory(email=f"known{number}@example.com")
    memberships_grant(user=known, clinics=[people.foreign], role=Role.ASSISTANT)
    of_known = invite(people.olga, clinics, email=known.email)
    newcomer = User(first_name="Nora", last_name="Ny", password="!")
    details = {"first_name": "Other", "last_name": "Name"}
    at_all: dict = {"actor": people.olga, "person": person, "clinics": clinics}
    theirs: dict = {"actor": people.olga, "pk": to_change.pk}
    offered: dict = {"details": {}, "clinics": clinics[:1], "role": Role.ASSISTANT, "functions": []}
    return {
        "invite": lambda: invite(people.olga, clinics, email=f"invite{number}@example.com"),
        "attach": lambda: invite(people.olga, clinics, email=new.email),
        "change": lambda: invitations.change(**theirs, **offered),
        "send": lambda: invitations.send(**theirs),
        "withdraw": lambda: invitations.withdraw(**theirs),
        "accept": lambda: answering.accept_as_new(pk=to_accept.pk, nonce=to_accept.nonce, newcomer=newcomer),
        "join": lambda: answering.accept(user=known, pk=of_known.pk),
        "give": lambda: changing.give(**at_all, role=Role.PURCHASER, functions=[Function.ORDERING], confirmed=True),
        "details": lambda: changing.change_details(actor=people.olga, person=person, values=details),
        "inactive": lambda: changing.set_inactive(**at_all, confirmed=True),
        "active": lambda: changing.set_active(**at_all),
    }


def test_pages_of_an_invitation_ask_as_often_for_twelve_clinics_as_for_two(people, olga):
    known = UserFactory(email="known@example.com")
    memberships_grant(user=known, clinics=[people.foreign], role=Role.ASSISTANT)
    clinics = make_clinics(people, MANY)
    counts: dict[int, list[int]] = {}
    for number in (FEW, MANY):
        Invitation.objects.update(state="withdrawn")
        invitation = invite(people.olga, clinics[:number])
        theirs = invite(people.olga, clinics[:number], email=known.email)
        pages = {
            f"/users/invitations/{invitation.pk}/": olga,
            "/users/?tab=invited": olga,
            link_of(invitation): Client(),
            f"/profile/invitations/{theirs.pk}/": browser_of(known),
            "/profile/": browser_of(known),
        }
        counts[number] = []
        for path, browser in pages.items():
            assert browser.get(path).status_code == 200, path
            counts[number].append(asked(lambda browser=browser, path=path: browser.get(path)))
    print("queries of an invitation's pages at 2 and at 12 clinics:", counts)
    assert counts[FEW] == counts[MANY]


def test_the_newcomer_joins_all_of_them(people, client):
    clinics = make_clinics(people, 12)
    choose_password(client, link_of(invite(people.olga, clinics)))
    joined = Membership.objects.filter(user__email="nora@example.com")
    assert {row.clinic_id for row in joined} == {clinic.pk for clinic in clinics}
    assert {tuple(sorted(row.functions)) for row in joined} == {tuple(USUAL)}
