"""Administrators say who works for the supplier: what it changes, who is refused, and what the history says of it."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from permissions import services
from permissions.models import AccessEvent, User
from permissions.models.events import AccessAction
from permissions.roles import Role
from permissions.services import WorksForSupplier, block, membership_grant, unblock
from permissions.staff_rights import held_by
from permissions.users import answering
from permissions.users.problems import NotDone
from shop.dashboard.people import acting, colleagues
from shop.dashboard.people.acting import Taken
from tests.backoffice.pages import LIST, at, last_event
from tests.factories import PASSWORD, UserFactory
from tests.users.inviting import invite

NEW = f"{LIST}new/"
FORM = {"first_name": "Nora", "last_name": "Nysson", "email": "Nora@bestil.example", "language": "sv"}


@pytest.fixture
def boss(db) -> User:
    return UserFactory(email="boss@example.com", is_staff=True, is_superuser=True)


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


class TestANewColleague:
    def test_gets_a_link_to_choose_a_password_and_their_rights(self, admin):
        answer = admin.post(NEW, {**FORM, "rights": ["service", "editor"]})
        nora = User.objects.get(email="nora@bestil.example")
        assert answer["Location"] == at(nora)
        assert held_by(nora) == ["service", "editor"]
        assert (nora.is_staff, nora.is_superuser, nora.is_active) == (True, False, True)
        assert not nora.has_usable_password()
        (message,) = mail.outbox
        assert message.to == ["nora@bestil.example"]
        link = re.search(r"https?://[^/\s]+(/password/\S+)", message.body)
        assert "new_password1" in Client().get(link[1], follow=True).content.decode()
        event = last_event()
        assert (event.action, event.person) == (AccessAction.STAFF, nora)
        assert (event.before, event.after) == ({"rights": []}, {"rights": ["service", "editor"]})

    @pytest.mark.parametrize(
        "wrong", [{"rights": []}, {"rights": ["owner"]}, {"email": "PETRA@example.com"}, {"email": ""}]
    )
    def test_what_is_wrong_is_said_and_nobody_is_made(self, people, admin, wrong):
        before = User.objects.count()
        answer = admin.post(NEW, {**FORM, "rights": ["service"], **wrong})
        assert answer.status_code == 422
        assert "alert-danger" in answer.content.decode()
        assert (User.objects.count(), mail.outbox) == (before, [])

    def test_is_not_made_twice_by_two_at_the_same_moment(self, people, boss):
        with pytest.raises(Taken):
            colleagues.add_colleague(by=boss, details={"email": "PETRA@example.com"}, rights=["service"])
        assert held_by(people.petra) == []

    def test_is_an_administrators_to_make(self, people, stella, boss):
        assert stella.get(NEW).status_code == 403
        assert stella.post(NEW, {**FORM, "rights": ["service"]}).status_code == 403
        assert "New colleague" not in stella.get(f"{LIST}?show=supplier").content.decode()
        with pytest.raises(PermissionDenied):
            colleagues.add_colleague(by=people.stella, details={"email": "x@example.com"}, rights=["service"])
        User.objects.filter(pk=boss.pk).update(is_superuser=False)
        with pytest.raises(PermissionDenied):  # who lost it since the page was opened
            colleagues.add_colleague(by=boss, details={"email": "x@example.com"}, rights=["service"])


class TestChangingRights:
    def test_ends_sessions_tells_the_person_and_is_remembered(self, people, admin):
        hers = Client()
        hers.force_login(people.edit)
        assert hers.get("/cms/").status_code == 200
        page = admin.get(at(people.edit, "rights/"))
        assert page.context["form"]["rights"].value() == ["editor", "moderator"]
        assert admin.post(at(people.edit, "rights/"), {"rights": ["service"]})["Location"] == at(people.edit)
        assert hers.get("/cms/").status_code == 302
        edit = fresh(people.edit)
        assert (held_by(edit), edit.is_staff, edit.is_active) == (["service"], True, True)
        (message,) = mail.outbox
        assert message.to == ["edit@example.com"]
        assert "Customer service" in message.body
        event = last_event()
        assert (event.before, event.after) == ({"rights": ["editor", "moderator"]}, {"rights": ["service"]})
        shown = admin.get(f"/backoffice/access/?person={edit.public_id}").content.decode()
        assert "Editors, Moderators → Customer service" in shown

    def test_an_administrator_is_made_and_unmade(self, people, admin):
        admin.post(at(people.stella, "rights/"), {"rights": ["administrator"]})
        assert fresh(people.stella).is_superuser
        admin.post(at(people.stella, "rights/"), {"rights": ["service"]})
        assert (fresh(people.stella).is_superuser, fresh(people.stella).is_staff) == (False, True)

    def test_saving_what_is_so_already_does_nothing(self, people, admin):
        before = fresh(people.edit).session_generation
        admin.post(at(people.edit, "rights/"), {"rights": ["moderator", "editor"]})
        assert (fresh(people.edit).session_generation, mail.outbox) == (before, [])
        assert not AccessEvent.objects.filter(action=AccessAction.STAFF).exists()

    def test_what_was_given_otherwise_is_named_and_goes(self, people, admin):
        people.stella.groups.add(Group.objects.create(name="Night shift"))
        assert held_by(people.stella) == ["Night shift", "is_staff"]
        assert "Night shift" in admin.get(at(people.stella, "rights/")).content.decode()
        admin.post(at(people.stella, "rights/"), {"rights": ["service"]})
        assert held_by(fresh(people.stella)) == ["service"]
        assert last_event().before == {"rights": ["Night shift", "is_staff"]}

    def test_nobody_changes_their_own(self, admin):
        own = User.objects.get(email="admin@example.com")
        assert admin.get(at(own, "rights/")).status_code == 403
        assert admin.post(at(own, "rights/"), {"rights": ["service"]}).status_code == 403
        assert fresh(own).is_superuser

    @pytest.mark.parametrize("name", ["edit", "petra", "nobody"])
    def test_customer_service_changes_nobodys(self, people, stella, name):
        person = getattr(people, name, None) or UserFactory()
        assert stella.get(at(person, "rights/")).status_code == 403
        assert stella.post(at(person, "rights/"), {"rights": ["service"]}).status_code == 403
        assert not AccessEvent.objects.filter(action=AccessAction.STAFF).exists()

    def test_of_two_administrators_who_unmake_each_other_one_is_left(self, boss):
        other = UserFactory(is_staff=True, is_superuser=True)
        colleagues.change_rights(by=boss, person=other, rights=[])
        for work in (
            lambda: colleagues.change_rights(by=other, person=boss, rights=[]),
            lambda: acting.block(by=other, person=boss, reason="x"),  # `other` is as the page read them
        ):
            with pytest.raises(PermissionDenied):
                work()
        assert (fresh(boss).is_superuser, fresh(boss).is_active) == (True, True)


class TestLeaving:
    def test_who_stops_and_has_no_role_at_a_clinic_cant_log_in(self, people, admin):
        admin.post(at(people.edit, "rights/"), {"rights": []})
        edit = fresh(people.edit)
        assert (held_by(edit), edit.is_active) == ([], False)
        answer = Client().post("/login/", {"username": edit.email, "password": PASSWORD})
        assert answer.status_code == 200
        assert "can't log in any more" in mail.outbox[0].body
        assert last_event().after == {"rights": []}

    def test_nor_once_a_block_from_before_is_lifted(self, people, boss):
        block(user=people.edit, by=boss, reason="left")
        colleagues.change_rights(by=boss, person=people.edit, rights=[])
        assert mail.outbox == []  # nothing goes to who is blocked
        unblock(user=people.edit, by=boss)
        assert not fresh(people.edit).is_active

    def test_but_again_when_they_come_back_or_become_a_customer(self, people, boss):
        colleagues.change_rights(by=boss, person=people.edit, rights=[])
        colleagues.change_rights(by=boss, person=people.edit, rights=["editor"])
        assert fresh(people.edit).is_active
        colleagues.change_rights(by=boss, person=people.edit, rights=[])
        membership_grant(user=people.edit, clinic=people.north, role=Role.PURCHASER)
        assert fresh(people.edit).is_active

    def test_who_was_both_from_before_keeps_the_clinic_and_the_log_in(self, people, boss):
        User.objects.filter(pk=people.petra.pk).update(is_staff=True)
        assert not set(held_by(fresh(people.petra))) & {"service"}
        colleagues.change_rights(by=boss, person=people.petra, rights=[])
        assert (fresh(people.petra).is_staff, fresh(people.petra).is_active) == (False, True)
        assert "what you may do at your clinics stays" in mail.outbox[0].body


class TestNobodyIsBoth:
    def test_a_customer_is_made_no_staff(self, people, admin, boss):
        answer = admin.post(at(people.petra, "rights/"), {"rights": ["service"]})
        assert answer.status_code == 403
        assert "has a role at a clinic" in answer.content.decode()
        assert "Change rights at the supplier" not in admin.get(at(people.petra)).content.decode()
        with pytest.raises(PermissionDenied):
            colleagues.change_rights(by=boss, person=people.petra, rights=["service"])
        assert not fresh(people.petra).works_for_supplier

    def test_who_is_both_from_before_gets_no_more(self, people, admin):
        User.objects.filter(pk=people.petra.pk).update(is_staff=True)
        answer = admin.post(at(people.petra, "rights/"), {"rights": ["service"]})
        assert answer.status_code == 422
        assert "has a role at a clinic" in answer.content.decode()
        assert held_by(fresh(people.petra)) == ["is_staff"]

    @pytest.mark.parametrize("name", ["stella", "edit"])
    def test_the_suppliers_people_get_no_role_at_a_clinic(self, people, admin, name):
        person = getattr(people, name)
        with pytest.raises(WorksForSupplier):
            membership_grant(user=person, clinic=people.north, role=Role.ASSISTANT)
        assert "Give a role at another clinic" not in admin.get(at(person)).content.decode()
        path = at(person, f"clinics/{people.north.pk}/")
        answer = admin.post(path, {"role": "assistant", "functions_assistant": ["ordering"]})
        assert answer.status_code == 422
        assert "works for the supplier" in answer.content.decode()
        assert not person.memberships.exists()

    def test_nor_by_an_invitation(self, people):
        invitation = invite(people.olga, [people.north], email=people.stella.email)
        with pytest.raises(NotDone, match="works for the supplier"):
            answering.accept(user=people.stella, pk=invitation.pk)
        assert not people.stella.memberships.exists()

    def test_nor_by_who_read_them_before_they_were_made_staff(self, people, boss):
        person = UserFactory()
        colleagues.change_rights(by=boss, person=person, rights=["service"])
        with pytest.raises(WorksForSupplier):
            membership_grant(user=person, clinic=people.north, role=Role.ASSISTANT)


class TestTheFirstAdministrator:
    def test_of_the_command_line_begins_the_history(self, db, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
        call_command("createsuperuser", interactive=False, email="First@bestil.example", verbosity=0)
        first = User.objects.get(email="first@bestil.example")
        event = last_event()
        assert (event.action, event.actor, event.person) == (AccessAction.STAFF, None, first)
        assert (event.after, event.reason) == ({"rights": ["administrator"]}, "createsuperuser")


class TestABlock:
    def test_leaves_nobody_active_whoever_writes_it(self, people):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=people.petra.pk).update(blocked=timezone.now())
        block(user=people.petra, by=people.stella, reason="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=people.petra.pk).update(is_active=True)
        services.unblock(user=people.petra, by=people.stella)
        assert fresh(people.petra).is_active
