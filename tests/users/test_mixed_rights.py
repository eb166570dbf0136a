"""Who may give more at one clinic than at another reads which, and loses nothing of what was typed."""

import pytest

from permissions.models import Invitation, Membership
from permissions.roles import Role
from permissions.services import membership_grant
from tests.factories import UserFactory
from tests.users.inviting import access_form, browser_of, form_for, invite

TEXT = "At Nordhear South you may not give all of this: you may do less there."


@pytest.fixture
def mia(people):
    """Main user at North; manages South's users as a purchaser who only orders."""
    user = UserFactory(email="mia@example.com", first_name="Mia", last_name="Testsson", language="en")
    membership_grant(user=user, clinic=people.north, role=Role.MAIN_USER)
    membership_grant(user=user, clinic=people.south, role=Role.PURCHASER, functions=["ordering", "users"])
    return browser_of(user)


def refused(response) -> bool:
    return response.status_code == 422 and TEXT in response.content.decode()


@pytest.mark.parametrize("role", [Role.PURCHASER, Role.MAIN_USER])
def test_adding_names_the_clinic_and_keeps_the_form(people, mia, role):
    both = [people.north, people.south]
    response = mia.post("/users/new/", form_for(both, role=role))
    assert refused(response)
    assert 'value="nora@example.com"' in response.content.decode()
    assert "Nordhear North" not in response.content.decode().split("error-summary")[1].split("</div>")[0]
    assert not Invitation.objects.exists()
    assert mia.post("/users/new/", form_for(both, functions_purchaser=["ordering"])).status_code == 302
    assert Invitation.objects.get().clinics.count() == 2


def test_the_same_at_another_clinic(people, mia):
    path = f"/users/{people.petra.public_id}/{people.north.pk}/"
    form = {**access_form(Role.PURCHASER), "also": [str(people.south.pk)]}
    assert refused(mia.post(path, form))
    assert not Membership.objects.filter(user=people.petra, clinic=people.south).exists()
    assert mia.post(path, {**form, "functions_purchaser": ["ordering"], "confirmed": "1"}).status_code == 302
    assert Membership.objects.filter(user=people.petra, clinic=people.south).exists()


def test_changing_an_invitation(people, mia):
    invitation = invite(people.olga, [people.north])
    path = f"/users/invitations/{invitation.pk}/"
    assert refused(mia.post(path, form_for([people.north, people.south])))
    assert list(invitation.clinics.all()) == [people.north]
