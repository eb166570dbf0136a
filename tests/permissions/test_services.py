"""B3, B6: functions, status, the last main user, the owner, whoever asks."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from permissions import access
from permissions.models import AccessEvent, Membership
from permissions.models.events import AccessAction
from permissions.roles import ROLE_FUNCTIONS, ClinicPermission, Function, Role
from permissions.services import (
    LastMainUser,
    OwnerStays,
    block,
    membership_grant,
    membership_revoke,
    memberships_grant,
    memberships_revoke,
    set_active,
    set_inactive,
    unblock,
)
from tests.factories import ClinicFactory, UserFactory

P = ClinicPermission


def held(user, clinic) -> set[str]:
    return {p.value for p in P if access.can(user, p, clinic)}


class TestFunctions:
    def test_a_function_that_is_off_takes_its_rights(self, people):
        on = set(ROLE_FUNCTIONS[Role.PURCHASER]) - {Function.ORDERING}
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on)
        assert held(people.petra, people.north) == {"view_orders", "request_service", "view_patients"}  # nor approving

    def test_invoices_can_be_given_to_a_purchaser(self, people):
        on = [*ROLE_FUNCTIONS[Role.PURCHASER], Function.FINANCES]
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on)
        assert access.can(people.petra, P.VIEW_FINANCES, people.north)

    def test_an_assistant_never_sends_or_approves_whatever_is_on(self, people):
        membership_grant(user=people.asta, clinic=people.north, role=Role.ASSISTANT, functions=list(Function))
        assert not held(people.asta, people.north) & {"place_order", "approve_order", "manage_users", "manage_clinic"}

    def test_a_main_user_has_everything_whatever_is_off(self, people):
        membership_grant(user=people.olga, clinic=people.north, role=Role.MAIN_USER, functions=[])
        assert held(people.olga, people.north) == {p.value for p in P}

    def test_they_stay_while_the_role_stays(self, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=[Function.ORDERING])
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER)
        assert Membership.objects.get(user=people.petra).functions == [Function.ORDERING]


class TestTheLastMainUser:
    @pytest.mark.parametrize(
        "change",
        [
            lambda olga, north: membership_revoke(user=olga, clinic=north, confirmed=True),
            lambda olga, north: membership_grant(user=olga, clinic=north, role=Role.PURCHASER, confirmed=True),
            lambda olga, north: set_inactive(user=olga, clinics=[north], confirmed=True),
        ],
        ids=["revoked", "another role", "inactive"],
    )
    def test_stays(self, people, change):
        with pytest.raises(LastMainUser, match="Make somebody else main user first"):
            change(people.olga, people.north)
        assert access.can(people.olga, P.MANAGE_USERS, people.north)

    def test_may_go_when_there_is_another(self, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        membership_revoke(user=people.olga, clinic=people.north)
        assert not held(people.olga, people.north)

    def test_an_inactive_one_does_not_count(self, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        set_inactive(user=people.petra, clinics=[people.north])
        with pytest.raises(LastMainUser):
            membership_revoke(user=people.olga, clinic=people.north)

    def test_the_owner_stays_even_when_there_is_another(self, people):
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        people.north.account.owner = people.olga
        people.north.account.save()
        with pytest.raises(OwnerStays, match="Hand the ownership over first"):
            set_inactive(user=people.olga, clinics=[people.north], confirmed=True)


class TestInactive:
    def test_takes_the_rights_and_keeps_the_role(self, people):
        set_inactive(user=people.petra, clinics=[people.north, people.south], by=people.olga)
        people.petra.refresh_from_db()
        assert held(people.petra, people.north) == set()
        assert not people.petra.is_active
        assert Membership.objects.get(user=people.petra).role == Role.PURCHASER
        set_active(user=people.petra, clinics=[people.north], by=people.olga)
        people.petra.refresh_from_db()
        assert people.petra.is_active and access.can(people.petra, P.PLACE_ORDER, people.north)
        assert [e.action for e in AccessEvent.objects.filter(person=people.petra)[:2]] == ["activate", "inactivate"]

    def test_who_is_active_elsewhere_can_still_log_in(self, people):
        membership_grant(user=people.petra, clinic=people.foreign, role=Role.ASSISTANT)
        set_inactive(user=people.petra, clinics=[people.north])
        people.petra.refresh_from_db()
        assert people.petra.is_active and access.can(people.petra, P.PREPARE_ORDER, people.foreign)

    def test_it_ends_the_sessions_for_good(self, people, client):
        client.force_login(people.petra)
        set_inactive(user=people.petra, clinics=[people.north])
        assert client.get("/profile/").status_code == 302

    def test_a_session_from_before_does_not_come_back(self, people, client):
        client.force_login(people.petra)
        set_inactive(user=people.petra, clinics=[people.north])
        set_active(user=people.petra, clinics=[people.north])
        assert client.get("/profile/").status_code == 302

    def test_who_is_removed_afterwards_can_be_invited_again(self, people):
        set_inactive(user=people.petra, clinics=[people.north])
        membership_revoke(user=people.petra, clinic=people.north)
        people.petra.refresh_from_db()
        assert people.petra.is_active and held(people.petra, people.north) == set()

    def test_a_blocked_person_stays_out_when_set_active(self, people):
        set_inactive(user=people.petra, clinics=[people.north])
        block(user=people.petra, by=people.stella, reason="Lost telephone")
        set_active(user=people.petra, clinics=[people.north])
        people.petra.refresh_from_db()
        assert not people.petra.is_active
        unblock(user=people.petra, by=people.stella)
        people.petra.refresh_from_db()
        assert people.petra.is_active


class TestWhoMayGiveWhat:
    def may(self, actor, user, clinic, role, functions=()):
        access.check_may_grant(actor, user, clinic, role, functions or ROLE_FUNCTIONS[role])

    def test_a_main_user_gives_any_role(self, people):
        for role in Role:
            self.may(people.olga, people.petra, people.north, role)

    def test_a_purchaser_without_user_administration_gives_nothing(self, people):
        with pytest.raises(PermissionDenied):
            self.may(people.petra, people.asta, people.north, Role.ASSISTANT)

    def test_a_stranger_learns_nothing(self, people):
        with pytest.raises(Http404):
            self.may(people.otto, people.asta, people.north, Role.ASSISTANT)

    def test_a_purchaser_with_user_administration_gives_no_more_than_she_has(self, people):
        on = [*ROLE_FUNCTIONS[Role.PURCHASER], Function.USERS]
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on)
        self.may(people.petra, people.asta, people.north, Role.PURCHASER)
        with pytest.raises(PermissionDenied):
            self.may(people.petra, people.asta, people.north, Role.MAIN_USER)
        with pytest.raises(PermissionDenied):
            self.may(people.petra, people.asta, people.north, Role.ASSISTANT, [Function.FINANCES])

    def test_she_does_not_touch_a_main_user(self, people):
        on = [*ROLE_FUNCTIONS[Role.PURCHASER], Function.USERS]
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on)
        with pytest.raises(PermissionDenied):
            access.check_may_change(people.petra, people.olga, people.north)

    def test_nobody_changes_themselves(self, people):
        with pytest.raises(PermissionDenied):
            self.may(people.olga, people.olga, people.north, Role.MAIN_USER)

    def test_an_inactive_main_user_is_no_prey(self, people):
        boss = UserFactory()
        membership_grant(user=boss, clinic=people.north, role=Role.MAIN_USER)
        set_inactive(user=boss, clinics=[people.north])
        on = [*ROLE_FUNCTIONS[Role.PURCHASER], Function.USERS]
        membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=on)
        with pytest.raises(PermissionDenied):
            access.check_may_change(people.petra, boss, people.north)


class TestManyClinics:
    """An account may have 2,000 of them."""

    @pytest.mark.parametrize("change", ["grant", "switch off and on", "revoke"])
    def test_they_cost_no_more_queries_than_few(self, people, change):
        def cost(number: int) -> int:
            clinics = [ClinicFactory(account=people.north.account) for _each in range(number)]
            user = UserFactory()
            memberships_grant(user=people.olga, clinics=clinics, role=Role.MAIN_USER)
            if change != "grant":
                memberships_grant(user=user, clinics=clinics, role=Role.PURCHASER)
            with CaptureQueriesContext(connection) as queries:
                if change == "grant":
                    memberships_grant(user=user, clinics=clinics, role=Role.PURCHASER)
                elif change == "revoke":
                    memberships_revoke(user=user, clinics=clinics, confirmed=True)
                else:
                    set_inactive(user=user, clinics=clinics, confirmed=True)
                    set_active(user=user, clinics=clinics)
            return len(queries)

        cost(1)  # what Django remembers of kinds of rows
        assert cost(2) == cost(30)

    def test_one_that_must_stay_keeps_all(self, people):
        """All or nothing: Olga is the last main user of both, Petra approves at one."""
        membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
        with pytest.raises(LastMainUser):
            memberships_revoke(user=people.olga, clinics=[people.north, people.south], confirmed=True)
        assert Membership.objects.filter(user=people.olga, is_active=True).count() == 2
        assert access.can(people.olga, P.MANAGE_USERS, people.north)

    def test_the_history_has_a_row_for_each_where_something_changed(self, people):
        membership_grant(user=people.petra, clinic=people.south, role=Role.ASSISTANT)
        memberships_grant(user=people.petra, clinics=[people.north, people.south], role=Role.PURCHASER)
        rows = AccessEvent.objects.filter(person=people.petra, action=AccessAction.CHANGE)
        assert [(row.clinic, row.account, row.before["role"], row.after["role"]) for row in rows] == [
            (people.south, people.south.account, "assistant", "purchaser")
        ]


class TestWhatTheHistoryKeeps:
    """Before and after, of every change."""

    def kept(self, action: AccessAction) -> tuple[dict, dict]:
        event = AccessEvent.objects.get(action=action)
        return event.before, event.after

    def test_of_who_is_made_inactive_and_active(self, people):
        set_inactive(user=people.asta, clinics=[people.north], by=people.olga)
        set_active(user=people.asta, clinics=[people.north], by=people.olga)
        for action, is_active in ((AccessAction.INACTIVATE, False), (AccessAction.ACTIVATE, True)):
            before, after = self.kept(action)
            assert (before["is_active"], after["is_active"]) == (not is_active, is_active)
            assert before["role"] == after["role"] == Role.ASSISTANT
            assert before["functions"] == after["functions"]

    def test_of_a_block(self, people):
        block(user=people.petra, by=people.stella, reason="Asked for it")
        unblock(user=people.petra, by=people.stella)
        assert self.kept(AccessAction.BLOCK) == ({"blocked": False}, {"blocked": True})
        assert self.kept(AccessAction.UNBLOCK) == ({"blocked": True}, {"blocked": False})
