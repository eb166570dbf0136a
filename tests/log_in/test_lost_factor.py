"""Customer service takes a lost second factor away, and nobody else does."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from permissions.log_in import second_factor
from permissions.models import AccessEvent, User
from permissions.staff import SERVICE_GROUP
from tests.log_in.authenticator import give_app, is_in, passkey_row, password


@pytest.fixture
def stella(people) -> User:
    people.stella.groups.add(Group.objects.get(name=SERVICE_GROUP))
    return User.objects.get(pk=people.stella.pk)


def test_customer_service_resets_a_lost_factor(client, people, stella):
    give_app(people.petra)
    passkey_row(people.petra)
    client.force_login(people.petra)
    mail.outbox.clear()
    assert second_factor.reset(people.petra, stella, "Lost phone, called back at the clinic")
    assert not Authenticator.objects.exists()
    assert not is_in(client)
    event = AccessEvent.objects.filter(person=people.petra).first()
    assert (event.action, event.actor, event.reason) == (
        "factor_removed",
        stella,
        "Lost phone, called back at the clinic",
    )
    assert event.before == {"factors": ["totp", "webauthn"]}
    assert [message.to for message in mail.outbox] == [[people.petra.email]]
    assert password(Client(), people.petra)["Location"] == "/"


def test_a_reset_of_nothing_changes_nothing(people, stella):
    assert not second_factor.reset(people.petra, stella, "Mistaken")
    assert not mail.outbox


def test_only_customer_service_resets(people, stella):
    give_app(people.petra)
    give_app(stella)
    admin = User.objects.create_superuser("root@example.com", "secret")
    give_app(admin)
    for by, user in (
        (people.olga, people.petra),
        (people.petra, people.petra),
        (people.edit, people.petra),
        (stella, stella),
        (stella, admin),
    ):
        with pytest.raises(PermissionDenied):
            second_factor.reset(user, by, "Please")
    assert Authenticator.objects.filter(type="totp").count() == 3
