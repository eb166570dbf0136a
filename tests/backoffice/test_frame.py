"""What every page of the back office has, Oscar's own too: one main part, one heading, a way past the menus."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from permissions.models import User

pytestmark = pytest.mark.django_db


def entries() -> list[str]:
    nodes = settings.OSCAR_DASHBOARD_NAVIGATION
    names = [node["url_name"] for parent in nodes for node in parent.get("children", [parent])]
    return [name for name in names if name.startswith("dashboard:")]


@pytest.mark.parametrize("name", entries())
def test_each_area_has_the_frame(admin: Client, name: str):
    page = admin.get(reverse(name)).content.decode()
    assert len(re.findall(r"<main\b", page)) == len(re.findall(r"<h1\b", page)) == 1
    assert page.index('href="#main"') < page.index("<nav") < page.index('<main class="content" id="main"')
    assert page.index("<h1") > page.index("<main")
    ids = re.findall(r'\sid="([^"]+)"', page.split("<main")[0])
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})


def test_the_menu_marks_where_one_is(stella: Client):
    page = stella.get(reverse("dashboard:request-list")).content.decode()
    assert re.search(rf'href="{reverse("dashboard:request-list")}" aria-current="page"', page)
    assert page.split("<main")[0].count('aria-current="page"') == 2  # and the crumb


def test_staff_find_their_own_profile(stella: Client, people):
    page = stella.get(reverse("dashboard:index")).content.decode()
    assert f'href="{reverse("profile")}">{people.stella}' in page


def test_who_may_less_sees_fewer_areas(people):
    client = Client()
    client.force_login(people.stella)  # staff, without the group
    page = client.get(reverse("dashboard:index")).content.decode()
    assert reverse("dashboard:request-list") not in page
    assert User.objects.filter(pk=people.stella.pk, is_staff=True).exists()
