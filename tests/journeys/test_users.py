"""Users as people do it, in a real browser: invite, activate, order; known elsewhere; inactive and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from outbox.models import OutgoingMail
from permissions.models import Membership, User
from tests.journeys.steps import log_in

pytestmark = pytest.mark.usefixtures("committed_db")
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def link_in_mail_to(email: str) -> str:
    """The path: the test's server has another address than the one that mails link to."""
    mail = OutgoingMail.objects.filter(to=[email]).latest("pk")
    return re.search(r"(/invitations/\S+/)", mail.text)[1]


def add_person(page: Page, email: str, clinic: str = "Nordhear North (10010)") -> None:
    page.goto("/users/")
    page.get_by_role("link", name="Add a person").first.click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Last name").fill("Ny")
    page.get_by_label("Language of the mail").select_option("en")
    page.get_by_label(clinic).check()
    page.locator("[name=role][value=purchaser]").check()
    fits(page)
    page.get_by_role("button", name="Add the person").click()


@WIDTHS
def test_a_main_user_invites_the_person_activates_and_orders_are_reachable(people, open_page, picture, width):
    olga = open_page(width=width)
    log_in(olga, people.olga)
    add_person(olga, "nora@example.com")
    expect(olga.get_by_text("Nora Ny gets a mail that says how to go on.")).to_be_visible()
    expect(olga.get_by_text("The link works until")).to_be_visible()
    fits(olga)
    picture(olga, "users-invited")

    nora = open_page(width=width)
    nora.goto(link_in_mail_to("nora@example.com"))
    expect(nora.get_by_text("Olga Testsson invites you to Nordhear AB.")).to_be_visible()
    nora.locator("[name=new_password1]").fill("nine green herons")
    nora.locator("[name=new_password2]").fill("nine green herons")
    fits(nora)
    picture(nora, "users-activate")
    nora.get_by_role("button", name="Accept and log in").click()
    expect(nora.get_by_text("Welcome, Nora. You are logged in.")).to_be_visible()
    nora.goto("/orders/")
    expect(nora.get_by_role("heading", name="My orders")).to_be_visible()

    olga.goto("/users/")
    olga.get_by_role("link", name="Nora Ny").click()
    expect(olga.get_by_role("heading", name="Nora Ny")).to_be_visible()
    fits(olga)
    picture(olga, "users-person")


@WIDTHS
def test_without_scripts_access_is_changed_and_somebody_set_inactive_and_back(people, open_page, width):
    olga = open_page(width=width, java_script_enabled=False)
    log_in(olga, people.olga)
    olga.goto(f"/users/{people.petra.public_id}/")
    olga.get_by_role("link", name="Change Nordhear North").click()
    olga.locator("[name=functions_purchaser][value=finances]").check()
    olga.get_by_role("button", name="Save").click()
    expect(olga.get_by_text("Saved. Petra Testsson is told by mail.")).to_be_visible()
    assert "finances" in Membership.objects.get(user=people.petra).functions

    petra = open_page(width=width)
    log_in(petra, people.petra)
    olga.get_by_role("link", name="Set inactive").click()
    expect(olga.get_by_role("heading", name="Set Petra Testsson inactive?")).to_be_visible()
    olga.get_by_role("button", name="Set inactive").click()
    expect(olga.get_by_text("Petra Testsson is inactive and logged out everywhere.")).to_be_visible()
    petra.goto("/orders/")
    expect(petra).to_have_url(re.compile("/login/"))
    olga.get_by_role("button", name="Undo").click()
    expect(olga.get_by_text("Petra Testsson is active again")).to_be_visible()
    log_in(petra, User.objects.get(pk=people.petra.pk))


def test_somebody_known_elsewhere_logs_in_and_accepts(people, open_page, picture):
    olga, otto = open_page(), open_page(width=390)
    log_in(olga, people.olga)
    add_person(olga, "otto@example.com")
    expect(olga.get_by_text("Nora Ny gets a mail that says how to go on.")).to_be_visible()
    otto.goto(link_in_mail_to("otto@example.com"))
    otto.get_by_role("main").get_by_role("link", name="Log in", exact=True).click()
    otto.get_by_label("E-mail").fill("otto@example.com")
    otto.get_by_label("Password", exact=True).fill("correct horse battery")
    otto.get_by_role("button", name="Log in", exact=True).click()
    expect(otto.get_by_text("Olga Testsson invites you to Nordhear AB.")).to_be_visible()
    fits(otto)
    picture(otto, "users-answer")
    otto.get_by_role("button", name="Accept").click()
    expect(otto.get_by_text("You can work for Nordhear North now.")).to_be_visible()
    assert Membership.objects.get(user=people.otto, clinic=people.north).role == "purchaser"
