"""Both sides get a mail at every step, each in their language."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from permissions import services
from permissions.models import Account, OwnershipTransfer, User
from permissions.ownership import transfers
from tests.ownership.conftest import offered


def grow_old() -> None:
    OwnershipTransfer.objects.update(created=timezone.now() - timedelta(days=7))


def told() -> dict[str, str]:
    """Who got which subject since the last look."""
    found = {message.to[0].partition("@")[0]: message.subject for message in mail.outbox}
    mail.outbox.clear()
    return found


def test_both_are_told_at_every_step(people, account):
    row = offered(people)
    link = f"/ownership/{row.pk}/"
    assert {message.to[0]: link in message.body for message in mail.outbox} == {
        people.olga.email: False,
        people.petra.email: True,
    }
    assert told() == dict.fromkeys(("olga", "petra"), "The ownership of Nordhear AB is offered")
    transfers.decline(offer_id=row.pk, by=people.petra)
    assert told() == dict.fromkeys(("olga", "petra"), "The ownership of Nordhear AB was declined")
    offered(people)
    told()
    transfers.take_back(account=account, by=people.olga)
    assert told() == dict.fromkeys(("olga", "petra"), "The offer to own Nordhear AB was taken back")
    offered(people)
    told()
    grow_old()
    transfers.end_overdue()
    assert told() == dict.fromkeys(("olga", "petra"), "The offer to own Nordhear AB is no longer valid")
    row = offered(people)
    told()
    transfers.accept(offer_id=row.pk, by=people.petra)
    assert told() == dict.fromkeys(("olga", "petra"), "Nordhear AB has a new owner")


def test_who_is_shut_out_gets_no_mail(people):
    offered(people)
    told()
    services.set_inactive(user=people.petra, clinics=[people.north])
    told()
    transfers.end_overdue()
    assert told() == {"olga": "The offer to own Nordhear AB is no longer valid"}


def test_each_reads_their_own_language(people):
    User.objects.filter(pk=people.petra.pk).update(language="da")
    User.objects.filter(pk=people.olga.pk).update(language="en")
    offered(people, to=User.objects.get(pk=people.petra.pk))
    languages = {message.to[0]: message.alternatives[0][0] for message in mail.outbox}
    assert 'lang="da"' in languages[people.petra.email]


def test_the_new_owner_hears_of_it_from_customer_service_too(people, account):
    Account.objects.filter(pk=account.pk).update(owner=None)
    transfers.set_owner(account=account, person=people.petra, by=people.stella, reason="Called by the director")
    assert told() == {"petra": "Nordhear AB has a new owner"}
