"""M12: the back office queue, what it points out, and the forms of the decision."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core import mail

from permissions.models import Account, AccountRequest, Clinic, Invitation
from permissions.roles import Role
from permissions.services import membership_grant
from shop.dashboard.requests.deciding import decline
from shop.dashboard.requests.duplicates import duplicates_of, mail_domain
from shop.dashboard.requests.making import NewClinic
from tests.factories import AccountFactory, ClinicFactory, UserFactory
from tests.requests.requesting import EMAIL, approved, asked, asked_for_clinic, clerk, new_clinic, posted

LIST = "/backoffice/requests/"


@pytest.fixture
def stella(client, people):
    clerk(people.stella)
    client.force_login(people.stella)
    return people.stella


def said(response) -> str:
    return response.content.decode()


def page(row, more: str = "") -> str:
    return f"{LIST}{row.pk}/{more}"


class TestTheList:
    def test_tabs_count_and_what_waits_longest_comes_first(self, client, stella):
        first, second, third = asked(company="First"), asked(company="Second"), asked(company="Third")
        decline(by=stella, request_id=second.pk, reason="No")
        shown = client.get(LIST)
        assert [row.company for row in shown.context["page_obj"]] == ["First", "Third"]
        assert [(value, count) for value, _label, count in shown.context["tabs"]] == [
            ("received", 2),
            ("approved", 0),
            ("declined", 1),
            ("closed", 0),
        ]
        assert "Second" in said(client.get(LIST + "?state=declined"))
        assert (first.state, third.state) == ("received", "received")

    @pytest.mark.parametrize("state", ["x", "", "\x01", "received' or 1=1"])
    def test_a_state_that_is_none(self, client, stella, state):
        assert client.get(LIST, {"state": state}).context["state"] == "received"

    @pytest.mark.parametrize("typed", ["alfa", "556677-8899", "5566778899", "ALFA nina", "Luleå", EMAIL, "C-77"])
    def test_a_search_is_posted_and_stands_in_no_address(self, client, stella, typed):
        asked(company="Alfa AB", customer_number="C-77")
        asked(company="Beta", organisation_number="1", email="b@b.example", first_name="B", clinic_name="B", city="B")
        answer = client.post(LIST + "?state=received", {"query": typed})
        assert answer["Location"] == LIST + "?state=received"
        shown = client.get(answer["Location"])
        assert [row.company for row in shown.context["page_obj"]] == ["Alfa AB"]
        client.post(LIST, {"query": typed, "clear": "1"})
        assert len(client.get(LIST).context["page_obj"]) == 2

    @pytest.mark.parametrize("typed", ["%", "_", "\\", "' or 1=1 --", "<script>", "x" * 100, "-"])
    def test_hostile_searches(self, client, stella, typed):
        asked()
        answer = client.post(LIST, {"query": typed}, follow=True)
        assert answer.status_code == 200
        assert "<script>'" not in said(answer)

    @pytest.mark.parametrize("typed", ["x" * 101, "\x00"])
    def test_a_search_that_nobody_could_have_meant(self, client, stella, typed):
        assert client.post(LIST, {"query": typed}).status_code == 422

    def test_a_company_that_is_known_is_marked(self, client, stella, people):
        asked(organisation_number=people.north.account.organisation_number)
        assert said(client.get(LIST)).count("Number is known") == 1
        asked()
        assert said(client.get(LIST)).count("Number is known") == 1

    def test_pages(self, client, stella):
        rows = [asked(company=f"C{number}") for number in range(27)]
        assert [row.pk for row in client.get(LIST + "?page=2").context["page_obj"]] == [row.pk for row in rows[25:]]

    def test_the_navigation_leads_there(self, client, stella, people):
        assert f'href="{LIST}"' in said(client.get("/backoffice/"))


class TestWhoMayOpenIt:
    def test_only_customer_service(self, client, people):
        row = asked()
        paths = [LIST, page(row), page(row, "approve/"), page(row, "decline/")]
        client.force_login(people.stella)  # staff, without the group
        assert [client.get(path).status_code for path in paths] == [403] * 4
        assert client.post(page(row, "invite/")).status_code == 403
        client.force_login(people.olga)
        assert [client.get(path).status_code for path in paths] == [403] * 4

    def test_who_only_looks_sees_no_buttons_and_decides_nothing(self, client, people):
        people.stella.user_permissions.add(Permission.objects.get(codename="view_accountrequest"))
        client.force_login(people.stella)
        row = asked()
        shown = said(client.get(page(row)))
        assert "Approve …" not in shown
        assert "Decline …" not in shown
        assert client.post(page(row, "decline/"), {"reason": "No"}).status_code == 403
        assert client.post(page(row, "approve/"), posted()).status_code == 403
        row.refresh_from_db()
        assert row.state == "received"

    def test_an_unknown_request(self, client, stella):
        for more in ("", "approve/", "decline/"):
            assert client.get(f"{LIST}11111111-1111-4111-8111-111111111111/{more}").status_code == 404


class TestDuplicates:
    def test_nothing_is_known(self, client, stella, people):
        row = asked()
        assert not duplicates_of(row).found
        assert "are new here" in said(client.get(page(row)))

    def test_the_same_organisation_number_however_it_was_kept(self, stella, people):
        Account.objects.filter(pk=people.north.account.pk).update(organisation_number="556036-0793")
        found = duplicates_of(asked(organisation_number="5560360793"))
        assert found.same_number == [people.north.account]
        assert not duplicates_of(asked(organisation_number="5560360793", country="NO")).same_number

    def test_the_account_is_shown_with_its_clinics(self, client, stella, people):
        shown = said(client.get(page(asked(organisation_number="5560360793"))))
        for word in ("Same organisation number", "Nordhear AB", "Nordhear North (10010)", "Nordhear South (10020)"):
            assert word in shown

    @pytest.mark.parametrize("number", ["10010", "abc-1", "ABC-1"])
    def test_the_same_customer_number(self, client, stella, people, number):
        ClinicFactory(customer_number="ABC-1")
        row = asked(customer_number=number)
        assert duplicates_of(row).same_customer_number is not None
        assert "Same customer number" in said(client.get(page(row)))

    def test_the_same_address_is_a_user(self, client, stella, people):
        row = asked(email="petra@example.com")
        assert duplicates_of(row).same_email == people.petra
        assert "Purchaser, Nordhear North (Nordhear AB)" in said(client.get(page(row)))

    def test_a_person_who_was_set_inactive_is_found_too(self, stella, people):
        UserFactory(email=EMAIL, is_active=False)
        assert duplicates_of(asked()).same_email is not None

    def test_the_same_mail_domain(self, client, stella, people):
        for number in range(12):
            person = UserFactory(email=f"p{number}@oronhjalpen.example")
            membership_grant(user=person, clinic=people.north, role=Role.ASSISTANT)
        UserFactory(email="x@notoronhjalpen.example")
        row = asked()
        found = duplicates_of(row)
        assert (found.colleagues_count, len(found.colleagues)) == (12, 10)
        assert [(account.name, account.people) for account in found.domain_accounts] == [("Nordhear AB", 12)]
        assert "12 users with addresses at oronhjalpen.example" in said(client.get(page(row)))

    @pytest.mark.parametrize("domain", ["gmail.com", "outlook.com", "hotmail.se", "live.dk", "online.no", "mail.dk"])
    def test_public_mail_says_nothing_about_where_somebody_works(self, stella, people, domain):
        UserFactory(email=f"p@{domain}")
        assert not duplicates_of(asked(email=f"q@{domain}")).colleagues_count

    @pytest.mark.parametrize(
        ("email", "domain"),
        [
            *[("a@clinic.se", "clinic.se"), ("a@mail.clinic.se", "mail.clinic.se"), ("a@clinic.co.uk", "clinic.co.uk")],
            *[
                (f"a@{public}", "")
                for public in ("yahoo.com", "hotmail.co.uk", "yahoo.com.br", "post.tele.dk", "hey.com")
            ],
            *[("a@privaterelay.appleid.com", ""), ("a@local", ""), ("", "")],
        ],
    )
    def test_what_is_a_company_domain(self, email, domain):
        assert mail_domain(email) == domain

    def test_other_requests_of_the_same_company_or_person(self, stella, people):
        decided, waiting, other = asked(), asked(email="x@x.example"), asked(organisation_number="1")
        asked(organisation_number="2", email="y@y.example")
        decline(by=stella, request_id=decided.pk, reason="No")
        row = asked()
        assert [found.pk for found in duplicates_of(row).others][-1] == decided.pk
        assert {found.pk for found in duplicates_of(row).others} == {decided.pk, waiting.pk, other.pk}

    def test_staff_are_nobodys_colleagues(self, stella, people):
        colleagues = duplicates_of(asked(email="new@example.com")).colleagues
        assert people.olga in colleagues
        assert people.stella not in colleagues


class TestApproving:
    def test_the_form_is_filled_in_from_the_request(self, client, stella):
        form, rows = (client.get(page(asked(), "approve/")).context[name] for name in ("form", "rows"))
        assert [form[name].value() for name in ("account", "company", "role")] == ["new", "Öronhjälpen AB", "main_user"]
        assert rows[0]["name"].value() == "Öronhjälpen Luleå"
        assert rows[1]["name"].value() is None
        assert form["invoice_city"].value() == "Luleå"

    def test_approved(self, client, stella):
        row = asked()
        answer = client.post(page(row, "approve/"), posted(), follow=True)
        assert answer.redirect_chain == [(page(row), 302)]
        assert "Approved. Who needs to know gets a mail." in said(answer)
        row.refresh_from_db()
        assert (row.state, row.account.payment_terms_days, row.clinic.customer_number) == ("approved", 20, "30010")
        assert Invitation.objects.get().role == "main_user"

    def test_several_customer_numbers(self, client, stella):
        more = new_clinic(2, NewClinic("Öronhjälpen Piteå", "30020", "Ågatan 2", "94131", "Piteå"))
        row = asked()
        client.post(page(row, "approve/"), posted(**more))
        row.refresh_from_db()
        assert row.account.clinics.count() == 2

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"account": ""}, "Choose whether"),
            ({"account": "x"}, "Select a valid choice"),
            ({"role": ""}, "Choose a role"),
            ({"role": "root"}, "Select a valid choice"),
            ({"company": ""}, "Fill this in for a new account."),
            ({"payment_terms_days": ""}, "Fill this in for a new account."),
            ({"payment_terms_days": "-1"}, "greater than or equal to 0"),
            ({"payment_terms_days": "999"}, "less than or equal to 120"),
            ({"invoice_postcode": "1"}, "903 25"),
            ({"clinic-0-postcode": "1"}, "903 25"),
            ({"clinic-0-customer_number": ""}, "required"),
            ({"clinic-0-customer_number": "10010"}, "Nordhear North of Nordhear AB has this number already."),
            ({"clinic-0-name": "\u200b"}, "required"),
            ({"clinic-TOTAL_FORMS": "x"}, "ManagementForm"),
            ({"clinic-TOTAL_FORMS": "2000"}, "at most 3"),
            (
                dict.fromkeys(
                    [f"clinic-0-{name}" for name in ("name", "customer_number", "line1", "postcode", "city")], ""
                ),
                "Choose clinics",
            ),
            (new_clinic(1, NewClinic("B", "30010", "C", "972 31", "D")), "the same customer number"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_happens(self, client, stella, people, fields, message):
        row = asked()
        answer = client.post(page(row, "approve/"), posted(**fields))
        assert answer.status_code == 422
        assert message in said(answer)
        row.refresh_from_db()
        assert row.state == "received"
        assert Account.objects.count() == 2

    def test_a_number_that_is_taken_can_only_be_joined(self, client, stella, people):
        row = asked(organisation_number="5560360793", customer_number="10020")
        form = client.get(page(row, "approve/")).context["form"]
        assert [key for key, _label in form.fields["account"].choices] == [str(people.north.account.pk)]
        assert form["clinics"].value() == [str(people.south.pk)]
        assert not form["role"].value()
        assert client.post(page(row, "approve/"), posted()).status_code == 422

    def test_joining(self, client, stella, people):
        row = asked(organisation_number="5560360793", customer_number="10020")
        fields = {"account": people.north.account.pk, "clinics": [people.south.pk], "role": "assistant"}
        empty = dict.fromkeys(new_clinic(0, NewClinic("", "", "", "", "")), "")
        answer = client.post(page(row, "approve/"), posted(**fields, **empty))
        assert answer.status_code == 302
        invitation = Invitation.objects.get()
        assert (invitation.account, list(invitation.clinics.all())) == (people.north.account, [people.south])
        assert Clinic.objects.count() == 3

    def test_clinics_of_another_account_than_the_chosen_one(self, client, stella, people):
        other = ClinicFactory(account=AccountFactory(name="Alpha AB"), customer_number="777")
        row = asked(organisation_number="5560360793", customer_number="777")
        fields = {"account": people.north.account.pk, "clinics": [other.pk]}
        answer = client.post(page(row, "approve/"), posted(**fields))
        assert "Tick only clinics of the account that you chose." in said(answer)
        new = posted(account=other.account.pk, clinics=[people.north.pk])
        assert client.post(page(row, "approve/"), new).status_code == 422

    def test_an_account_of_another_country_can_not_be_joined(self, client, stella, people):
        row = asked(email="otto@example.com")
        form = client.get(page(row, "approve/")).context["form"]
        assert str(people.foreign.account.pk) not in form.accounts
        assert client.post(page(row, "approve/"), posted(account=people.foreign.account.pk)).status_code == 422

    def test_a_clinic_for_an_account(self, client, stella, people):
        row = asked_for_clinic(people.olga, people.north.account)
        form = client.get(page(row, "approve/")).context["form"]
        assert list(form.fields) == ["invoice_name", "invoice_line1", "invoice_postcode", "invoice_city"]
        fields = {**posted(), **new_clinic(0, NewClinic("Nordhear West", "10030", "Västgatan 1", "41120", "Göteborg"))}
        assert client.post(page(row, "approve/"), fields).status_code == 302
        assert Clinic.objects.get(customer_number="10030").account == people.north.account

    def test_who_comes_second_is_told(self, client, stella, people):
        row = asked()
        approved(row, stella)
        answer = client.post(page(row, "approve/"), posted(company="Another"), follow=True)
        assert "Stella Testsson decided about this request already: Approved." in said(answer)
        assert client.get(page(row, "approve/"))["Location"] == page(row)
        answer = client.post(page(row, "decline/"), {"reason": "No"}, follow=True)
        assert "decided about this request already" in said(answer)
        assert client.get(page(row, "decline/"))["Location"] == page(row)

    def test_the_page_shows_what_came_of_it_and_sends_the_invitation_again(self, client, stella):
        row = approved(asked(), stella)
        shown = said(client.get(page(row)))
        assert "Send the invitation again" in shown
        mail.outbox.clear()
        answer = client.post(page(row, "invite/"), {"email": EMAIL}, follow=True)
        assert "on its way again" in said(answer)
        assert [letter.to for letter in mail.outbox] == [[EMAIL]]
        Invitation.objects.update(state="accepted")
        assert "Nothing was sent" in said(client.post(page(row, "invite/"), {"email": EMAIL}, follow=True))

    def test_the_history_stands_on_the_page(self, client, stella):
        row = approved(asked(), stella)
        for words in ("Approved the request", "Added a clinic", "Invited"):
            assert words in said(client.get(page(row)))


class TestDeclining:
    def test_the_reason_is_asked_for(self, client, stella):
        row = asked()
        assert client.post(page(row, "decline/"), {"reason": " "}).status_code == 422
        assert client.post(page(row, "decline/"), {"reason": "x" * 501}).status_code == 422
        answer = client.post(page(row, "decline/"), {"reason": "You order here already."}, follow=True)
        assert "Declined. The requester gets a mail with the reason." in said(answer)
        assert "You order here already." in said(answer)
        row.refresh_from_db()
        assert row.state == "declined"

    def test_the_requester_of_a_clinic_reads_it_on_the_page(self, client, stella, people):
        row = asked_for_clinic(people.olga, people.north.account)
        decline(by=stella, request_id=row.pk, reason="Too far away")
        client.force_login(people.olga)
        assert "Too far away" in said(client.get("/clinics/new/"))


def test_hostile_words_stay_words_on_every_page(client, stella, people):
    poison = '<img src=x onerror="alert(1)">{{ 7*7 }}'
    fields = ("company", "clinic_name", "line1", "city", "first_name", "last_name", "message")
    row = asked(**dict.fromkeys(fields, poison), organisation_number="5560360793")
    other = asked(organisation_number="5560360793", **dict.fromkeys(fields, poison))
    for path in (LIST, page(row), page(row, "approve/"), page(row, "decline/")):
        shown = said(client.get(path))
        assert "&lt;img src=x" in shown
        assert "<img src=x" not in shown
    decline(by=stella, request_id=other.pk, reason=poison)
    assert "<img src=x" not in said(client.get(page(other)))
    assert "<img src=x" not in mail.outbox[-1].alternatives[0][0]


def test_no_address_and_no_title_names_anybody(client, stella):
    row = asked()
    for path in (LIST, page(row), page(row, "approve/"), page(row, "decline/")):
        shown = said(client.get(path))
        assert "Öronhjälpen" not in re.search(r"<title>(.*?)</title>", shown, re.DOTALL)[1]
        assert not [link for link in re.findall(r'(?:href|action)="([^"]*)"', shown) if "nina" in link.lower()]
    assert AccountRequest.objects.count() == 1
