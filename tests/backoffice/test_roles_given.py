"""Customer service gives, changes and takes roles: the same rules hold as for main users."""

import pytest
from django.core import mail
from django.test import Client

from permissions.models import Membership, User
from permissions.models.events import AccessAction
from permissions.roles import Role
from permissions.services import membership_grant, set_inactive
from tests.backoffice.pages import at, last_event
from tests.factories import ClinicFactory

pytestmark = pytest.mark.django_db


class TestRoles:
    PURCHASER = {"role": "purchaser", "functions_purchaser": ["ordering", "finances"]}

    def test_given_at_another_clinic_changed_and_taken(self, people, stella):
        page = stella.get(at(people.petra, "clinics/"))
        assert page.context["clinics"] == [people.south]
        assert stella.get(at(people.petra, "clinics/?q=2001")).context["clinics"] == [people.foreign]
        where = at(people.petra, f"clinics/{people.foreign.pk}/")
        assert stella.get(where).status_code == 200
        assert stella.post(where, self.PURCHASER).status_code == 302
        row = Membership.objects.get(user=people.petra, clinic=people.foreign)
        assert (row.role, row.functions, last_event().actor) == ("purchaser", ["ordering", "finances"], people.stella)
        stella.post(where, {"role": "assistant", "functions_assistant": ["ordering"]})
        row.refresh_from_db()
        assert (row.role, row.functions) == ("assistant", ["ordering"])
        stella.post(f"{where}remove/")
        assert last_event().action == AccessAction.REVOKE
        assert not Membership.objects.filter(pk=row.pk).exists()
        assert [message.to for message in mail.outbox] == [["petra@example.com"]] * 3

    def test_suggested_is_what_is_held_at_the_accounts_other_clinics_and_nothing_of_other_accounts(
        self, people, stella
    ):
        membership_grant(
            user=people.petra, clinic=people.north, role=Role.PURCHASER, functions=["ordering"], confirmed=True
        )
        form = stella.get(at(people.petra, f"clinics/{people.south.pk}/")).context["form"]
        assert (form["role"].value(), form["functions_purchaser"].value()) == ("purchaser", ["ordering"])
        elsewhere = stella.get(at(people.petra, f"clinics/{people.foreign.pk}/"))
        assert elsewhere.context["form"]["role"].value() is None
        assert "Suggested" not in elsewhere.content.decode()

    def test_the_last_main_user_stays_whatever_is_ticked(self, people, stella):
        where = at(people.olga, f"clinics/{people.south.pk}/")
        for path, form in ((where, self.PURCHASER), (f"{where}remove/", {}), (f"{where}status/", {})):
            answer = stella.post(path, {**form, "confirmed": "1"})
            assert answer.status_code == 422
            assert "last main user" in answer.content.decode()
        assert Membership.objects.get(user=people.olga, clinic=people.south).role == Role.MAIN_USER

    def test_the_last_approver_goes_when_it_is_confirmed(self, people, stella):
        west = ClinicFactory(account=people.north.account)
        membership_grant(user=people.petra, clinic=west, role=Role.PURCHASER)
        membership_grant(user=people.asta, clinic=west, role=Role.ASSISTANT)
        where = at(people.petra, f"clinics/{west.pk}/remove/")
        asked = stella.post(where)
        assert asked.status_code == 422
        assert "Do it all the same" in asked.content.decode()
        assert stella.post(where, {"confirmed": "1"}).status_code == 302

    def test_inactive_and_active_again(self, people, stella):
        where = at(people.petra, f"clinics/{people.north.pk}/status/")
        petra = Client()
        petra.force_login(people.petra)
        stella.post(where)
        assert petra.get("/basket/").status_code == 302
        people.petra.refresh_from_db()
        assert people.petra.is_active is False
        stella.post(where)
        people.petra.refresh_from_db()
        assert people.petra.is_active is True

    def test_who_was_inactive_everywhere_gets_in_by_a_new_role(self, people, stella):
        set_inactive(user=people.petra, clinics=[people.north])
        stella.post(at(people.petra, f"clinics/{people.south.pk}/"), self.PURCHASER)
        assert User.objects.get(pk=people.petra.pk).is_active

    def test_none_at_a_closed_clinic(self, people, stella):
        closed = ClinicFactory(account=people.north.account, is_active=False)
        assert stella.post(at(people.petra, f"clinics/{closed.pk}/"), self.PURCHASER).status_code == 422
        assert not Membership.objects.filter(clinic=closed).exists()
