"""What every journey begins with."""

from playwright.sync_api import Page

from permissions.models import User
from tests.factories import PASSWORD


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    wait_until_logged_in(page)


def wait_until_logged_in(page: Page) -> None:
    page.wait_for_url(lambda url: "/login/" not in url)
