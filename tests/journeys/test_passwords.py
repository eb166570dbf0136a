"""Passwords in a real browser: pasted, shown and hidden again; and the list of sessions."""

from tests.factories import PASSWORD
from tests.journeys.steps import log_in, wait_until_logged_in


def test_a_password_is_pasted_shown_and_sent_hidden(open_page, people):
    page = open_page()
    page.goto("/login/")
    field = page.locator("input[name=password]")
    assert field.get_attribute("type") == "password"
    field.evaluate(
        """(input, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          if (input.dispatchEvent(event)) input.value = text;
        }""",
        PASSWORD,
    )
    page.get_by_role("button", name="Show: Password").click()
    assert field.get_attribute("type") == "text"
    assert field.input_value() == PASSWORD
    page.get_by_role("button", name="Hide: Password").click()
    assert field.get_attribute("type") == "password"
    page.get_by_role("button", name="Show: Password").click()
    page.evaluate(
        "document.querySelector('form.form').addEventListener('submit', () => sessionStorage.sent = "
        "document.querySelector('input[name=password]').type)"
    )
    page.get_by_label("E-mail").fill(people.petra.email)
    page.get_by_role("button", name="Log in", exact=True).click()
    wait_until_logged_in(page)
    assert page.evaluate("sessionStorage.sent") == "password"


def test_without_scripts_the_form_is_as_it_was(open_page, people):
    page = open_page(width=390, java_script_enabled=False)
    log_in(page, people.petra)
    page.goto("/password/change/")
    assert page.locator("input[type=password]").count() == 3
    assert page.get_by_role("button", name="Show").count() == 0


def test_another_browser_is_logged_out_from_the_list(open_page, people):
    here, there = open_page(), open_page(width=390)
    log_in(here, people.petra)
    log_in(there, people.petra)
    here.goto("/profile/security/")
    assert here.get_by_text("This browser").count() == 1
    here.get_by_role("button", name="End session: Chrome on Linux").click()
    here.get_by_text("That browser has to log in again.").wait_for()
    there.goto("/profile/")
    assert "/login/" in there.url
    here.goto("/profile/")
    assert here.url.endswith("/profile/")
