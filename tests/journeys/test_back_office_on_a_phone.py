"""The back office's pages about people and requests on a phone, and the switches of a role."""

import pytest
from playwright.sync_api import Page, expect

from permissions.roles import Role
from permissions.services import membership_grant
from tests.journeys.steps import log_in
from tests.requests.requesting import asked, asked_for_clinic, clerk

HIDDEN = "[...document.querySelectorAll('.table-responsive')].filter(box => box.scrollWidth > box.clientWidth).length"


@pytest.fixture
def service(people, open_page):
    page = open_page(width=390)
    log_in(page, clerk(people.stella))
    return page


def test_no_column_of_a_table_is_out_of_view(people, service: Page):
    asked_for_clinic(people.olga, people.north.account)
    person = f"/backoffice/people/{people.petra.public_id}/"
    why = f"/backoffice/access/{people.petra.public_id}/{people.north.pk}/"
    for path in ("/backoffice/people/", person, "/backoffice/access/", why, "/backoffice/requests/"):
        service.goto(path)
        expect(service.locator(".table-stacked tbody tr").first).to_be_visible()
        assert service.evaluate(HIDDEN) == 0, path
        assert service.evaluate("document.documentElement.scrollWidth") == 390, path


def test_what_is_known_is_read_before_a_request_is_approved(people, service: Page):
    row = asked(organisation_number=people.north.account.organisation_number)
    service.goto(f"/backoffice/requests/{row.pk}/approve/")
    known = service.get_by_text("Same organisation number")
    button = service.get_by_role("button", name="Approve")
    assert known.bounding_box()["y"] < button.bounding_box()["y"]


def test_only_the_chosen_roles_switches_are_shown_and_what_she_has_elsewhere_is_suggested(people, service: Page):
    membership_grant(user=people.asta, clinic=people.foreign, role=Role.PURCHASER)
    service.goto(f"/backoffice/people/{people.asta.public_id}/clinics/{people.south.pk}/")
    purchasers = service.get_by_role("group", name="What the purchaser may do")
    assistants = service.get_by_role("group", name="What the assistant may do")
    expect(service.locator("[name=role][value=assistant]")).to_be_checked()
    expect(assistants).to_be_visible()
    expect(purchasers).to_be_hidden()
    service.locator("[name=role][value=purchaser]").check()
    expect(purchasers).to_be_visible()
    expect(assistants).to_be_hidden()
    service.locator("[name=role][value=main_user]").check()
    expect(purchasers.or_(assistants)).to_have_count(0)
    expect(service.get_by_text("A main user has every function")).to_be_visible()
