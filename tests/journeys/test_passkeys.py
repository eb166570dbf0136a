"""Passkeys in the real browser, with an authenticator that the browser itself pretends to have."""

import base64
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from permissions.models import AccessEvent
from tests.factories import PASSWORD
from tests.journeys.steps import log_in
from tests.log_in.authenticator import give_app, recovery_codes

# A phone's or a computer's own: it asks for a finger, a face or a PIN, and keeps what it makes.
OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Browser:
    page: Page
    address: str
    authenticator: str

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str, leads_to: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_url(self.address + leads_to)

    def log_in(self, user, leads_to: str = "/") -> None:
        self.go("/login/")
        self.page.get_by_label("E-mail").fill(user.email)
        self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        self.press("Log in", leads_to)

    def verified(self, is_verified: bool) -> None:
        """Whether the finger is the right one."""
        options = {"authenticatorId": self.authenticator, "isUserVerified": is_verified}
        self.session.send("WebAuthn.setUserVerified", options)

    @property
    def session(self):
        return self.page.cdp


@pytest.fixture
def browser_with_key(open_page, site):
    """Passkeys belong to a name, so the server is called by one: no browser makes them for an address in figures."""

    def make(**options) -> Browser:
        page = open_page()
        page.cdp = page.context.new_cdp_session(page)
        page.cdp.send("WebAuthn.enable")
        made = page.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**OPTIONS, **options}})
        return Browser(page, f"http://localhost:{urlsplit(site.url).port}", made["authenticatorId"])

    return make


def add_passkey(browser: Browser, name: str, leads_to: str) -> None:
    browser.go("/profile/security/passkeys/add/")
    browser.page.get_by_label("Name").fill(name)
    browser.press("Add the passkey", leads_to)


def test_a_passkey_is_made_used_renamed_and_removed(browser_with_key, people, picture):
    browser = browser_with_key()
    page = browser.page
    browser.log_in(people.petra)
    add_passkey(browser, "My phone", "/profile/security/codes/")
    picture(page, "recovery-codes")
    browser.press("I have kept the codes", "/profile/security/")
    page.get_by_role("link", name="Rename: My phone").click()
    page.get_by_label("Name").fill("Work phone")
    browser.press("Save", "/profile/security/")
    picture(page, "security")

    # Alone, from the log-in page, back to where one wanted to go.
    page.context.clear_cookies()
    browser.go("/login/?next=/orders/")
    browser.press("Log in with a passkey", "/orders/")

    # After the password.
    page.context.clear_cookies()
    browser.log_in(people.petra, "/login/code/")
    browser.press("Use a passkey", "/")

    # To confirm, and away with it.
    browser.go("/profile/security/confirm/passkey/?next=/profile/security/")
    browser.press("Use a passkey", "/profile/security/")
    page.get_by_role("link", name="Remove: Work phone").click()
    browser.press("Remove", "/profile/security/")
    assert not Authenticator.objects.exists()
    actions = list(
        AccessEvent.objects.filter(person=people.petra, action__startswith="factor").values_list("action", flat=True)
    )
    assert sorted(actions) == ["factor_added", "factor_removed"]


def test_a_device_that_has_one_already_says_so(browser_with_key, people):
    browser = browser_with_key()
    browser.log_in(people.petra)
    add_passkey(browser, "Mine", "/profile/security/codes/")
    browser.go("/profile/security/passkeys/add/")
    browser.page.get_by_role("button", name="Add the passkey").click()
    browser.page.get_by_text("This device or key has a passkey of yours already.").wait_for()
    assert not browser.page.get_by_text("The passkey was not added.").is_visible()
    browser.verified(False)
    browser.session.send("WebAuthn.clearCredentials", {"authenticatorId": browser.authenticator})
    browser.page.get_by_role("button", name="Add the passkey").click()
    browser.page.get_by_text("The passkey was not added.").wait_for()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_on_a_phone_the_app_opens_by_a_link_and_the_key_is_copied_whole(open_page, people):
    page = open_page(width=390, has_touch=True, is_mobile=True)
    log_in(page, people.petra)
    page.goto("/profile/security/app/")
    address = page.get_by_role("link", name="Open the app on this device").get_attribute("href")
    page.locator(".app-secret").click()  # selects all of it
    copied = page.evaluate("getSelection().toString()")
    assert re.fullmatch("[A-Z2-7]{32}", copied)
    assert f"secret={copied}" in address


def test_alone_it_must_know_who_holds_it(browser_with_key, people):
    browser = browser_with_key()
    browser.log_in(people.petra)
    add_passkey(browser, "", "/profile/security/codes/")
    browser.page.context.clear_cookies()
    browser.verified(False)
    browser.go("/login/")
    browser.page.get_by_role("button", name="Log in with a passkey").click()
    browser.page.get_by_text("The passkey was not used.").wait_for()
    browser.go("/profile/")
    assert "/login/" in browser.page.url


# What a page sends can be changed by whoever sits at it; only the signature can not.
AS_LOG_IN = """(handle) => {
  const form = document.querySelector("form[data-passkey]");
  const submit = HTMLFormElement.prototype.submit;
  form.action = "/login/passkey/";
  HTMLFormElement.prototype.submit = function () {
    const credential = JSON.parse(this.elements.credential.value);
    credential.response.userHandle = handle;
    this.elements.credential.value = JSON.stringify(credential);
    submit.call(this);
  };
}"""


def test_what_a_second_factor_signed_does_not_log_in_alone(browser_with_key, people):
    """A challenge for a second factor asks for no finger: answered by a key that somebody found, it opens nothing."""
    browser = browser_with_key(hasUserVerification=False, isUserVerified=False, hasResidentKey=False, transport="usb")
    page = browser.page
    browser.log_in(people.petra)
    add_passkey(browser, "Key ring", "/profile/security/codes/")
    page.context.clear_cookies()
    browser.log_in(people.petra, "/login/code/")
    handle = base64.urlsafe_b64encode(user_pk_to_url_str(people.petra).encode()).decode().rstrip("=")
    page.evaluate(AS_LOG_IN, handle)
    browser.press("Use a passkey", "/login/")
    page.get_by_text("does not belong to a user here").wait_for()
    browser.go("/profile/")
    assert "/login/" in page.url


def test_one_persons_passkey_is_not_anothers_second_factor(browser_with_key, people):
    browser = browser_with_key()
    browser.log_in(people.petra)
    add_passkey(browser, "Mine", "/profile/security/codes/")
    give_app(people.asta)
    browser.page.context.clear_cookies()
    browser.log_in(people.asta, "/login/code/")
    assert browser.page.get_by_role("button", name="Use a passkey").count() == 0
    browser.page.get_by_label("Code").fill(recovery_codes(people.asta)[0])
    browser.press("Log in", "/")


def test_who_waits_for_a_code_may_take_a_passkey_from_the_log_in_page(browser_with_key, people):
    browser = browser_with_key()
    browser.log_in(people.petra)
    add_passkey(browser, "Mine", "/profile/security/codes/")
    browser.page.context.clear_cookies()
    browser.log_in(people.petra, "/login/code/")
    browser.go("/login/")
    browser.press("Log in with a passkey", "/")


def test_without_scripts_the_app_is_offered(open_page, people, site, client):
    page = open_page(java_script_enabled=False)
    page.goto("/login/")
    assert page.get_by_role("button", name=re.compile("passkey")).count() == 0
    page.get_by_label("E-mail").fill(people.petra.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto("/profile/security/passkeys/add/")
    page.locator("main").get_by_role("link", name="Add an authenticator app").click()
    expect(page.locator(".app-picture svg")).to_be_visible()
