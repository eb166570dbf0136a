"""B2: main user, purchaser and assistant; guardian's rows are what the checks read."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from guardian.shortcuts import assign_perm

from permissions import access
from permissions.agreement import find_disagreements, repair
from permissions.history.wording import changes_of
from permissions.models import AccessEvent, Clinic, ClinicUserPermission, Membership
from permissions.models.events import AccessAction
from permissions.roles import ROLE_PERMISSIONS, ClinicPermission, Role
from permissions.services import membership_grant, membership_revoke
from tests.factories import ClinicFactory


def held(user, clinic) -> set[str]:
    return {p.value for p in ClinicPermission if access.can(user, p, clinic)}


def test_each_role_has_exactly_the_rights_of_the_policy(people):
    assert held(people.olga, people.north) == ROLE_PERMISSIONS[Role.MAIN_USER]
    assert held(people.petra, people.north) == {
        "prepare_order",
        "place_order",
        "approve_order",
        "view_orders",
        "request_service",
        "view_patients",
    }
    assert held(people.asta, people.north) == {"prepare_order", "view_orders", "view_patients"}


def test_rights_end_at_the_clinic(people):
    assert held(people.petra, people.south) == set()
    assert held(people.otto, people.north) == set()


def test_a_new_role_replaces_the_old_one(people):
    membership_grant(user=people.petra, clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
    assert held(people.petra, people.north) == ROLE_PERMISSIONS[Role.ASSISTANT]
    assert Membership.objects.filter(user=people.petra).count() == 1


def test_revoking_takes_every_right_and_may_be_repeated(people):
    for _again in range(2):
        membership_revoke(user=people.petra, clinic=people.north)
    assert held(people.petra, people.north) == set()
    assert not Membership.objects.filter(user=people.petra).exists()


def test_a_deactivated_person_has_no_right_anywhere(people):
    people.petra.is_active = False
    people.petra.save()
    assert held(people.petra, people.north) == set()
    assert not Clinic.objects.visible_to(people.petra).exists()


def test_a_superuser_is_no_customer(people):
    people.stella.is_superuser = True
    people.stella.save()
    assert held(people.stella, people.north) == set()
    assert not access.clinics_with(people.stella, ClinicPermission.VIEW_ORDERS).exists()


def test_a_global_permission_opens_no_clinic(people):
    from django.contrib.auth.models import Permission

    permission = Permission.objects.get(codename="place_order", content_type__app_label="permissions")
    people.edit.user_permissions.add(permission)
    assert not access.clinics_with(people.edit, ClinicPermission.PLACE_ORDER).exists()


def test_a_closed_clinic_is_seen_by_nobody(people):
    people.north.is_active = False
    people.north.save()
    assert held(people.olga, people.north) == set()


def test_a_stranger_meets_404_and_a_member_without_the_right_403(people):
    access.require(people.petra, ClinicPermission.PLACE_ORDER, people.north)
    with pytest.raises(PermissionDenied):
        access.require(people.asta, ClinicPermission.PLACE_ORDER, people.north)
    with pytest.raises(Http404):
        access.require(people.otto, ClinicPermission.PLACE_ORDER, people.north)


def test_permission_rows_go_with_their_clinic(people):
    """guardian's generic rows outlive the object and would open the next one with its key (safety, finding 5)."""
    clinic = ClinicFactory()
    assign_perm("place_order", people.petra, clinic)
    clinic_id = clinic.pk
    clinic.delete()
    assert not ClinicUserPermission.objects.filter(content_object_id=clinic_id).exists()


def test_guardian_reads_the_same_rows(people):
    assert people.petra.has_perm("permissions.place_order", people.north)
    assert not people.asta.has_perm("permissions.place_order", people.north)


def test_check_access_finds_and_repairs_a_difference(people, capsys):
    ClinicUserPermission.objects.filter(user=people.petra, permission__codename="place_order").delete()
    extra = ClinicUserPermission.objects.filter(user=people.olga).first().permission
    ClinicUserPermission.objects.create(user=people.edit, permission=extra, content_object=people.south)
    with pytest.raises(CommandError, match="2 disagree"):
        call_command("check_access")
    call_command("check_access", "--repair")
    assert list(find_disagreements()) == []
    assert access.can(people.petra, ClinicPermission.PLACE_ORDER, people.north)
    call_command("check_access")
    assert "agree" in capsys.readouterr().out


def test_a_repair_is_kept_with_what_was_held_and_what_is_held_now(people):
    full = set(ROLE_PERMISSIONS[Role.PURCHASER])
    rows = ClinicUserPermission.objects.filter(user=people.petra)
    rows.filter(permission__codename="place_order").delete()
    (found,) = find_disagreements()
    assert repair(found)
    event = AccessEvent.objects.get(action=AccessAction.REPAIR)
    assert (set(event.before["permissions"]), set(event.after["permissions"])) == (full - {"place_order"}, full)
    assert [str(change) for change in changes_of(event)] == ["Permissions given: Send orders"]
    assert not repair(found)  # mended meanwhile: nothing happened
    assert AccessEvent.objects.filter(action=AccessAction.REPAIR).count() == 1


def test_every_change_of_access_is_in_the_history(people):
    membership_grant(user=people.petra, clinic=people.north, role=Role.ASSISTANT, granted_by=people.olga)
    membership_revoke(user=people.petra, clinic=people.north, revoked_by=people.olga)
    revoked, changed = AccessEvent.objects.filter(person=people.petra, actor=people.olga)
    assert (changed.action, changed.clinic, changed.account) == ("change", people.north, people.north.account)
    assert (changed.before["role"], changed.after["role"]) == ("purchaser", "assistant")
    assert (revoked.action, revoked.before["role"], revoked.after) == ("revoke", "assistant", {})


def test_what_changes_nothing_is_not_in_the_history(people):
    before = AccessEvent.objects.count()
    membership_grant(user=people.petra, clinic=people.north, role=Role.PURCHASER)
    membership_revoke(user=people.petra, clinic=people.south)
    assert AccessEvent.objects.count() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE permissions_accessevent SET reason = 'x'",
        "DELETE FROM permissions_accessevent",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE permissions_accessevent",
    ],
)
def test_the_history_can_not_be_changed(people, change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
