"""What stays of a look: rows in the history, and a mail to the account's owner who wishes it."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions import services
from permissions.impersonation import looks
from permissions.models import AccessEvent, Impersonation, User
from permissions.models.events import AccessAction
from permissions.roles import Role
from shop.basket import filling
from tests.factories import make_product
from tests.impersonation.conftest import REASON, begin

LOOKS = (AccessAction.LOOK_BEGUN, AccessAction.LOOKED, AccessAction.LOOK_ENDED)


def told(reader) -> list[AccessEvent]:
    """What this person can read of looks, oldest first."""
    return list(AccessEvent.objects.visible_to(reader).filter(action__in=LOOKS).order_by("pk"))


def test_the_owner_reads_who_when_why_and_each_page(looking, people):
    looking.get("/orders/?q=4711&page=1")
    looking.get("/orders/")
    looking.get("/orders/11111111-1111-4111-8111-111111111111/")
    looking.post("/impersonation/end/")
    rows = told(people.olga)
    assert [row.action for row in rows] == ["look_begun", "looked", "looked", "look_ended"]
    assert {row.actor for row in rows} == {people.stella}
    assert {row.person for row in rows} == {people.petra}
    assert rows[0].reason == REASON
    assert [row.after.get("path") for row in rows] == [None, "/orders/", "/orders/", None]
    assert rows[-1].after["why"] == "asked"


def test_nobody_but_the_owner_reads_it(looking, people):
    services.membership_grant(user=people.petra, clinic=people.north, role=Role.MAIN_USER)
    looking.get("/orders/")
    assert told(people.olga)
    assert not told(people.petra)
    assert not told(people.otto)


def test_what_ends_by_itself_is_nobodys_deed(looking, people):
    services.membership_revoke(user=people.petra, clinic=people.north)
    looking.get("/orders/")
    row = AccessEvent.objects.get(action=AccessAction.LOOK_ENDED)
    assert row.actor is None
    assert row.after["why"] == "person"
    assert row.account == people.north.account


def test_an_end_is_written_once(looking, people):
    look = Impersonation.objects.get()
    assert looks.end(look, looks.WhyEnded.ASKED)
    assert not looks.end(look, looks.WhyEnded.ASKED)
    assert AccessEvent.objects.filter(action=AccessAction.LOOK_ENDED).count() == 1


def test_the_owner_gets_a_mail(looking, people):
    message = mail.outbox[0]
    assert message.to == [people.olga.email]
    assert message.subject == "Customer service looks at the portal as one of you at Nordhear AB"
    for body in (message.body, message.alternatives[0][0]):
        for word in ("Stella Testsson", "Petra Testsson", "find the invoice", "/users/account/"):
            assert word in body
    assert len(mail.outbox) == 1


def test_the_mail_is_in_the_owners_language(stella, people):
    User.objects.filter(pk=people.olga.pk).update(language="nb")
    begin(stella, people.petra, people.north)
    assert 'lang="nb"' in mail.outbox[0].alternatives[0][0]


@pytest.mark.parametrize("why", ["not wished", "no owner", "owner is shut out"])
def test_no_mail_but_the_history_still(stella, people, why):
    account = people.north.account
    if why == "not wished":
        account.tells_of_impersonation = False
    elif why == "no owner":
        account.owner = None
    else:
        User.objects.filter(pk=people.olga.pk).update(is_active=False)
    account.save()
    begin(stella, people.petra, people.north)
    assert not mail.outbox
    assert AccessEvent.objects.filter(action=AccessAction.LOOK_BEGUN, account=account).count() == 1


def test_what_is_refused_is_no_page_that_was_seen(looking, people):
    for path in ("/backoffice/", "/profile/security/", "/clinics/rules/"):
        assert looking.get(path).status_code == 403
    looking.post("/profile/", {"first_name": "X"})
    assert not AccessEvent.objects.filter(action=AccessAction.LOOKED).exists()


def test_a_page_that_asks_whether_anything_is_new_fills_no_history(looking, people):
    filling.add(user=people.petra, clinic=people.north, product=make_product(), quantity=1)
    stamp = looking.get("/basket/").context["stamp"]
    rows = AccessEvent.objects.filter(action=AccessAction.LOOKED)
    before = rows.count()
    for _beat in range(3):
        assert looking.get(f"/basket/live/?clinic={people.north.pk}&stamp={stamp}").status_code == 204
    assert rows.count() == before


def test_looking_costs_a_handful_of_queries_whoever_is_looked_as(stella, people):
    def asked(person, clinic) -> int:
        begin(stella, person, clinic)
        stella.get("/orders/")
        with CaptureQueriesContext(connection) as queries:
            assert stella.get("/orders/").status_code == 200
        count = len(queries)  # read now: the next request empties the log
        stella.post("/impersonation/end/")
        return count

    few = asked(people.petra, people.north)
    for number in range(20):
        services.membership_grant(user=people.petra, clinic=_clinic(people, number), role=Role.PURCHASER)
    many = asked(people.petra, people.north)
    print(f"\nqueries  orders while looking  1 clinic: {few}  21 clinics: {many}")
    assert many <= few + 1  # the menu of clinics


def _clinic(people, number: int):
    from tests.factories import ClinicFactory

    return ClinicFactory(account=people.north.account, name=f"More {number}")
