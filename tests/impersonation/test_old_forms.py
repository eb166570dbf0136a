"""A form that was opened as the customer is not saved as the one who looked, whichever window ends the look."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from permissions.models import Impersonation, User
from tests.impersonation.conftest import REASON

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def token_on(browser: Client, path: str) -> str:
    return TOKEN.search(browser.get(path).content.decode()).group(1)


def profile(token: str) -> dict[str, str]:
    details = {"first_name": "Petra", "last_name": "Testsson", "phone_number": "", "language": ""}
    return {**details, "csrfmiddlewaretoken": token}


@pytest.fixture
def strict(people) -> Client:
    """Stella's browser as browsers are: each form needs its token. She looks as Petra."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.stella)
    address = f"/backoffice/people/{people.petra.public_id}/look/"
    answers = {"reason": REASON, "clinic": people.north.pk, "csrfmiddlewaretoken": token_on(browser, address)}
    assert browser.post(address, answers).status_code == 302
    return browser


def is_still_stella(people) -> bool:
    return User.objects.get(pk=people.stella.pk).first_name == "Stella"


def test_a_form_is_refused_after_another_window_ended_the_look(strict, people):
    token = token_on(strict, "/profile/")
    assert strict.post("/impersonation/end/", {"csrfmiddlewaretoken": token}).status_code == 302
    response = strict.post("/profile/", profile(token))
    assert response.status_code == 403
    assert "nothing was sent" in response.content.decode()
    assert is_still_stella(people)


def test_a_form_is_refused_after_another_window_heard_that_the_hour_is_over(strict, people):
    token = token_on(strict, "/profile/")
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=61))
    assert strict.get(f"/basket/live/?clinic={people.north.pk}", headers={"HX-Request": "true"}).status_code == 200
    assert strict.post("/profile/", profile(token)).status_code == 403
    assert is_still_stella(people)


def test_a_page_that_does_not_exist_does_not_use_up_that_the_look_is_over(strict, people):
    token = token_on(strict, "/profile/")
    Impersonation.objects.update(started=timezone.now() - timedelta(minutes=61))
    assert strict.get("/nothing.here").status_code == 404
    response = strict.post("/profile/", profile(token), follow=True)
    assert "The 60 minutes are over." in response.content.decode()
    assert is_still_stella(people)


def test_the_end_button_of_an_old_page_leads_home(strict):
    token = token_on(strict, "/profile/")
    form = {"csrfmiddlewaretoken": token}
    assert strict.post("/impersonation/end/", form).status_code == 302
    response = strict.post("/impersonation/end/", form)
    assert (response.status_code, response.url) == (302, "/")


def test_who_looked_goes_on_with_forms_of_their_own(strict, people):
    strict.post("/impersonation/end/", {"csrfmiddlewaretoken": token_on(strict, "/profile/")})
    mine = {**profile(token_on(strict, "/profile/")), "first_name": "Estelle"}
    assert strict.post("/profile/", mine).status_code == 302
    assert User.objects.get(pk=people.stella.pk).first_name == "Estelle"
