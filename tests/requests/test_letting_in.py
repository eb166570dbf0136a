"""Whom an approval lets in: never so that nobody manages what is made, nor behind the backs of who is there."""

import pytest
from django.core import mail

from permissions.models import Account, AccountRequest, Clinic, Invitation, Membership, User
from permissions.roles import Role
from permissions.services import block, membership_grant, membership_revoke, set_inactive
from permissions.users.problems import NotDone
from shop.dashboard.requests.deciding import NotDecided, approve, decline
from tests.factories import AccountFactory, UserFactory
from tests.requests.requesting import EMAIL, WEST, approval, approved, asked, clerk, posted


@pytest.fixture
def stella(people, client):
    User.objects.update(language="en")
    client.force_login(clerk(people.stella))
    return people.stella


def joining(row, by, people, **more) -> AccountRequest:
    fields = {"account": people.north.account, "existing": [people.north], "new": [], "role": "purchaser", **more}
    return approve(by=by, request_id=row.pk, approval=approval(**fields))


def told() -> dict[str, str]:
    """Bodies of the mails about who joins, by who got them."""
    letters = [letter for letter in mail.outbox if "account-joined" in letter.extra_headers["Message-ID"]]
    return {letter.to[0]: letter.body for letter in letters}


class TestSomebodyManagesIt:
    @pytest.mark.parametrize("role", ["assistant", "purchaser"])
    def test_a_new_account_begins_with_a_main_user(self, stella, people, role):
        row, before = asked(), Account.objects.count()
        with pytest.raises(NotDecided, match="Nobody could manage") as problem:
            approved(row, stella, role=role)
        assert problem.value.field == "role"
        assert Account.objects.count() == before

    def test_the_form_says_so_beside_the_role(self, stella, client):
        row = asked()
        answer = client.post(f"/backoffice/requests/{row.pk}/approve/", posted(role="assistant"))
        assert answer.status_code == 422
        assert "Nobody could manage" in answer.context["form"].errors["role"][0]

    def test_a_new_clinic_where_nobody_is_main_user_of_all_others_does_too(self, stella, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
        membership_revoke(user=people.olga, clinic=people.south)
        row = asked()
        with pytest.raises(NotDecided, match="Nobody could manage"):
            joining(row, stella, people, existing=[], new=[WEST], role="assistant")
        assert not Clinic.objects.filter(customer_number=WEST.customer_number).exists()
        assert joining(row, stella, people, existing=[], new=[WEST], role="main_user").clinic.name == WEST.name

    def test_where_somebody_answers_for_the_account_any_role_is_fine(self, stella, people):
        made = joining(asked(), stella, people, existing=[], new=[WEST], role="assistant").clinic
        assert Membership.objects.get(clinic=made).user == people.olga


class TestWhoIsInAlready:
    @pytest.mark.parametrize("active", [True, False])
    def test_is_not_invited_to_what_accepting_would_not_change(self, stella, people, active):
        if not active:
            set_inactive(user=people.asta, clinics=[people.north])
        row = asked(email=people.asta.email)
        with pytest.raises(NotDone, match=r"belongs to Nordhear North already.*under People"):
            joining(row, stella, people, role="main_user")
        row.refresh_from_db()
        assert row.state == "received"
        assert not Invitation.objects.exists()

    def test_is_invited_to_other_clinics(self, stella, people):
        joining(asked(email=people.asta.email), stella, people, existing=[people.south])
        assert list(Invitation.objects.get().clinics.all()) == [people.south]

    def test_who_is_blocked_is_not_invited_and_the_page_says_why(self, stella, people, client):
        block(user=people.asta, by=stella, reason="Fraud")
        row = asked(email=people.asta.email)
        answer = client.post(f"/backoffice/requests/{row.pk}/approve/", posted(email=people.asta.email))
        assert answer.status_code == 422
        assert "is blocked and could not log in" in answer.content.decode()
        assert not Invitation.objects.exists()


class TestWhatTheFormSuggests:
    def suggested(self, client, row) -> dict:
        form = client.get(f"/backoffice/requests/{row.pk}/approve/").context["form"]
        return {name: form[name].value() for name in ("account", "role", "clinics") if name in form.fields}

    def test_the_account_of_the_customer_number_and_no_role(self, stella, people, client):
        row = asked(customer_number="10010")
        account = str(people.north.account.pk)
        assert self.suggested(client, row) == {"account": account, "role": "", "clinics": [str(people.north.pk)]}

    def test_no_role_either_where_only_the_mail_domain_is_known(self, stella, people, client):
        person = UserFactory(email="colleague@oronhjalpen.example")
        membership_grant(user=person, clinic=people.north, role=Role.ASSISTANT)
        assert self.suggested(client, asked()) == {"account": "new", "role": "", "clinics": []}

    def test_no_clinic_of_another_account_than_the_one_chosen(self, stella, people, client):
        other = AccountFactory(name="Alpha AB", country="SE", organisation_number="5566778899")
        assert self.suggested(client, asked(customer_number="10010")) == {
            "account": str(other.pk),
            "role": "",
            "clinics": [],
        }

    def test_main_user_where_nothing_is_known(self, stella, people, client):
        assert self.suggested(client, asked()) == {"account": "new", "role": "main_user"}


class TestWhoIsTold:
    def test_in_their_own_language_also_of_the_role(self, stella, people):
        User.objects.filter(pk=people.olga.pk).update(language="nb")
        joining(asked(), stella, people, role="assistant")
        assert "Assistent" in told()[people.olga.email]
        assert "Assistant" not in told()[people.olga.email]

    def test_main_users_of_the_clinics_hear_of_theirs_and_of_no_others(self, stella, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        joining(asked(), stella, people, existing=[people.north, people.south])
        assert set(told()) == {people.olga.email, people.petra.email}
        assert "Nordhear South" in told()[people.olga.email]
        assert "Nordhear South" not in told()[people.petra.email]

    def test_not_who_is_main_user_no_more(self, stella, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        set_inactive(user=people.petra, clinics=[people.north], confirmed=True)
        joining(asked(), stella, people)
        assert set(told()) == {people.olga.email}


def test_the_answer_goes_where_the_receipt_went(stella, people):
    """Whoever was signed in may have filled it in for somebody else."""
    row = asked(requested_by=people.otto)
    decline(by=stella, request_id=row.pk, reason="No")
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
