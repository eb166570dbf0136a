"""“Log-in and security”: adding, keeping and removing a second factor, and telling the person of each change."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from permissions.log_in import second_factor
from permissions.models import AccessEvent, User
from tests.log_in.authenticator import App, confirm, is_in, passkey_row, password, recovery_codes, send_code

SECRET = re.compile(r'class="app-secret"[^>]*>((?:<span>[A-Z2-7]{4}</span><wbr>){8})<')
CONFIRM = "/profile/security/confirm/"


def history(user: User) -> list[tuple[str, int | None]]:
    return list(
        AccessEvent.objects.filter(person=user, action__in=["factor_added", "factor_removed", "codes"])
        .order_by("pk")
        .values_list("action", "actor")
    )


@pytest.fixture
def petra(client, people) -> Client:
    client.force_login(people.petra)
    confirm(client)
    return client


def secret_on(page: str) -> str:
    """As it is copied: what shows gaps between the groups is no text."""
    return strip_tags(SECRET.search(page)[1])


def begin_app(client: Client) -> App:
    return App(secret_on(client.get("/profile/security/app/").content.decode()))


def add_app(client: Client) -> App:
    app = begin_app(client)
    assert client.post("/profile/security/app/", {"code": app.code()})["Location"] == "/profile/security/codes/"
    return app


# --- The authenticator app --------------------------------------------------------------------------------------


def test_the_picture_and_the_text_hold_the_same_secret(petra, people):
    page = petra.get("/profile/security/app/").content.decode()
    assert "<svg" in page
    assert 'src="data:' not in page
    assert "autofocus" not in page  # it would lead past them
    address = unescape(re.search(r'href="(otpauth://[^"]+)"', page)[1])
    assert parse_qs(urlsplit(address).query)["secret"] == [secret_on(page)]
    assert "style=" not in page.partition('class="app-picture"')[2].partition("</svg>")[0]


def test_the_first_code_adds_the_app(petra, people):
    app = add_app(petra)
    assert second_factor.has_factor(people.petra)
    other = Client()
    password(other, people.petra)
    send_code(other, app.code(1))
    assert is_in(other)


def test_the_first_code_is_used_up(petra, people, monkeypatch):
    app = begin_app(petra)
    code = app.code()
    petra.post("/profile/security/app/", {"code": code})
    other = Client()
    password(other, people.petra)
    assert send_code(other, code).status_code == 422


def test_a_wrong_code_adds_nothing_and_the_secret_stays(petra, people):
    app = begin_app(petra)
    answer = petra.post("/profile/security/app/", {"code": app.wrong_code()})
    assert answer.status_code == 422
    assert secret_on(answer.content.decode()) == app.secret
    assert not second_factor.has_factor(people.petra)
    assert petra.post("/profile/security/app/", {"code": app.code()}).status_code == 302


def test_the_secret_is_encrypted_in_the_session_too_and_leaves_it(petra, people):
    app = begin_app(petra)
    assert app.secret not in str([session.get_decoded() for session in Session.objects.all()])
    petra.post("/profile/security/app/", {"code": app.code()})
    assert "mfa.totp.secret" not in petra.session


def test_there_is_one_app(petra, people):
    add_app(petra)
    assert petra.get("/profile/security/app/")["Location"] == "/profile/security/"
    people.petra.refresh_from_db()  # the first factor ended the other sessions
    with pytest.raises(second_factor.FactorUnchanged):
        second_factor.add_app(people.petra, "A" * 32, 1)


def test_adding_is_told_and_remembered(petra, people):
    User.objects.filter(pk=people.petra.pk).update(language="sv")
    add_app(petra)
    (message,) = mail.outbox
    assert message.to == [people.petra.email]
    assert message.body.startswith(message.subject)
    assert "/profile/security/" in message.body
    assert history(people.petra) == [("factor_added", people.petra.pk)]
    assert AccessEvent.objects.get(action="factor_added").after == {"factor": "totp"}


def test_nothing_is_changed_when_the_mail_can_not_be_put_into_the_outbox(petra, people, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("permissions.log_in.second_factor.tell", broken)
    with pytest.raises(RuntimeError):
        second_factor.add_app(people.petra, "A" * 32, 1)
    assert not Authenticator.objects.exists()
    assert history(people.petra) == []


# --- Recovery codes ---------------------------------------------------------------------------------------------


def shown_codes(client: Client) -> list[str]:
    page = client.get("/profile/security/codes/").content.decode()
    return [code.replace(" ", "") for code in re.findall(r"<li><code>(\d{4} \d{4})</code></li>", page)]


def test_codes_are_shown_until_they_are_kept(petra, people):
    add_app(petra)
    codes = shown_codes(petra)
    assert codes == recovery_codes(people.petra)
    assert len(set(codes)) == 10
    assert shown_codes(petra) == codes
    assert petra.post("/profile/security/codes/")["Location"] == "/profile/security/"
    assert shown_codes(petra) == []
    assert petra.get("/profile/security/codes/download/").status_code == 404


def test_codes_are_not_shown_for_longer_than_an_hour(petra, people):
    add_app(petra)
    Authenticator.objects.filter(type="recovery_codes").update(
        created_at=timezone.now() - timezone.timedelta(minutes=61)
    )
    assert shown_codes(petra) == []


def test_codes_are_downloaded_as_text(petra, people):
    add_app(petra)
    file = petra.get("/profile/security/codes/download/")
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert re.findall(r"^(\d{4}) (\d{4})$", file.content.decode(), re.M) == [(c[:4], c[4:]) for c in shown_codes(petra)]
    assert "no-store" in file["Cache-Control"]
    assert people.petra.email not in file.content.decode()


def test_new_codes_make_the_old_ones_worthless(petra, people):
    add_app(petra)
    petra.post("/profile/security/codes/")
    old = recovery_codes(people.petra)
    mail.outbox.clear()
    petra.post("/profile/security/codes/new/")
    assert len(mail.outbox) == 1
    assert history(people.petra)[-1] == ("codes", people.petra.pk)
    new = shown_codes(petra)
    assert not set(old) & set(new)
    other = Client()
    password(other, people.petra)
    assert send_code(other, old[0]).status_code == 422
    send_code(other, new[0])
    assert is_in(other)


def test_there_are_no_codes_without_a_factor(petra):
    for path in ("/profile/security/codes/", "/profile/security/codes/new/", "/profile/security/codes/download/"):
        assert petra.get(path).status_code == 404


# --- Removing and renaming --------------------------------------------------------------------------------------


def test_the_last_factor_takes_the_codes_with_it(petra, people):
    add_app(petra)
    mail.outbox.clear()
    assert "It is your only second factor" in petra.get("/profile/security/app/remove/").content.decode()
    petra.post("/profile/security/app/remove/")
    assert not Authenticator.objects.exists()
    assert len(mail.outbox) == 1
    assert history(people.petra)[-1] == ("factor_removed", people.petra.pk)
    assert password(Client(), people.petra)["Location"] == "/"


def test_another_factor_keeps_the_codes(petra, people):
    add_app(petra)
    passkey_row(people.petra)
    petra.post("/profile/security/app/remove/")
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "webauthn"]


def test_the_last_factor_stays_while_it_is_required(petra, people):
    add_app(petra)
    require_it(people)
    page = petra.get("/profile/security/app/remove/").content.decode()
    assert "Add another one before you remove this." in page
    petra.post("/profile/security/app/remove/")
    assert second_factor.has_factor(people.petra)
    key = passkey_row(people.petra)
    petra.post(f"/profile/security/passkeys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()
    assert second_factor.has_factor(people.petra)


def require_it(people) -> None:
    people.north.account.requires_second_factor = True
    people.north.account.save()


def test_passkeys_have_names(petra, people):
    key = passkey_row(people.petra)
    assert petra.post(f"/profile/security/passkeys/{key.pk}/", {"name": " "}).status_code == 422
    assert petra.post(f"/profile/security/passkeys/{key.pk}/", {"name": "x" * 61}).status_code == 422
    petra.post(f"/profile/security/passkeys/{key.pk}/", {"name": '<b>The "key"</b>'})
    assert "&lt;b&gt;The &quot;key&quot;&lt;/b&gt;" in petra.get("/profile/security/").content.decode()


@pytest.mark.parametrize("path", ["", "remove/"])
def test_nobody_touches_another_persons_passkey(petra, people, path):
    key = passkey_row(people.asta)
    assert petra.get(f"/profile/security/passkeys/{key.pk}/{path}").status_code == 404
    assert petra.post(f"/profile/security/passkeys/{key.pk}/{path}", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "My phone"


# --- The page ---------------------------------------------------------------------------------------------------


def test_the_page_asks_as_often_for_many_passkeys_as_for_one(client, people):
    client.force_login(people.petra)
    counts = []
    for _more in range(2):
        for _key in range(5):
            passkey_row(people.petra)
        client.get("/profile/security/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/profile/security/")
        counts.append(len(queries))
    print("queries of the page:", counts)
    assert counts[0] == counts[1]
