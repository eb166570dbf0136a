"""Who is an editor as well has rights to users in Wagtail: there they would change administrators, and no history."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from permissions.models import User
from permissions.staff import SERVICE_GROUP
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(people) -> Client:
    client = Client()
    client.force_login(UserFactory(email="admin@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def both(people) -> Client:
    people.edit.groups.add(Group.objects.get(name=SERVICE_GROUP))
    User.objects.filter(pk=people.edit.pk).update(is_staff=True)
    client = Client()
    client.force_login(User.objects.get(pk=people.edit.pk))
    return client


def test_an_editor_in_customer_service_takes_over_no_administrator(people, both, admin):
    boss = User.objects.get(email="admin@example.com")
    new = "nine green herons"
    form = {"email": "taken@example.com", "first_name": "A", "last_name": "B", "is_active": "on"}
    answer = both.post(f"/cms/users/edit/{boss.pk}/", {**form, "password1": new, "password2": new})
    assert answer["Location"] == "/cms/"
    boss.refresh_from_db()
    assert boss.email == "admin@example.com"
    assert not boss.check_password(new)


def test_nor_shuts_anybody_out_there(people, both):
    for model in ("user", "USER"):
        path = f"/cms/bulk/permissions/{model}/set_active_state/?id={people.petra.pk}"
        both.post(path, {"mark_as_active": "False"})
    assert User.objects.get(pk=people.petra.pk).is_active
    for path in ("/cms/users/", "/cms/users/new/", f"/cms/users/edit/{people.petra.pk}/", "/cms/groups/"):
        assert both.get(path)["Location"] == "/cms/"
    assert both.get("/cms/").status_code == 200


def test_administrators_still_have_them(admin):
    assert admin.get("/cms/users/").status_code == 200
