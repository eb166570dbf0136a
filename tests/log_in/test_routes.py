"""However somebody comes to a log-in page, it is ours; and what a password is typed into."""

import re

import pytest
from django.core import mail
from django.test import Client

from permissions.log_in.forgetting import forget_old
from permissions.models import Attempt
from permissions.services import membership_grant
from tests.factories import PASSWORD, ClinicFactory
from tests.log_in.doors import ask_for_link, is_in, link_in, logged_in

PASSWORD_INPUT = re.compile(r"<input[^>]*type=\"password\"[^>]*>")


@pytest.mark.parametrize(
    "path", ["/cms/login/", "/_util/login/", "/backoffice/login/", "/accounts/login/", "/admin/login/"]
)
def test_every_log_in_page_of_the_packages_leads_to_ours_or_is_not_there(people, path):
    answer = Client().get(path, follow=True)
    last = answer.redirect_chain[-1][0] if answer.redirect_chain else path
    assert answer.status_code == 404 or last.startswith("/login/")
    client = Client()
    client.post(path, {"username": "petra@example.com", "login": "petra@example.com", "password": PASSWORD})
    assert not is_in(client)


@pytest.mark.parametrize(
    "path", ["/cms/", "/cms/pages/", "/cms/account/", "/backoffice/", "/backoffice/orders/", "/orders/", "/profile/"]
)
def test_what_is_closed_leads_to_our_log_in_and_back(db, path):
    assert Client().get(path)["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", ["/cms/password_reset/", "/accounts/password/reset/", "/password-reset/"])
def test_nobody_else_sends_links_to_choose_a_password(people, path):
    Client().post(path, {"email": "petra@example.com"})
    Client().post(path, {"email": "edit@example.com"})
    assert mail.outbox == []


def inputs_of(page: str) -> dict[str, str]:
    return {re.search(r'name="(\w+)"', tag)[1]: tag for tag in PASSWORD_INPUT.findall(page)}


def test_password_fields_help_password_managers_and_forbid_nothing(people):
    client = logged_in("petra@example.com")
    ask_for_link("petra@example.com")
    pages = {
        "/login/": Client().get("/login/"),
        "/password/change/": client.get("/password/change/"),
        "/profile/security/e-mail/": client.get("/profile/security/e-mail/"),
        "reset": Client().get(link_in(mail.outbox[-1]), follow=True),
    }
    wanted = {"password": "current-password", "old_password": "current-password"}
    for where, answer in pages.items():
        page = answer.content.decode()
        fields = inputs_of(page)
        assert fields, where
        for name, tag in fields.items():
            assert f'autocomplete="{wanted.get(name, "new-password")}"' in tag, tag
            assert 'data-show="Show"' in tag
            assert "maxlength" not in tag
        assert "onpaste" not in page
        assert "js/passwords.js" in page
        if "new_password1" in fields:
            assert "We recommend a mix" in page


def test_the_profile_names_group_clinics_and_functions(people):
    membership_grant(user=people.petra, clinic=people.south, role="main_user")
    membership_grant(user=people.olga, clinic=people.south, role="assistant", confirmed=True)
    answer = logged_in("olga@example.com").get("/profile/")
    page = answer.content.decode()
    assert answer.context["user_groups"] == ["Main user", "Assistant"]
    for words in ("User group", "Main user, Assistant", "Nordhear South", "Balance and invoices"):
        assert words in page


def test_the_profile_takes_the_same_queries_for_two_clinics_and_twenty(people):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for _round in range(2):
        client = logged_in("olga@example.com")
        client.get("/profile/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/profile/")
        taken.append(len(queries))
        for number in range(18):
            clinic = ClinicFactory(account=people.north.account, name=f"Clinic {number}")
            membership_grant(user=people.olga, clinic=clinic, role="main_user")
    print(f"{taken} queries")
    assert taken[0] == taken[1]


def test_the_suppliers_people_read_what_they_are(people):
    client = logged_in("edit@example.com")
    assert client.get("/profile/").context["user_groups"] == ["Editors", "Moderators"]


def test_what_is_over_is_forgotten(people):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    open_still, over = logged_in("petra@example.com"), logged_in("petra@example.com")
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now())
    Attempt.objects.create(kind="x", key="y")
    Attempt.objects.update(at="2026-01-01T00:00Z")
    forget_old()
    assert UserSession.objects.get().session_key == open_still.session.session_key
    assert not Attempt.objects.exists()
    assert is_in(open_still)
