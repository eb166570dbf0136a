"""An e-identity in the real browser: connected once, then the way in, past a policy that keeps forms to ourselves."""

import pytest

from tests.factories import PASSWORD
from tests.journeys.steps import wait_until_logged_in
from tests.log_in.provider import NAME, running, settings_for


@pytest.fixture
def provider(settings):
    with running() as address:
        settings.SOCIALACCOUNT_PROVIDERS = settings_for(address)
        yield address


def say_who(page, provider: str) -> None:
    page.wait_for_url(f"{provider}/**")
    page.get_by_role("button", name="p-1", exact=True).click()


def test_an_e_identity_is_connected_and_logs_in(open_page, people, provider, picture, site):
    page = open_page()
    # The provider's own pages ask other servers for their looks.
    ours = (site.url, f"{provider}/oauth2/")
    page.route(lambda url: not url.startswith(ours), lambda route: route.fulfill(status=200, body=""))
    page.goto("/login/")
    page.get_by_label("E-mail").fill(people.petra.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    wait_until_logged_in(page)
    page.goto("/profile/security/")
    page.get_by_role("button", name=f"Connect: {NAME}").click()
    say_who(page, provider)
    page.wait_for_url("**/profile/security/")
    page.get_by_text("The e-identity is connected.").wait_for()
    picture(page, "security-with-identity")

    page.context.clear_cookies()
    page.goto("/login/?next=/orders/")
    picture(page, "log-in-with-identity")
    page.get_by_role("button", name=f"Log in with {NAME}").click()
    say_who(page, provider)
    page.wait_for_url("**/orders/")
