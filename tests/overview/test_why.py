"""B7: "Why can she?" – read from what is checked, explained by role, switches and history."""

from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.utils import timezone

from permissions import access
from permissions.functions import allows
from permissions.models import ClinicUserPermission, User
from permissions.overview.cells import Mark
from permissions.overview.explaining import CLINIC_RULES, explain
from permissions.roles import FUNCTION_PERMISSIONS, ClinicPermission, Function, Role
from permissions.services import block, membership_grant, membership_revoke, set_active, set_inactive
from tests.factories import UserFactory

F = Function


def verdicts(person, clinic, **more) -> dict:
    person = User.objects.get(pk=person.pk)
    return {verdict.code: verdict for verdict in explain(person, clinic, **more).verdicts}


def address(person, clinic) -> str:
    return f"/users/access/{person.public_id}/{clinic.pk}/"


class TestTheAnswer:
    @pytest.mark.parametrize("name", ["olga", "petra", "asta", "otto"])
    @pytest.mark.parametrize("place", ["north", "south", "foreign"])
    def test_is_what_the_guards_answer(self, people, name, place):
        agrees_with_the_guards(getattr(people, name), getattr(people, place))

    def test_is_what_the_guards_answer_when_rows_are_missing_or_too_many(self, people):
        ClinicUserPermission.objects.filter(user=people.petra, permission__codename="view_orders").delete()
        surplus = ClinicUserPermission.objects.filter(user=people.olga, permission__codename="view_finances")[0]
        ClinicUserPermission.objects.create(
            user=people.asta, content_object=people.north, permission=surplus.permission
        )
        agrees_with_the_guards(people.petra, people.north)
        agrees_with_the_guards(people.asta, people.north)

    def test_is_no_for_everything_at_a_closed_clinic(self, people):
        people.north.is_active = False
        people.north.save()
        agrees_with_the_guards(people.petra, people.north)
        found = explain(people.petra, people.north)
        assert "Nordhear North is closed" in found.obstacles[0].reason
        assert not any(verdict.is_allowed for verdict in found.verdicts)

    def test_is_no_for_everything_when_blocked(self, people):
        block(user=people.petra, by=people.stella, reason="Fraud suspected")
        found = explain(User.objects.get(pk=people.petra.pk), people.north)
        agrees_with_the_guards(people.petra, people.north)
        assert "The supplier has blocked Petra Testsson" in found.obstacles[0].reason


def agrees_with_the_guards(person, clinic) -> None:
    person = User.objects.get(pk=person.pk)
    rights = {**FUNCTION_PERMISSIONS, CLINIC_RULES: {ClinicPermission.MANAGE_CLINIC}}
    for code, verdict in verdicts(person, clinic).items():
        may = {right for right in rights[code] if access.can(person, right, clinic)}
        assert (verdict.mark is Mark.YES) == (may == set(rights[code])), code
        assert verdict.is_allowed == bool(may), code


class TestTheReason:
    def test_came_with_the_role_and_who_gave_it(self, people):
        member = UserFactory(first_name="Nils", last_name="Ny")
        membership_grant(user=member, clinic=people.north, role=Role.PURCHASER, granted_by=people.olga)
        found = explain(member, people.north)
        assert found.role is not None
        assert found.role.who == "Olga Testsson"
        assert verdicts(member, people.north)[F.APPROVING].reason == "Came with the role “Purchaser”."
        assert "Was off when the role" in verdicts(member, people.north)[F.FINANCES].reason

    def test_switched_by_whom(self, people):
        on = [F.ORDERING, F.FINANCES]
        membership_grant(
            user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on, granted_by=people.olga
        )
        found = verdicts(people.petra, people.north)
        assert (found[F.FINANCES].reason, found[F.FINANCES].deed.who) == ("Switched on.", "Olga Testsson")
        assert (found[F.APPROVING].reason, found[F.APPROVING].deed.who) == ("Switched off.", "Olga Testsson")
        assert found[F.ORDERING].deed is None

    def test_a_new_role_forgets_old_switches(self, people):
        membership_grant(
            user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[F.FINANCES], granted_by=people.olga
        )
        membership_grant(user=people.petra, clinic=people.north, role=Role.ASSISTANT, granted_by=people.stella)
        found = verdicts(people.petra, people.north)
        assert "Was off when" in found[F.FINANCES].reason
        assert found[F.FINANCES].deed is None

    def test_a_main_user_has_every_function(self, people):
        assert {verdict.reason for code, verdict in verdicts(people.olga, people.north).items() if code in list(F)} == {
            "Main users have every function."
        }

    def test_the_roles_ceiling(self, people):
        found = verdicts(people.asta, people.north)
        assert found[F.APPROVING].reason == "Nobody with the role “Assistant” can have it."
        assert "Sending needs the role of purchaser or main user." in found[F.ORDERING].reason
        assert found[CLINIC_RULES].reason == "Only main users have it."

    def test_what_a_function_allows_is_said_as_where_it_is_switched(self, people):
        for person in (people.petra, people.asta):
            role = person.memberships.get().role
            for code, verdict in verdicts(person, people.north).items():
                assert code == CLINIC_RULES or verdict.allows == allows(role, code)
        assert "Sending stays with" in str(verdicts(people.asta, people.north)[F.ORDERING].allows)
        assert "send orders" in str(verdicts(people.asta, people.south)[F.ORDERING].allows)  # no role there

    def test_inactive_since_when_and_by_whom(self, people):
        set_inactive(user=people.asta, clinics=[people.north], by=people.olga)
        found = explain(User.objects.get(pk=people.asta.pk), people.north)
        assert found.obstacles[-1].deed.who == "Olga Testsson"
        assert "is inactive at Nordhear North" in found.obstacles[-1].reason

    def test_active_again(self, people):
        set_inactive(user=people.asta, clinics=[people.north], by=people.olga)
        set_active(user=people.asta, clinics=[people.north], by=people.olga)
        found = explain(User.objects.get(pk=people.asta.pk), people.north)
        assert found.obstacles == []
        assert "Came with the role" in verdicts(people.asta, people.north)[F.PATIENTS].reason

    def test_the_approval_limit_is_told_of_whom_it_binds(self, people):
        people.north.approval_limit = Decimal(5000)
        people.north.save()
        assert "Orders above SEK\xa05,000.00 need approval." in verdicts(people.petra, people.north)[F.ORDERING].reason
        assert "need approval" not in verdicts(people.olga, people.north)[F.ORDERING].reason  # it binds no main user
        assert "need approval" not in verdicts(people.asta, people.north)[F.ORDERING].reason  # she sends none at all
        assert "need approval" not in verdicts(people.petra, people.north)[F.APPROVING].reason

    def test_never_was_a_member(self, people):
        found = explain(people.asta, people.south)
        assert found.obstacles[0].reason == "Asta Testsson is not a member of Nordhear South."
        assert found.obstacles[0].deed is None

    def test_access_was_taken_by_whom(self, people):
        membership_revoke(user=people.asta, clinic=people.north, revoked_by=people.olga, confirmed=True)
        assert explain(people.asta, people.north).obstacles[0].deed.who == "Olga Testsson"

    def test_a_missing_row_is_told(self, people):
        ClinicUserPermission.objects.filter(user=people.petra, permission__codename="view_orders").delete()
        found = verdicts(people.petra, people.north)[F.ORDER_HISTORY]
        assert found.is_odd
        assert "the permission is missing" in found.reason

    def test_half_of_ordering_missing_is_told(self, people):
        ClinicUserPermission.objects.filter(user=people.petra, permission__codename="place_order").delete()
        found = verdicts(people.petra, people.north)[F.ORDERING]
        assert (found.mark, found.is_odd) == (Mark.PART, True)

    def test_customers_read_customer_service_staff_read_the_name(self, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.PURCHASER, granted_by=people.stella)
        assert explain(people.petra, people.south).role.who == "Customer service"
        assert explain(people.petra, people.south, for_staff=True).role.who == "Stella Testsson"


class TestTheLogIn:
    """What stands before it takes no right: who is in works on."""

    def lock(self, person) -> None:
        AccessAttempt.objects.create(
            username=person.email, ip_address="10.0.0.1", failures_since_start=5, attempt_time=timezone.now()
        )

    def ask_for_a_second_factor(self, account) -> None:
        account.requires_second_factor = True
        account.save()

    def test_a_locked_one_is_told(self, people):
        self.lock(people.petra)
        found = explain(people.petra, people.north)
        assert [obstacle.reason for obstacle in found.obstacles] == [
            "The log-in of Petra Testsson is locked after wrong passwords. A new password unlocks it."
        ]
        assert not found.is_barred
        agrees_with_the_guards(people.petra, people.north)
        assert "Came with the role" in verdicts(people.petra, people.north)[F.ORDERING].reason

    def test_a_missing_second_factor_is_told_where_the_account_asks_for_it(self, people):
        self.ask_for_a_second_factor(people.north.account)
        (told,) = explain(people.petra, people.north).obstacles
        assert told.reason.startswith("Nordhear AB asks for a second factor, and Petra Testsson has none")
        Authenticator.objects.create(user=people.petra, type=Authenticator.Type.TOTP, data={})
        assert explain(people.petra, people.north).obstacles == []

    def test_what_another_customer_asks_for_is_not_told(self, people):
        membership_grant(user=people.petra, clinic=people.foreign, role=Role.PURCHASER)
        self.ask_for_a_second_factor(people.foreign.account)
        assert explain(people.petra, people.north).obstacles == []

    def test_nothing_of_it_is_told_of_who_is_inactive_here(self, people):
        membership_grant(user=people.petra, clinic=people.foreign, role=Role.PURCHASER)
        set_inactive(user=people.petra, clinics=[people.north], by=people.olga)
        self.lock(people.petra)
        self.ask_for_a_second_factor(people.north.account)
        (told,) = explain(User.objects.get(pk=people.petra.pk), people.north).obstacles
        assert "is inactive at Nordhear North" in told.reason

    def test_the_page_tells_it_beside_the_reasons(self, olga, people):
        self.lock(people.petra)
        text = olga.get(address(people.petra, people.north)).content.decode()
        assert "is locked after wrong passwords" in text
        assert "Came with the role" in text


class TestThePage:
    def test_in_full(self, olga, people):
        text = olga.get(address(people.petra, people.north)).content.decode()
        assert "<title>Access explained" in text
        assert "Petra Testsson" in text

    def test_in_the_dialog(self, olga, people):
        answer = olga.get(address(people.petra, people.north), headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert text.lstrip().startswith('<div class="dialog-body')
        assert 'id="dialog-title"' in text

    def test_why_somebody_blocked_says_not_what_for(self, olga, people):
        block(user=people.petra, by=people.stella, reason="Fraud suspected")
        text = olga.get(address(people.petra, people.north)).content.decode()
        assert "Fraud" not in text
        assert "Stella" not in text

    def test_strangers_get_404_members_403(self, client, people):
        for name, status in {"otto": 404, "asta": 403, "petra": 403}.items():
            client.force_login(getattr(people, name))
            assert client.get(address(people.asta, people.north)).status_code == status

    def test_a_clinic_of_another_account_is_as_unknown_as_none(self, olga, people):
        unknown = "11111111-1111-4111-8111-111111111111"
        assert olga.get(address(people.otto, people.foreign)).status_code == 404
        assert olga.get(f"/users/access/{people.petra.public_id}/{unknown}/").status_code == 404

    def test_a_person_of_another_account_is_as_unknown_as_nobody(self, olga, people):
        unknown = "11111111-1111-4111-8111-111111111111"
        assert olga.get(address(people.otto, people.north)).status_code == 404
        assert olga.get(f"/users/access/{unknown}/{people.north.pk}/").status_code == 404

    def test_who_left_is_still_explained(self, olga, people):
        membership_revoke(user=people.asta, clinic=people.north, revoked_by=people.olga, confirmed=True)
        assert "not a member" in olga.get(address(people.asta, people.north)).content.decode()

    def test_only_where_the_reader_manages_users(self, client, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=list(F))
        client.force_login(people.petra)
        assert client.get(address(people.asta, people.north)).status_code == 200
        assert client.get(address(people.asta, people.south)).status_code == 404
        membership_grant(user=people.petra, clinic=people.south, role=Role.PURCHASER)
        assert client.get(address(people.asta, people.south)).status_code == 403

    def test_staff_read_it_in_the_back_office(self, client, people):
        from django.contrib.auth.models import Group

        from permissions.staff import SERVICE_GROUP

        path = f"/backoffice/access/{people.asta.public_id}/{people.north.pk}/"
        client.force_login(people.stella)
        assert client.get(path).status_code == 403
        people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
        assert "Nobody with the role" in client.get(path).content.decode()
