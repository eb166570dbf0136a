"""A real server and a real browser. Playwright drives the machine's own chromium; it downloads none."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright's event loop runs in this thread; the ORM here is used beside it, not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

RESULTS = Path(__file__).resolve().parents[2] / "test-results"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail("No browser found. Install Debian's package `chromium`, or set CHROMIUM to one's path.")
    with sync_playwright() as playwright:
        # root has no sandbox to drop into; the pages are our own
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.getuid() != 0, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def site(committed_db: str) -> Iterator[LiveServer]:
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def open_page(browser: Browser, site: LiveServer) -> Iterator:
    """Opens pages of a new visitor: `open_page(width=390)`; fails when one wrote an error to its console."""
    contexts, errors = [], []

    def open_page(width: int = 1280, height: int = 900, language: str = "en-GB", **options) -> Page:
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": height}, locale=language, **options
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, f"the browser's console says: {errors}"


@pytest.fixture
def picture():
    """Saves what the browser shows, for people to look at: `picture(page, "confirmation")`."""

    def take(page: Page, name: str) -> Path:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{name}-{page.viewport_size['width']}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def people(committed_db: str):
    """The named people, in the database that the browser sees."""
    from tests.people import make_people

    return make_people()
