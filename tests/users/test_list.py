"""B6: the lists of people; who is found where; nobody's name stands in an address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from permissions.models import Invitation, User
from permissions.roles import Function, Role
from permissions.services import membership_grant, set_inactive
from permissions.users import invitations
from tests.factories import ClinicFactory, UserFactory
from tests.users.inviting import browser_of, form_for, invite, mailed_link


def names(browser, query: str = "") -> list[str]:
    page = browser.get(f"/users/?{query}").content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def counts(browser, query: str = "") -> list[str]:
    page = browser.get(f"/users/?{query}").content.decode()
    return re.findall(r'<span class="count count-quiet">(\d+)</span>', page)[-3:]


def test_people_stand_under_active_invited_or_inactive(people, olga):
    invite(people.olga, [people.south])
    set_inactive(user=people.asta, clinics=[people.north])
    assert names(olga) == ["Olga Testsson", "Petra Testsson"]
    assert names(olga, "tab=invited") == ["Nora Ny"]
    assert names(olga, "tab=inactive") == ["Asta Testsson"]
    assert counts(olga) == ["2", "1", "1"]


def test_one_clinic_or_all(people, olga):
    invite(people.olga, [people.south])
    south = f"clinic={people.south.pk}"
    assert names(olga, south) == ["Olga Testsson"]
    assert counts(olga, south) == ["1", "1", "0"]
    assert names(olga, f"tab=invited&clinic={people.north.pk}") == []
    assert names(olga, f"clinic={people.foreign.pk}") == names(olga)  # not hers: as if nothing was chosen


def test_who_manages_one_clinic_sees_its_people_only(people, petra):
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[Function.USERS])
    member = UserFactory(email="south@example.com", first_name="Sara", last_name="South")
    membership_grant(user=member, clinic=people.south, role=Role.ASSISTANT)
    invite(people.olga, [people.south])
    assert "Sara South" not in names(petra)
    assert names(petra, "tab=invited") == []
    page = petra.get("/users/").content.decode()
    assert "Nordhear South" not in page


def test_search_is_posted_and_stays_until_it_is_cleared(people, olga):
    response = olga.post("/users/?tab=active&sort=name", {"query": "PETRA test"})
    assert (response.status_code, "etra" in response.url.lower()) == (302, False)
    assert names(olga) == ["Petra Testsson"]
    assert names(olga, "sort=-name") == ["Petra Testsson"]
    assert counts(olga) == ["1", "0", "0"]
    olga.post("/users/", {"query": "asta@example"})
    assert names(olga) == ["Asta Testsson"]
    olga.post("/users/", {"query": "nobody like this"})
    assert "Nobody found" in olga.get("/users/").content.decode()
    olga.post("/users/", {"query": "nobody like this", "clear": "1"})
    assert len(names(olga)) == 3


def test_the_tabs_speak_of_several_people(people, olga, monkeypatch):
    """Swedish has one word for an active person and another for active people: each is a message of its own."""
    monkeypatch.setattr(translation._trans, "pgettext", lambda context, message: f"{message} {context}")
    page = olga.get("/users/").content.decode()
    for words in ("Active people", "Invited people", "Inactive people"):
        assert words in page


def test_one_finds_nobody_of_others(people, olga):
    olga.post("/users/", {"query": "otto"})
    assert names(olga) == []


def test_sorted_by_name_or_last_log_in(people, olga):
    User.objects.filter(pk=people.asta.pk).update(last_login=datetime(2026, 1, 1, tzinfo=UTC))
    User.objects.filter(pk=people.petra.pk).update(last_login=datetime(2026, 5, 1, tzinfo=UTC))
    User.objects.filter(pk=people.olga.pk).update(last_login=None)
    assert names(olga, "sort=name") == ["Asta Testsson", "Olga Testsson", "Petra Testsson"]
    assert names(olga, "sort=-name")[0] == "Petra Testsson"
    assert names(olga, "sort=login") == ["Petra Testsson", "Asta Testsson", "Olga Testsson"]
    assert names(olga, "sort=-login")[0] == "Olga Testsson"
    assert names(olga, "sort=evil&tab=evil&page=zero&clinic=x") == names(olga)


def test_of_who_is_inactive_here_nobody_learns_that_they_log_in_for_somebody_else(people, olga):
    membership_grant(user=people.petra, clinic=people.foreign, role=Role.PURCHASER)
    set_inactive(user=people.petra, clinics=[people.north])

    def shown() -> list[str]:
        paths = (
            "/users/?tab=inactive",
            f"/users/{people.petra.public_id}/",
            "/users/access/?status=all",
            "/users/access/",
        )
        pages = [olga.get(path).content.decode() for path in paths]
        return [re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"|Printed by [^<]+', "", page) for page in pages]

    before = shown()
    User.objects.filter(pk=people.petra.pk).update(last_login=timezone.now())
    assert shown() == before


@pytest.mark.parametrize("sort", ["login", "-login"])
def test_nor_from_the_order_in_which_the_inactive_stand(people, olga, sort):
    for person in (people.asta, people.petra):
        membership_grant(user=person, clinic=people.foreign, role=Role.PURCHASER)
        set_inactive(user=person, clinics=[people.north])
    for latest in (people.asta, people.petra):
        User.objects.update(last_login=None)
        User.objects.filter(pk=latest.pk).update(last_login=timezone.now())
        assert names(olga, f"tab=inactive&sort={sort}") == ["Asta Testsson", "Petra Testsson"]


def test_pages(people, olga):
    make_many(people, 60)
    assert len(names(olga)) == 50
    assert len(names(olga, "page=2")) == 13


def test_invited_say_how_it_stands(people, olga):
    invite(people.olga, [people.north], email="a@example.com")
    invite(people.olga, [people.north], email="b@example.com", at_once=False)
    invite(people.olga, [people.north], email="c@example.com")
    Invitation.objects.filter(email="c@example.com").update(sent=timezone.now() - timedelta(days=4))
    page = olga.get("/users/?tab=invited").content.decode()
    for words in ("The link works until", "Prepared", "Expired"):
        assert words in page


def make_many(people, number: int) -> None:
    """Each with a role at both clinics, and as many invited and inactive."""
    for index in range(number):
        person = UserFactory(first_name=f"Many{index:03}")
        for clinic in (people.north, people.south):
            membership_grant(user=person, clinic=clinic, role=Role.PURCHASER)


def make_invited_and_inactive(people, number: int) -> None:
    for index in range(number):
        invitation = Invitation.objects.create(
            account=people.north.account,
            email=f"i{Invitation.objects.count()}@example.com",
            first_name="I",
            last_name="N",
            role="assistant",
        )
        invitation.clinics.set([people.north, people.south])
        person = UserFactory(first_name=f"Off{index:03}")
        membership_grant(user=person, clinic=people.north, role=Role.ASSISTANT, is_active=False)
        User.objects.filter(pk=person.pk).update(is_active=False)


def asked(browser: Client, path: str) -> int:
    for _warm in range(2):
        assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return len(queries)


def test_queries_are_as_many_for_60_people_as_for_5(people, olga):
    paths = ["/users/?tab=active", "/users/?tab=invited", "/users/?tab=inactive", "/users/new/"]
    make_many(people, 5)
    make_invited_and_inactive(people, 5)
    few = [asked(olga, path) for path in paths]
    make_many(people, 55)
    make_invited_and_inactive(people, 40)
    many = [asked(olga, path) for path in paths]
    print("queries of the lists, few and many:", few, many)
    assert few == many


def test_queries_of_a_person_do_not_grow_with_the_clinics(people, olga):
    paths = [
        f"/users/{people.petra.public_id}/",
        f"/users/{people.petra.public_id}/{people.north.pk}/",
        f"/users/{people.petra.public_id}/inactive/",
    ]
    few = [asked(olga, path) for path in paths]
    for number in range(20):
        clinic = ClinicFactory(account=people.north.account)
        membership_grant(user=people.olga, clinic=clinic, role=Role.MAIN_USER)
        if number % 2:
            membership_grant(user=people.petra, clinic=clinic, role=Role.ASSISTANT)
    many = [asked(olga, path) for path in paths]
    print("queries of a person, 2 and 22 clinics:", few, many)
    assert few == many


def test_no_address_carries_a_name_or_an_e_mail(people, olga):
    """Every link and form of every page, and where each post leads, for somebody with an unmistakable name."""
    seen: list[str] = []

    def look(browser, path: str, form: dict | None = None) -> None:
        response = browser.post(path, form) if form is not None else browser.get(path)
        seen.extend([path, response.headers.get("Location", "")])
        seen.extend(re.findall(r'(?:href|action|src)="([^"]*)"', response.content.decode()))
        seen.extend(re.findall(r"<title>([^<]*)</title>", response.content.decode()))

    who = {"first_name": "Xantippa", "last_name": "Quirrenbach", "email": "xantippa@quirrenbach.example"}
    look(olga, "/users/new/", form_for([people.north], **who))
    look(olga, mail_path := mailed_link())
    person = UserFactory(**{**who, "email": "second@quirrenbach.example"})
    membership_grant(user=person, clinic=people.north, role=Role.PURCHASER)
    look(olga, "/users/?sort=name", {"query": "Quirrenbach"})
    for tab in ("active", "invited", "inactive"):
        look(olga, f"/users/?tab={tab}")
    invitation = Invitation.objects.get()
    page, invited = f"/users/{person.public_id}/", f"/users/invitations/{invitation.pk}/"
    for path in (page, f"{page}{people.north.pk}/", f"{page}{people.north.pk}/remove/", f"{page}inactive/"):
        look(olga, path)
    for path in (invited, f"{invited}withdraw/"):
        look(olga, path)
    look(olga, f"{page}inactive/", {"clinics": [str(people.north.pk)]})
    look(olga, f"{page}active/", {})
    look(olga, f"{invited}send/", {})
    look(Client(), mail_path)
    look(Client(), mailed_link())
    look(browser_of(person), "/profile/")
    links = re.findall(r"https?://\S+", "\n".join(message.body for message in mail.outbox))
    wrong = [each for each in (*seen, *links) if re.search("xantippa|quirrenbach|%40|@", each.lower())]
    assert not [each for each in wrong if not each.startswith("mailto:")]


@pytest.mark.parametrize("language", ["sv", "nb", "da"])
def test_mails_are_in_the_recipients_language(people, language):
    invite(people.olga, [people.north])
    Invitation.objects.update(language=language)
    invitations.send(actor=people.olga, pk=Invitation.objects.get().pk)
    assert f'lang="{language}"' in mail.outbox[-1].alternatives[0].content
