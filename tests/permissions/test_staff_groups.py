"""A new portal has its staff groups at once; nobody has to run the demo for them."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from permissions.staff import EDITORS_DOCUMENTS, EDITORS_PAGES, SERVICE_GROUP, ensure_groups

pytestmark = pytest.mark.django_db


def test_customer_service_may_see_orders_and_not_delete_them():
    """What they delete is their own rules and calendar days, which no order refers to."""
    held = Group.objects.get(name=SERVICE_GROUP).permissions.select_related("content_type")
    codenames = {permission.codename for permission in held}
    assert {"view_order", "change_order", "view_product"} <= codenames
    deleting = {permission.content_type.app_label for permission in held if permission.codename.startswith("delete_")}
    assert deleting <= {"configuration", "dispatch"}


@pytest.mark.parametrize("name", ["Editors", "Moderators"])
def test_editors_may_keep_documents(name):
    held = GroupCollectionPermission.objects.filter(group__name=name).values_list("permission__codename", flat=True)
    assert set(held) >= EDITORS_DOCUMENTS


@pytest.mark.parametrize("name", ["Editors", "Moderators"])
def test_what_editors_may_do_with_pages_comes_back_when_it_was_lost(name):
    """No page gives it any more."""
    held = GroupPagePermission.objects.filter(group__name=name, page__depth=1)
    before = set(held.values_list("permission__codename", flat=True))
    assert before == EDITORS_PAGES[name]
    held.delete()
    ensure_groups()
    assert set(held.values_list("permission__codename", flat=True)) == before


def test_what_an_administrator_gave_a_group_stays_after_the_next_migrate():
    from django.contrib.auth.models import Permission

    group = Group.objects.get(name=SERVICE_GROUP)
    extra = Permission.objects.get(codename="delete_order")
    group.permissions.add(extra)
    call_command("migrate", verbosity=0)
    assert extra in group.permissions.all()
