"""M12, G19: approving makes account, clinics and main user, all or nothing; declining says why."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from outbox.models import OutgoingMail
from permissions import access
from permissions.models import AccessEvent, Account, Clinic, Invitation, Membership, User
from permissions.roles import ClinicPermission, Role
from permissions.services import membership_grant, membership_revoke
from permissions.users.answering import accept, accept_as_new
from shop.addresses.models import DeliveryAddress
from shop.dashboard.requests import deciding
from shop.dashboard.requests.deciding import AlreadyDecided, NotDecided, approve, decline
from shop.dashboard.requests.making import NewClinic
from shop.dispatch.models import DispatchAgreement
from tests.factories import AccountFactory, ClinicFactory, UserFactory
from tests.requests.requesting import EMAIL, INVOICE, WEST, approval, approved, asked, asked_for_clinic, clerk

EAST = NewClinic("Öronhjälpen Piteå", "30020", "Ågatan 2", "941 31", "Piteå")


@pytest.fixture
def stella(people):
    """Everybody reads English; without a language of their own they would be written to in the clinic's."""
    User.objects.update(language="en")
    return clerk(people.stella)


def sent_to(email: str) -> list:
    return [sent for sent in mail.outbox if sent.to == [email]]


def actions(row) -> list[str]:
    return list(AccessEvent.objects.filter(request=row).order_by("pk").values_list("action", flat=True))


class TestANewAccount:
    def test_everything_it_needs_is_made(self, stella):
        row = approved(asked(), stella, new=[WEST, EAST], payment_terms_days=20)
        account = row.account
        assert (account.name, account.country, account.organisation_number) == ("Öronhjälpen AB", "SE", "5566778899")
        assert (account.payment_terms_days, account.owner) == (20, None)
        assert [clinic.customer_number for clinic in account.clinics.order_by("customer_number")] == ["30010", "30020"]
        clinic = account.clinics.get(customer_number="30010")
        assert clinic.invoice_address_lines == ["Öronhjälpen AB", "Storgatan 4", "972 31 Luleå"]
        address = DeliveryAddress.objects.usable_for(clinic).get()
        assert (address.is_default, address.line1, address.line4, address.country_id) == (
            True,
            "Storgatan 4",
            "Luleå",
            "SE",
        )
        assert (row.state, row.decided_by, row.clinic) == ("approved", stella, clinic)
        assert row.decided is not None

    def test_the_requester_is_invited_as_main_user_and_is_nobody_before(self, stella):
        row = approved(asked(), stella, new=[WEST, EAST])
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role, invitation.account) == (EMAIL, "main_user", row.account)
        assert set(invitation.clinics.all()) == set(row.account.clinics.all())
        assert len(sent_to(EMAIL)) == 1
        assert not User.objects.filter(email=EMAIL).exists()
        assert not Membership.objects.filter(clinic__account=row.account).exists()

    def test_who_accepts_owns_the_account(self, stella):
        row = approved(asked(), stella, new=[WEST, EAST])
        invitation = Invitation.objects.get()
        newcomer = User(first_name="Nina", last_name="Ny")
        newcomer.set_password("a long word or two")
        accept_as_new(pk=invitation.pk, nonce=invitation.nonce, newcomer=newcomer)
        person = User.objects.get(email=EMAIL)
        row.account.refresh_from_db()
        assert row.account.owner == person
        assert access.clinics_with(person, ClinicPermission.MANAGE_CLINIC).count() == 2

    def test_a_known_person_accepts_as_themselves_and_is_main_user(self, stella, people):
        """Purchaser elsewhere; here customer service appointed her."""
        row = approved(asked(email="petra@example.com"), stella)
        assert not Membership.objects.filter(clinic__account=row.account).exists()
        accept(user=people.petra, pk=Invitation.objects.get().pk)
        assert Membership.objects.get(clinic__account=row.account).role == Role.MAIN_USER
        row.account.refresh_from_db()
        assert row.account.owner == people.petra

    def test_every_step_is_in_the_history(self, stella):
        row = approved(asked(), stella, new=[WEST, EAST])
        assert actions(row) == ["approved", "clinic_added", "clinic_added", "invite", "invite"]
        assert AccessEvent.objects.filter(request=row).exclude(actor=stella).count() == 0

    def test_the_mail_is_in_the_requesters_language(self, stella):
        approved(asked(language="nb"), stella)
        assert Invitation.objects.get().language == "nb"

    def test_a_requester_who_wrote_no_language_gets_the_countrys(self, stella):
        approved(asked(language=""), stella)
        assert Invitation.objects.get().language == ""
        assert len(sent_to(EMAIL)) == 1


class TestAllOrNothing:
    def made(self) -> list[int]:
        return [
            model.objects.count() for model in (Account, Clinic, DeliveryAddress, Invitation, AccessEvent, Membership)
        ]

    def test_a_customer_number_that_was_taken_meanwhile(self, stella, people):
        row, before = asked(), self.made()
        taken = NewClinic("X", people.north.customer_number, "Y", "972 31", "Z")
        with pytest.raises(NotDecided, match="Somebody else just used"):
            approved(row, stella, new=[WEST, taken])
        assert self.made() == before
        row.refresh_from_db()
        assert row.state == "received"
        assert not mail.outbox

    def test_an_organisation_number_that_was_taken_meanwhile(self, stella):
        row = asked()
        AccountFactory(organisation_number="5566778899")
        before = self.made()
        with pytest.raises(NotDecided):
            approved(row, stella)
        assert self.made() == before

    def test_a_mail_that_can_not_be_kept(self, stella, monkeypatch):
        row, before = asked(), self.made()
        monkeypatch.setattr(deciding.inviting.mail, "send_invitation", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            approved(row, stella)
        assert self.made() == before

    def test_no_clinic_at_all(self, stella):
        before = self.made()
        with pytest.raises(NotDecided, match="Choose clinics"):
            approved(asked(), stella, new=[])
        assert self.made() == before


class TestDecidedOnce:
    def test_the_second_is_told_by_whom(self, stella):
        row = asked()
        approved(row, stella)
        for again in (lambda: approved(row, stella), lambda: decline(by=stella, request_id=row.pk, reason="No")):
            with pytest.raises(AlreadyDecided, match="Stella Testsson decided"):
                again()
        assert Account.objects.filter(organisation_number="5566778899").count() == 1
        assert len(sent_to(EMAIL)) == 1

    def test_what_was_declined_stays_declined(self, stella):
        row = asked()
        decline(by=stella, request_id=row.pk, reason="No customer of ours")
        with pytest.raises(AlreadyDecided):
            approved(row, stella)
        assert not Account.objects.filter(organisation_number="5566778899").exists()


class TestDeclining:
    def test_the_reason_is_mailed_in_the_requesters_language_and_kept(self, stella):
        row = asked(language="sv")
        decline(by=stella, request_id=row.pk, reason=" Ni beställer redan. ")
        row.refresh_from_db()
        assert (row.state, row.reason, row.decided_by) == ("declined", "Ni beställer redan.", stella)
        (letter,) = sent_to(EMAIL)
        assert letter.subject == "Om din förfrågan"
        assert "Ni beställer redan." in letter.body
        assert 'lang="sv"' in letter.alternatives[0][0]
        event = AccessEvent.objects.get(request=row)
        assert (event.action, event.actor, event.reason) == ("refused", stella, "")  # it could not be forgotten there

    def test_not_without_a_reason(self, stella):
        row = asked()
        with pytest.raises(NotDecided):
            decline(by=stella, request_id=row.pk, reason="  ")
        assert not mail.outbox

    def test_hostile_words_stay_words(self, stella):
        decline(by=stella, request_id=asked().pk, reason="<b>x</b>\n{{ y }}")
        assert "<b>x" not in sent_to(EMAIL)[0].alternatives[0][0]


class TestWhoMayDecide:
    @pytest.mark.parametrize("name", ["olga", "petra", "edit", "stella"])
    def test_nobody_outside_customer_service(self, people, name):
        """Stella is staff, but not in the group."""
        row, by = asked(), getattr(people, name)
        for deed in (
            lambda: approved(row, by),
            lambda: decline(by=by, request_id=row.pk, reason="No"),
            lambda: deciding.invite_again(by=by, request_id=row.pk),
        ):
            with pytest.raises(PermissionDenied):
                deed()
        row.refresh_from_db()
        assert row.state == "received"

    def test_not_a_customer_with_the_groups_rights(self, people):
        clerk(people.olga)
        with pytest.raises(PermissionDenied):
            approved(asked(), people.olga)

    def test_not_somebody_who_left(self, people, stella):
        stella.is_active = False
        stella.save()
        with pytest.raises(PermissionDenied):
            approved(asked(), User.objects.get(pk=stella.pk))


class TestJoiningAnAccount:
    @pytest.fixture
    def row(self, people):
        return asked(organisation_number=people.north.account.organisation_number, company="Nordhear")

    def joining(self, row, by, people, **more):
        fields = {"account": people.north.account, "existing": [people.north], "new": [], "role": "purchaser", **more}
        return approve(by=by, request_id=row.pk, approval=approval(**fields))

    def test_the_requester_is_invited_to_what_was_chosen_and_no_more(self, stella, people, row):
        self.joining(row, stella, people)
        invitation = Invitation.objects.get()
        assert (invitation.role, list(invitation.clinics.all())) == ("purchaser", [people.north])
        assert Clinic.objects.filter(account=people.north.account).count() == 2
        assert (row.state, Account.objects.get(pk=people.north.account.pk).owner) == ("received", None)

    def test_who_answers_for_the_account_is_told(self, stella, people, row):
        self.joining(row, stella, people)
        (letter,) = sent_to("olga@example.com")
        assert letter.subject == "Customer service invited a user to your account"
        assert "Purchaser" in letter.body

    def test_a_joined_main_user_does_not_become_owner_over_those_who_are_there(self, stella, people, row):
        self.joining(row, stella, people, role="main_user")
        invitation = Invitation.objects.get()
        newcomer = User(first_name="Nina", last_name="Ny")
        newcomer.set_unusable_password()
        accept_as_new(pk=invitation.pk, nonce=invitation.nonce, newcomer=newcomer)
        people.north.account.refresh_from_db()
        assert people.north.account.owner is None

    def test_a_foreign_clinic_can_not_be_given(self, stella, people, row):
        with pytest.raises(NotDecided):
            self.joining(row, stella, people, existing=[people.north, people.foreign])
        assert not Invitation.objects.exists()

    def test_a_new_clinic_there_belongs_to_its_main_users_too(self, stella, people, row):
        approved = self.joining(row, stella, people, existing=[], new=[WEST])
        made = approved.clinic
        assert access.can(people.olga, ClinicPermission.MANAGE_CLINIC, made)
        assert not access.can(people.petra, ClinicPermission.PREPARE_ORDER, made)
        subjects = {letter.subject for letter in sent_to("olga@example.com")}
        assert subjects == {"Öronhjälpen Luleå is added", "Customer service invited a user to your account"}

    def test_an_invitation_that_waits_is_widened_with_a_new_link(self, stella, people, row):
        waiting = Invitation.objects.create(
            account=people.north.account, email=EMAIL, first_name="N", last_name="N", role="assistant"
        )
        waiting.clinics.set([people.south])
        nonce = waiting.nonce
        self.joining(row, stella, people)
        waiting.refresh_from_db()
        assert set(waiting.clinics.all()) == {people.north, people.south}
        assert (waiting.role, waiting.nonce == nonce) == ("purchaser", False)
        assert Invitation.objects.count() == 1


class TestAClinicForAnAccount:
    def decided(self, row, by, **more) -> Clinic:
        fields = {"company": "", "role": "", "new": [WEST], **more}
        return approve(by=by, request_id=row.pk, approval=approval(**fields)).clinic

    def test_main_users_of_all_clinics_have_it_at_once_and_are_told(self, stella, people):
        row = asked_for_clinic(people.olga, people.north.account)
        mail.outbox.clear()
        clinic = self.decided(row, stella)
        assert Membership.objects.get(clinic=clinic).user == people.olga
        assert access.can(people.olga, ClinicPermission.MANAGE_USERS, clinic)
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == (["olga@example.com"], "Öronhjälpen Luleå is added")
        assert OutgoingMail.objects.get(message_id__contains="clinic-added").clinic == clinic
        assert not Invitation.objects.exists()
        assert actions(row) == ["requested", "approved", "clinic_added"]

    def test_they_are_told_in_the_clinics_language_when_they_chose_none(self, stella, people):
        User.objects.update(language="")
        self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        assert sent_to("olga@example.com")[-1].subject == "Öronhjälpen Luleå är tillagd"

    def test_a_main_user_of_some_clinics_is_told_and_gets_nothing(self, stella, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        row = asked_for_clinic(people.petra, people.north.account)
        clinic = self.decided(row, stella)
        assert not access.can(people.petra, ClinicPermission.PREPARE_ORDER, clinic)
        letter = sent_to("petra@example.com")[-1]
        assert "Your company's main user decides who does." in letter.body
        kept = OutgoingMail.objects.get(to=["petra@example.com"], message_id__contains="clinic-added")
        assert kept.clinic == people.north  # should she leave before it does

    @pytest.mark.parametrize("leave", [0, 1, 2])
    def test_who_asked_is_answered_while_they_work_for_the_account(self, stella, people, leave):
        """Who has left learns neither that there is a new clinic nor why there is none."""
        other = UserFactory()
        for clinic in (people.north, people.south):
            membership_grant(user=other, clinic=clinic, role=Role.MAIN_USER)
        membership_grant(user=people.olga, clinic=people.foreign, role=Role.PURCHASER)  # she can still log in
        rows = [asked_for_clinic(people.olga, people.north.account, clinic_name=name) for name in ("West", "East")]
        for clinic in (people.north, people.south)[:leave]:
            membership_revoke(user=people.olga, clinic=clinic)
        mail.outbox.clear()
        self.decided(rows[0], stella)
        decline(by=stella, request_id=rows[1].pk, reason="The company moves")
        assert len(sent_to("olga@example.com")) == (0 if leave == 2 else 2)
        assert len(sent_to(other.email)) == 1

    def test_the_owner_has_it_wherever_they_are_main_user(self, stella, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        Account.objects.filter(pk=people.north.account.pk).update(owner=people.petra)
        clinic = self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        assert {row.user for row in clinic.memberships.all()} == {people.olga, people.petra}

    def test_inactive_memberships_clinics_and_people_do_not_count(self, stella, people):
        closed = ClinicFactory(account=people.north.account, is_active=False)
        former = UserFactory()
        for clinic in (people.north, people.south):
            membership_grant(user=former, clinic=clinic, role=Role.MAIN_USER)
            membership_grant(user=people.petra, clinic=clinic, role=Role.MAIN_USER, is_active=False, confirmed=True)
        User.objects.filter(pk=former.pk).update(is_active=False)
        membership_grant(user=people.petra, clinic=people.foreign, role=Role.PURCHASER)  # so that she can log in
        clinic = self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        assert [row.user for row in clinic.memberships.all()] == [people.olga]
        assert not closed.memberships.exists()

    def test_where_nobody_manages_all_of_them_who_asked_does(self, stella, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
        membership_revoke(user=people.olga, clinic=people.south)
        clinic = self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        assert [row.user for row in clinic.memberships.all()] == [people.olga]

    def test_who_asked_and_lost_the_right_gets_nothing(self, stella, people):
        """And a clinic that nobody could manage is not made."""
        membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
        membership_revoke(user=people.olga, clinic=people.south)
        row = asked_for_clinic(people.olga, people.north.account)
        membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
        membership_revoke(user=people.olga, clinic=people.north)
        with pytest.raises(NotDecided, match="Nobody could manage"):
            self.decided(row, stella)
        assert not Clinic.objects.filter(name=WEST.name).exists()

    def test_another_account_can_not_be_slipped_in(self, stella, people):
        row = asked_for_clinic(people.olga, people.north.account)
        clinic = self.decided(row, stella, account=people.foreign.account)
        assert clinic.account == people.north.account

    def test_the_dispatch_that_holds_at_all_its_clinics_holds_here(self, stella, people):
        for clinic in (people.north, people.south):
            DispatchAgreement.objects.create(clinic=clinic, weekdays=[2, 4], cut_off="12:00", transit_days=2)
        clinic = self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        agreement = DispatchAgreement.objects.get(clinic=clinic)
        assert (agreement.weekdays, str(agreement.cut_off), agreement.transit_days) == ([2, 4], "12:00:00", 2)

    def test_where_they_differ_every_working_day_holds(self, stella, people):
        DispatchAgreement.objects.create(clinic=people.north, weekdays=[2, 4])
        clinic = self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        assert not DispatchAgreement.objects.filter(clinic=clinic).exists()

    def test_it_can_take_an_order_at_once(self, stella, people):
        from shop.basket.summary import fingerprint
        from shop.checkout.placing import place_order
        from tests.factories import make_product, ready_to_confirm

        clinic = self.decided(asked_for_clinic(people.olga, people.north.account), stella)
        basket = ready_to_confirm(people.olga, clinic, make_product())
        assert place_order(user=people.olga, basket_id=basket.pk, reviewed=fingerprint(basket)).clinic == clinic


class TestInvitingAgain:
    def test_a_new_link_and_the_old_one_is_worthless(self, stella):
        row = approved(asked(), stella)
        nonce = Invitation.objects.get().nonce
        assert deciding.invite_again(by=stella, request_id=row.pk)
        assert Invitation.objects.get().nonce != nonce
        assert len(sent_to(EMAIL)) == 2

    def test_not_after_it_was_accepted(self, stella):
        row = approved(asked(), stella)
        Invitation.objects.update(state="accepted")
        assert not deciding.invite_again(by=stella, request_id=row.pk)
        assert len(sent_to(EMAIL)) == 1

    def test_not_before_it_was_approved(self, stella):
        assert not deciding.invite_again(by=stella, request_id=asked().pk)


def test_the_invoice_address_may_be_empty(stella):
    row = approved(asked(), stella, invoice=type(INVOICE)())
    assert row.clinic.invoice_address_lines == []
