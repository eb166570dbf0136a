"""What customer service does to a person is told in the history of each of their accounts: to its owner, and nothing of
the others.
"""

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.utils import timezone

from permissions import services
from permissions.history.wording import entry_of
from permissions.models import AccessEvent
from permissions.models.events import AccessAction
from permissions.roles import Role
from tests.backoffice.pages import at
from tests.factories import ClinicFactory, UserFactory

pytestmark = pytest.mark.django_db
BLOCKS = (AccessAction.BLOCK, AccessAction.UNBLOCK)


@pytest.fixture
def people(people):
    """Petra works at two clinics of Olga's account and at Otto's; all three have owners."""
    services.membership_grant(user=people.petra, clinic=ClinicFactory(account=people.north.account), role="assistant")
    services.membership_grant(user=people.petra, clinic=people.foreign, role=Role.PURCHASER)
    for clinic, owner in ((people.north, people.olga), (people.foreign, people.otto)):
        clinic.account.owner = owner
        clinic.account.save()
    return people


def read_by(reader) -> list[AccessEvent]:
    return list(AccessEvent.objects.visible_to(reader).filter(action__in=BLOCKS).order_by("pk"))


def test_each_owner_reads_it_once_and_of_no_other_account(people, stella):
    stella.post(at(people.petra, "do/block/"), {"reason": "Stolen computer"})
    stella.post(at(people.petra, "do/unblock/"), {"reason": "A new computer"})
    for owner, clinic in ((people.olga, people.north), (people.otto, people.foreign)):
        rows = read_by(owner)
        assert [(row.action, row.reason) for row in rows] == [
            ("block", "Stolen computer"),
            ("unblock", "A new computer"),
        ]
        assert {row.account for row in rows} == {clinic.account}
        assert {entry_of(row).who for row in rows} == {"Customer service"}
    assert AccessEvent.objects.filter(action__in=BLOCKS).count() == 4


def test_who_owns_no_account_of_theirs_reads_nothing(people, stella):
    services.membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
    stella.post(at(people.petra, "do/block/"), {"reason": "Stolen computer"})
    assert not read_by(people.asta)
    assert not read_by(people.petra)


def test_who_belongs_to_no_account_is_blocked_all_the_same(people, stella):
    alone = UserFactory()
    stella.post(at(alone, "do/block/"), {"reason": "Asked for it"})
    assert AccessEvent.objects.get(action=AccessAction.BLOCK, person=alone).account is None


def test_the_form_says_who_reads_the_reason(people, stella):
    page = stella.get(at(people.petra, "do/block/")).content.decode()
    assert "The owners of all the person&#x27;s accounts read it" in page


def lock_log_in(person) -> None:
    AccessAttempt.objects.create(
        username=person.email, ip_address="10.0.0.1", failures_since_start=5, attempt_time=timezone.now()
    )


def add_app(person) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})


def nothing(person) -> None:
    pass


HELP = [
    ("do/link/", nothing, {}, "Sent a link to choose a password", ""),
    ("do/unlock/", lock_log_in, {}, "Unlocked the log-in", ""),
    ("do/sessions/", nothing, {}, "Ended sessions", ""),
    ("do/factor/", add_app, {"reason": "Lost telephone"}, "Removed a second factor", "Lost telephone"),
    (
        "details/",
        nothing,
        {"first_name": "Petra", "last_name": "T", "email": "new@example.com", "reason": "Called us", "language": "sv"},
        "Changed contact details",
        "Called us",
    ),
]


@pytest.mark.parametrize(("path", "prepare", "typed", "what", "reason"), HELP)
def test_each_owner_reads_how_their_people_were_helped(people, stella, path, prepare, typed, what, reason):
    prepare(people.petra)
    assert stella.post(at(people.petra, path), typed).status_code == 302
    for owner, clinic in ((people.olga, people.north), (people.otto, people.foreign)):
        (row,) = AccessEvent.objects.visible_to(owner).filter(person=people.petra, actor=people.stella)
        entry = entry_of(row)
        assert (entry.what, entry.who, entry.reason) == (what, "Customer service", reason)
        assert row.account == clinic.account
    assert not AccessEvent.objects.visible_to(people.petra).exists()


@pytest.mark.parametrize("path", ["details/", "do/factor/", "do/block/", "do/link/", "do/sessions/"])
def test_every_form_says_that_the_owners_read_it(people, stella, path):
    add_app(people.petra)
    page = stella.get(at(people.petra, path)).content.decode()
    assert "The owners of" in page
    assert "in their history" in page
