"""Wagtail and Oscar have pages on which people and their rights change past our rules and the history: none is left."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from permissions.models import AccessEvent, User
from permissions.staff import SERVICE_GROUP
from tests.backoffice.pages import at
from tests.factories import Partner, UserFactory
from tests.permissions.site_objects import make_world
from tests.permissions.site_samples import Samples
from tests.permissions.site_visitor import Visitor, brief_refusal
from tests.permissions.site_walk import Row, addresses

pytestmark = pytest.mark.django_db
AREAS = ("cms/", "backoffice/")


def access() -> list:
    """What people may do, and what they log in with."""
    fields = ("pk", "email", "password", "is_active", "blocked", "is_staff", "is_superuser", "session_generation")
    return [
        *User.objects.order_by("pk").values_list(*fields),
        *User.groups.through.objects.order_by("pk").values_list(),
        *User.user_permissions.through.objects.order_by("pk").values_list(),
        *Group.objects.order_by("pk").values_list(),
        *Group.permissions.through.objects.order_by("pk").values_list(),
        *GroupPagePermission.objects.order_by("pk").values_list(),
        *GroupCollectionPermission.objects.order_by("pk").values_list(),
    ]


def everything_at_once(group: Group) -> dict[str, Any]:
    """Whatever any form about people or groups could ask for."""
    password = "nine green herons"
    forms = ("page_permissions", "image_permissions", "document_permissions", "collection_permissions")
    counts = {f"{form}-{what}": "0" for form in forms for what in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    limits = {f"{form}-MAX_NUM_FORMS": "1000" for form in forms}
    return {
        **{"email": "taken@example.com", "first_name": "A", "last_name": "B", "language": "sv", "phone_number": ""},
        **{"is_superuser": "on", "is_staff": "on", "is_active": "on", "role": [group.pk], "groups": [group.pk]},
        **{"password1": password, "password2": password, "password": password},
        **{"new_password1": password, "new_password2": password, "mark_as_active": "False", "name": "Renamed"},
        **{"permissions": list(Permission.objects.values_list("pk", flat=True)), "rights": ["administrator"]},
        **{"reason": "Asked for it by telephone", **counts, **limits},
    }


def paths(samples: Samples) -> Iterator[str]:
    people, group = samples.world.people, Group.objects.get(name=SERVICE_GROUP)
    yield at(people.edit, "rights/")
    for address in addresses():
        if address.route.startswith(AREAS):
            yield samples.path_of(Row(address.name, address.route, "POST", {}), address)
    bulk_action_registry._scan_for_bulk_actions()
    for app, model, pk in (("permissions", "user", people.petra.pk), ("auth", "group", group.pk)):
        for action in bulk_action_registry.actions.get(app, {}).get(model, {}):
            for spelt in (model, model.upper()):
                yield f"/cms/bulk/{app}/{spelt}/{action}/?id={pk}"


@pytest.fixture
def quiet(monkeypatch) -> Iterator[None]:
    """Nonsense meets faults of Wagtail's and Oscar's that are not what the test is about."""
    monkeypatch.setattr("config.urls.handler403", brief_refusal, raising=False)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_an_administrator_changes_nobodys_access_without_a_row_in_the_history(quiet):
    world = make_world()
    administrator = Visitor(UserFactory(email="admin@example.com", is_staff=True, is_superuser=True))
    form, before = everything_at_once(Group.objects.get(name=SERVICE_GROUP)), access()
    changed, told = set(), set()
    for path in paths(Samples(world)):
        with transaction.atomic():
            events = AccessEvent.objects.count()
            administrator.post(path, form)
            if access() != before:
                (told if AccessEvent.objects.count() > events else changed).add(path)
            transaction.set_rollback(True)
    assert not changed
    assert {path.split("/")[-2] for path in told} >= {"details", "rights", "new"}  # else the form proves nothing


@pytest.mark.parametrize("is_administrator", [True, False])
def test_wagtails_addresses_are_gone(people, client, is_administrator):
    """Also for who is an editor in customer service: Wagtail would let them change people."""
    people.edit.groups.add(Group.objects.get(name=SERVICE_GROUP))
    User.objects.filter(pk=people.edit.pk).update(is_staff=True, is_superuser=is_administrator)
    client.force_login(User.objects.get(pk=people.edit.pk))
    for path in ("users/", "users/new/", f"users/edit/{people.petra.pk}/", "groups/", "groups/new/"):
        assert client.get(f"/cms/{path}").status_code == 404
        assert client.post(f"/cms/{path}").status_code == 404
    for model in ("user", "USER"):
        path = f"/cms/bulk/permissions/{model}/set_active_state/?id={people.petra.pk}"
        assert client.post(path, {"mark_as_active": "False"}).status_code == 404
    assert User.objects.get(pk=people.petra.pk).is_active
    home = client.get("/cms/")
    assert home.status_code == 200
    assert "/cms/users/" not in home.content.decode()
    assert "/cms/groups/" not in home.content.decode()


def test_nor_does_a_warehouse_have_people(people, admin):
    warehouse = Partner.objects.create(name="Warehouse", code="w")
    for rest in ("users/add/", "users/select/", f"users/{people.petra.pk}/link/", f"users/{people.petra.pk}/update/"):
        assert admin.get(f"/backoffice/partners/{warehouse.pk}/{rest}").status_code == 404
    for path in ("", "create/", f"{warehouse.pk}/", f"{warehouse.pk}/delete/"):
        assert admin.get(f"/backoffice/partners/{path}").status_code == 200
    assert "Warehouse" in admin.get("/backoffice/partners/?name=ware").content.decode()
    assert "No warehouse fits" in admin.get("/backoffice/partners/?name=nowhere").content.decode()
