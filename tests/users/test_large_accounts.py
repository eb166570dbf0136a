"""An account with more clinics than Django takes fields of a form unasked."""

import re

import pytest

from permissions import services
from permissions.models import Clinic
from permissions.roles import Role

MANY = 1_100


@pytest.fixture
def clinics(people) -> list[Clinic]:
    """Olga manages and Petra works at all of them."""
    account = people.north.account
    Clinic.objects.bulk_create(
        Clinic(account=account, name=f"Branch {number}", customer_number=f"M{number}") for number in range(MANY)
    )
    clinics = list(account.clinics.all())
    services.memberships_grant(user=people.olga, clinics=clinics, role=Role.MAIN_USER)
    services.memberships_grant(user=people.petra, clinics=clinics, role=Role.PURCHASER)
    return clinics


def ticked(page) -> list[str]:
    """The form as it comes: every clinic is ticked."""
    return re.findall(r'<input type="checkbox" name="clinics" value="([^"]+)"[^>]* checked', page.content.decode())


def test_somebody_is_set_inactive_at_all_of_them(people, olga, clinics):
    path = f"/users/{people.petra.public_id}/inactive/"
    boxes = ticked(olga.get(path))
    assert len(boxes) == len(clinics) == MANY + 2
    assert olga.post(path, {"clinics": boxes, "confirmed": "1"}).status_code == 302
    assert not people.petra.memberships.filter(is_active=True).exists()


def test_and_active_again(people, olga, clinics):
    services.set_inactive(user=people.petra, clinics=clinics, by=people.olga, confirmed=True)
    wanted = {"clinics": [str(clinic.pk) for clinic in clinics]}
    assert olga.post(f"/users/{people.petra.public_id}/active/", wanted).status_code == 302
    assert not people.petra.memberships.filter(is_active=False).exists()
