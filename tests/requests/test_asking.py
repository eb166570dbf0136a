"""A2, B8: the public form tells a stranger nothing, and who manages a clinic asks for one more."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions.models import AccessEvent, AccountRequest, Attempt
from permissions.requests import limits
from permissions.roles import Role
from permissions.services import membership_grant, set_inactive
from shop.dashboard.requests.deciding import decline
from tests.factories import AccountFactory, ClinicFactory, UserFactory
from tests.requests.requesting import EMAIL, asked_for_clinic, clerk, typed

PATH, THANKS = "/register/", "/register/received/"
SERVICE = "service@bestil.example"


def send(client, **more):
    return client.post(PATH, typed(**more))


def said(response) -> str:
    return response.content.decode()


class TestThePublicForm:
    def test_a_request_is_kept_as_it_is_written_in_the_country(self, client, db):
        answer = send(client)
        assert (answer.status_code, answer["Location"]) == (302, THANKS)
        row = AccountRequest.objects.get()
        assert (row.kind, row.state, row.requested_by, row.account) == ("account", "received", None, None)
        assert (row.organisation_number, row.postcode, row.email) == ("5566778899", "972 31", EMAIL)
        assert str(row.phone_number) == "+46701740605"
        event = AccessEvent.objects.get()
        assert (event.action, event.request, event.actor) == ("requested", row, None)

    @pytest.mark.parametrize(
        "country", [("NO", "912 345 688", "0150", "40612345"), ("DK", "12345674", "2100", "32123456")]
    )
    def test_each_country_has_numbers_of_its_own(self, client, db, country):
        code, number, postcode, phone = country
        fields = {"country": code, "organisation_number": number, "postcode": postcode, "phone_number": phone}
        assert send(client, **fields).status_code == 302
        assert AccountRequest.objects.get().organisation_number == number.replace(" ", "")

    def test_nothing_is_filled_in_beforehand(self, client, people):
        client.force_login(people.olga)
        form = client.get(PATH + "?company=Evil&country=SE").context["form"]
        assert not any(field.value() for field in form)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"organisation_number": "556677-8890"}, "556677-8899"),
            ({"organisation_number": "912345688"}, "556677-8899"),
            ({"country": "NO"}, "912 345 688"),
            ({"country": "DK"}, "12 34 56 74"),
            ({"country": ""}, "Choose the country"),
            ({"country": "FI"}, "Select a valid choice"),
            ({"postcode": "1234"}, "903 25"),
            ({"phone_number": "12"}, "Write the phone number as in"),
            ({"email": "nina"}, "valid email"),
            ({"company": "\u200b\u202e"}, "required"),
            ({"company": "x" * 201}, "at most 200"),
            ({"message": "x" * 2001}, "at most 2000"),
            ({"clinic_name": "\x00"}, "required"),
            ({"email": "a\x00b@new.example"}, "Null characters"),
            ({"first_name": ""}, "required"),
        ],
    )
    def test_what_is_wrong_is_said_with_an_example_and_nothing_is_lost(self, client, db, fields, message):
        answer = send(client, **fields)
        assert answer.status_code == 422
        assert message in said(answer)
        assert "Storgatan 4" in said(answer)
        assert not AccountRequest.objects.exists()
        assert not mail.outbox

    def test_an_empty_form(self, client, db):
        answer = client.post(PATH, {})
        assert answer.status_code == 422
        assert not AccountRequest.objects.exists()

    def test_typed_text_stays_on_its_line_and_shows_as_it_reads(self, client, db):
        send(client, company="Acme\r\nBcc: all@example.com\u202e", message="one\r\ntwo\u200b")
        row = AccountRequest.objects.get()
        assert (row.company, row.message) == ("Acme Bcc: all@example.com", "one\ntwo")

    def test_other_fields_of_the_row_can_not_be_posted(self, client, people):
        send(client, state="approved", kind="clinic", account=str(people.north.account.pk), decided_by="1")
        row = AccountRequest.objects.get()
        assert (row.state, row.kind, row.account, row.decided_by) == ("received", "account", None, None)

    def test_what_fills_in_every_field_thinks_that_it_succeeded(self, client, db):
        answer = send(client, homepage="https://spam.example/")
        assert (answer.status_code, answer["Location"]) == (302, THANKS)
        assert not AccountRequest.objects.exists()
        assert not Attempt.objects.exists()
        assert not mail.outbox

    def test_the_trap_is_in_no_message_and_is_reached_by_no_key(self, client, db):
        page = said(client.get(PATH))
        assert page.count('tabindex="-1"') == 2  # main, and the trap
        assert "homepage" not in said(client.post(PATH, {})).split("error-summary")[1].split("</ul>")[0]


class TestTheSameAnswer:
    """Whether company, person or number is known changes neither words nor work."""

    KNOWN = (
        {"organisation_number": "556036-0793", "email": "someone@new.example"},
        {"email": "olga@example.com"},
        {"customer_number": "10010"},
    )

    @pytest.mark.parametrize("fields", KNOWN)
    def test_for_what_is_known_and_what_is_new(self, client, people, fields):
        with CaptureQueriesContext(connection) as new:
            first = send(client, email="fresh@new.example")
        with CaptureQueriesContext(connection) as known:
            second = send(client, **fields)
        assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
        assert len(new) == len(known)
        receipts = [sent for sent in mail.outbox if sent.to != [SERVICE]]
        assert len({sent.subject for sent in receipts}) == 1
        assert len(receipts) == 2


class TestTheMails:
    def test_a_receipt_in_the_language_of_the_page_and_a_word_to_customer_service(self, client, db):
        client.cookies["django_language"] = "sv"
        send(client)
        receipt, waiting = mail.outbox
        assert (receipt.to, waiting.to) == ([EMAIL], [SERVICE])
        row = AccountRequest.objects.get()
        assert row.language == "sv"
        assert receipt.subject == "Vi har tagit emot din förfrågan"
        assert waiting.subject == "A request for an account waits"
        assert f"http://localhost:8000/backoffice/requests/{row.pk}/" in waiting.body

    def test_the_receipt_repeats_nothing_that_a_stranger_typed(self, client, db):
        """Else the form would mail anybody's words to anybody, in our name."""
        poison = "Win at Evil Example"  # what looks more like an address is no name
        fields = ("company", "clinic_name", "line1", "city", "first_name", "last_name", "message", "customer_number")
        send(client, **dict.fromkeys(fields, poison))
        receipt = mail.outbox[0]
        assert receipt.to == [EMAIL]
        whole = receipt.subject + receipt.body + receipt.alternatives[0][0]
        assert "evil" not in whole.lower()
        assert "556677-8899" in whole

    def test_a_clinic_that_was_asked_for_is_named_in_its_mails(self, people):
        row = asked_for_clinic(people.olga, people.north.account, clinic_name="Nordhear Väst")
        decline(by=clerk(people.stella), request_id=row.pk, reason="The company moves")
        told = [sent for sent in mail.outbox if sent.to == [people.olga.email]]
        assert len(told) == 2
        for sent in told:
            assert "Nordhear Väst" in sent.body
            assert "Nordhear Väst" in sent.alternatives[0][0]

    def test_hostile_words_stay_words_in_the_mail_to_customer_service(self, client, db):
        send(client, company="<script>alert(1)</script>\nSubject: x")
        html = mail.outbox[1].alternatives[0][0]
        assert "<script>" not in html
        assert mail.outbox[1].subject == "A request for an account waits"

    def test_nobody_to_write_to(self, client, db, settings):
        settings.SUPPORT = {"phone": "", "email": ""}
        send(client)
        assert [sent.to for sent in mail.outbox] == [[EMAIL]]

    def test_a_flood_is_kept_but_not_mailed_to_customer_service(self, client, db, monkeypatch):
        monkeypatch.setattr(limits, "NOTICES_AND_HOUR", 1)
        for number in range(3):
            send(client, email=f"p{number}@new.example")
        assert len([sent for sent in mail.outbox if sent.to == [SERVICE]]) == 1
        assert AccountRequest.objects.count() == 3


class TestHowOften:
    def test_a_network_is_stopped_and_what_was_typed_stays(self, client, db):
        for number in range(limits.PER_NETWORK_AND_HOUR):
            assert send(client, email=f"p{number}@new.example").status_code == 302
        answer = send(client, email="one@more.example")
        assert answer.status_code == 429
        assert "Many requests came just now" in said(answer)
        assert "Öronhjälpen Luleå" in said(answer)
        assert AccountRequest.objects.count() == limits.PER_NETWORK_AND_HOUR

    def test_other_networks_go_on(self, client, db):
        for _each in range(limits.PER_NETWORK_AND_HOUR + 1):
            limits.allow("register-hour", "127.0.0.1", limit=limits.PER_NETWORK_AND_HOUR, within=limits.HOUR)
        assert send(client).status_code == 429
        assert client.post(PATH, typed(), REMOTE_ADDR="192.0.2.7").status_code == 302

    def test_an_address_that_is_written_again_and_again_from_everywhere(self, client, db):
        for number in range(limits.PER_EMAIL_AND_DAY):
            data = typed(message=f"Mail {number}")  # the very same is kept once, without a mail
            assert client.post(PATH, data, REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
        upper = typed(email=EMAIL.upper())
        assert client.post(PATH, upper, REMOTE_ADDR="192.0.2.99").status_code == 429
        receipts = [sent for sent in mail.outbox if sent.to == [EMAIL]]
        assert len(receipts) == limits.PER_EMAIL_AND_DAY

    def test_one_ipv6_network_counts_as_one(self, client, db):
        for number in range(limits.PER_NETWORK_AND_HOUR):
            data = typed(email=f"p{number}@new.example")
            assert client.post(PATH, data, REMOTE_ADDR=f"2001:db8::{number + 1}").status_code == 302
        assert client.post(PATH, typed(), REMOTE_ADDR="2001:db8::ffff:2").status_code == 429
        assert client.post(PATH, typed(), REMOTE_ADDR="2001:db8:0:1::1").status_code == 302

    def test_a_forwarded_address_that_nobody_vouches_for_is_not_believed(self, client, db):
        for number in range(limits.PER_NETWORK_AND_HOUR + 1):
            headers = {"X-Forwarded-For": f"198.51.100.{number}"}
            answer = client.post(PATH, typed(email=f"p{number}@new.example"), headers=headers)
        assert answer.status_code == 429

    def test_mistakes_are_not_counted(self, client, db):
        for _each in range(limits.PER_NETWORK_AND_HOUR + 2):
            assert send(client, postcode="x").status_code == 422
        assert send(client).status_code == 302

    def test_after_an_hour_it_goes_on(self, client, db):
        for number in range(limits.PER_NETWORK_AND_HOUR):
            send(client, email=f"p{number}@new.example")
        Attempt.objects.update(at=timezone.now() - timedelta(minutes=61))
        assert send(client).status_code == 302

    @pytest.mark.parametrize(
        ("typed_as", "kept"),
        [
            ("nina+1@new.example", "nina@new.example"),
            ("n.i.n.a@gmail.com", "nina@gmail.com"),
            ("nina+x@googlemail.com", "nina@gmail.com"),
            ("n.ina@new.example", "n.ina@new.example"),
            ("+nina@new.example", "+nina@new.example"),
        ],
    )
    def test_spellings_of_one_mailbox(self, typed_as, kept):
        assert limits.mailbox(typed_as) == kept

    def test_a_mailbox_gets_no_more_mails_however_it_is_spelled_and_the_page_says_until_when(self, client, db):
        for number in range(limits.PER_EMAIL_AND_DAY):
            data = typed(email=f"victim+{number}@new.example")
            assert client.post(PATH, data, REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
        answer = client.post(PATH, typed(email="victim+more@new.example"), REMOTE_ADDR="192.0.2.99")
        assert answer.status_code == 429
        assert "Send it again tomorrow" in said(answer)
        assert "Wait an hour" not in said(answer)


class TestPressedTwice:
    def test_the_same_request_is_kept_and_confirmed_once(self, client, db):
        answers = [send(client) for _each in range(2)]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, THANKS)}
        assert AccountRequest.objects.count() == 1
        assert [sent.to for sent in mail.outbox] == [[EMAIL], [SERVICE]]

    def test_another_word_makes_another_request(self, client, db):
        send(client)
        send(client, message="Call before ten")
        assert AccountRequest.objects.count() == 2

    def test_and_the_same_after_a_while(self, client, db):
        send(client)
        Attempt.objects.update(at=timezone.now() - limits.REPEAT)
        send(client)
        assert AccountRequest.objects.count() == 2

    def test_a_clinic_too(self, client, people):
        client.force_login(people.olga)
        for _each in range(2):
            assert client.post(TestAskingForAClinic.PATH, TestAskingForAClinic.TYPED).status_code == 302
        assert AccountRequest.objects.count() == 1


class TestIdentityNumbers:
    @pytest.mark.parametrize("name", ["company", "customer_number", "clinic_name", "line1", "city", "message"])
    def test_none_is_kept(self, client, db, name):
        answer = send(client, **{name: "640823-3234"})
        assert answer.status_code == 422
        assert "national identity number" in said(answer)
        assert not AccountRequest.objects.exists()

    def test_a_sole_traders_number_is_taken_and_stands_in_no_mail(self, client, db):
        assert send(client, organisation_number="640823-3234").status_code == 302
        assert AccountRequest.objects.get().organisation_number == "6408233234"
        for letter in mail.outbox:
            for body in (letter.body, letter.alternatives[0][0]):
                assert "3234" not in body
        assert "asked us for an account and wrote this address" in mail.outbox[0].body


class TestAskingForAClinic:
    PATH = "/clinics/new/"
    TYPED = {
        "clinic_name": "Nordhear West",
        "line1": "Västgatan 1",
        "postcode": "41120",
        "city": "Göteborg",
        "phone_number": "070-174 06 05",
        "message": "",
    }

    def test_company_and_person_are_known(self, client, people):
        client.force_login(people.olga)
        answer = client.post(self.PATH, self.TYPED)
        assert (answer.status_code, answer["Location"]) == (302, self.PATH)
        row = AccountRequest.objects.get()
        assert (row.kind, row.account, row.company) == ("clinic", people.north.account, "Nordhear AB")
        assert (row.requested_by, row.email, row.country) == (people.olga, "olga@example.com", "SE")
        assert row.postcode == "411 20"
        assert [sent.to for sent in mail.outbox] == [["olga@example.com"], [SERVICE]]
        assert AccessEvent.objects.get(action="requested").account == people.north.account

    def test_the_page_shows_what_was_asked_for(self, client, people):
        asked_for_clinic(people.olga, people.north.account)
        client.force_login(people.olga)
        page = said(client.get(self.PATH))
        assert "Nordhear West" in page
        assert "Received" in page

    def test_nobody_else_sees_it(self, client, people):
        asked_for_clinic(people.olga, people.north.account)
        client.force_login(people.otto)
        assert "Nordhear West" not in said(client.get(self.PATH))

    @pytest.mark.parametrize("name", ["petra", "asta"])
    def test_who_manages_no_clinic_is_refused(self, client, people, name):
        client.force_login(getattr(people, name))
        assert client.get(self.PATH).status_code == 403
        assert client.post(self.PATH, self.TYPED).status_code == 403
        assert not AccountRequest.objects.exists()

    def test_managing_any_clinic_of_the_account_is_enough(self, client, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
        client.force_login(people.petra)
        assert client.post(self.PATH, self.TYPED).status_code == 302

    def test_not_any_more(self, client, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
        client.force_login(people.petra)
        set_inactive(user=people.petra, clinics=[people.south], confirmed=True)
        client.force_login(people.petra)
        assert client.post(self.PATH, self.TYPED).status_code == 403
        with pytest.raises(Exception, match="main user"):
            asked_for_clinic(people.petra, people.north.account)

    def test_who_has_several_accounts_chooses_one(self, client, people):
        second = ClinicFactory(account=AccountFactory(name="Alpha AB"))
        membership_grant(user=people.olga, clinic=second, role=Role.MAIN_USER)
        client.force_login(people.olga)
        assert client.post(self.PATH, self.TYPED).status_code == 422
        chosen = {**self.TYPED, "account": str(second.account.pk)}
        assert client.post(self.PATH, chosen).status_code == 302
        assert AccountRequest.objects.get().account == second.account

    def test_a_foreign_account_can_not_be_chosen(self, client, people):
        second = ClinicFactory(account=AccountFactory(name="Alpha AB"))
        membership_grant(user=people.olga, clinic=second, role=Role.MAIN_USER)
        client.force_login(people.olga)
        for foreign in (str(people.foreign.account.pk), "x", "", "0"):
            assert client.post(self.PATH, {**self.TYPED, "account": foreign}).status_code == 422
        assert not AccountRequest.objects.exists()

    def test_a_purchaser_of_another_account_is_not_offered_it(self, client, people):
        membership_grant(user=people.olga, clinic=people.foreign, role=Role.PURCHASER)
        client.force_login(people.olga)
        posted = {**self.TYPED, "account": str(people.foreign.account.pk)}
        client.post(self.PATH, posted)
        assert AccountRequest.objects.get().account == people.north.account

    def test_too_many_in_a_day(self, client, people, monkeypatch):
        monkeypatch.setattr(limits, "PER_PERSON_AND_DAY", 2)
        client.force_login(people.olga)
        statuses = [client.post(self.PATH, self.TYPED).status_code for _each in range(3)]
        assert statuses == [302, 302, 429]

    def test_numbers_as_in_the_accounts_country(self, client, people):
        client.force_login(people.otto)
        assert "0150" in said(client.post(self.PATH, self.TYPED))
        norwegian = {**self.TYPED, "postcode": "0150", "phone_number": "40612345"}
        assert client.post(self.PATH, norwegian).status_code == 302


def test_the_way_in(client, people):
    assert 'href="/register/"' in said(client.get("/login/"))
    client.force_login(UserFactory())
    page = client.get("/")
    assert page.status_code == 403
    assert 'href="/register/"' in said(page)
