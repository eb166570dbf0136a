"""Who is written to, in which language, and what the mails do not say."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation
from django.utils.translation import gettext

from permissions.models import Account, Clinic
from permissions.roles import Role
from permissions.services import block, membership_grant, membership_revoke
from shop.approvals import flow
from shop.approvals.models import MailWish, StandIn
from shop.approvals.recipients import account_owners, people_to_tell
from shop.patients.labels import label_for
from tests.approvals.submissions import approve, seen, submit, submitted, url
from tests.factories import UserFactory, make_product, ready_to_confirm

pytestmark = pytest.mark.django_db
TODAY = timedelta()


def sent_to() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def gettext_in(text: str, language: str) -> str:
    with translation.override(language):
        return gettext(text)


def absent(clinic, away, instead, first=TODAY, last=TODAY) -> StandIn:
    today = timezone.localdate(timezone=clinic.market.time_zone)
    return StandIn.objects.create(
        clinic=clinic, absent=away, person=instead, first_day=today + first, last_day=today + last
    )


@pytest.fixture
def bea(people):
    """A second main user of North."""
    user = UserFactory(first_name="Bea", email="bea@example.com")
    membership_grant(user=user, clinic=people.north, role=Role.MAIN_USER)
    return user


class TestWhoIsTold:
    def test_the_main_users_and_nobody_else(self, people, bea):
        submitted(people.asta, people.north)
        assert sent_to() == ["bea@example.com", "olga@example.com"]

    def test_purchasers_who_wish_for_it(self, people):
        MailWish.objects.create(user=people.petra, clinic=people.north)
        submitted(people.asta, people.north)
        assert sent_to() == ["olga@example.com", "petra@example.com"]

    def test_a_wish_of_somebody_who_may_no_longer_approve_counts_no_more(self, people):
        MailWish.objects.create(user=people.petra, clinic=people.north)
        membership_grant(user=people.petra, clinic=people.north, role=Role.ASSISTANT)
        submitted(people.asta, people.north)
        assert sent_to() == ["olga@example.com"]

    def test_never_who_submitted_it(self, people, bea):
        submitted(people.olga, people.north)
        assert sent_to() == ["bea@example.com"]

    def test_all_approvers_where_no_main_user_is_left(self, people):
        submitted(people.olga, people.north)
        assert sent_to() == ["petra@example.com"]

    def test_the_account_owner_where_nobody_at_the_clinic_may_approve(self, people):
        membership_revoke(user=people.petra, clinic=people.north)
        rows = people.olga.clinicuserpermission_set.filter(content_object=people.north)
        rows.filter(permission__codename="approve_order").delete()
        submitted(people.asta, people.north)
        assert sent_to() == ["olga@example.com"]

    def test_a_stand_in_while_the_dates_run(self, people):
        absent(people.north, people.olga, people.petra)
        submitted(people.asta, people.north)
        assert sent_to() == ["petra@example.com"]

    @pytest.mark.parametrize(("first", "last"), [(-9, -1), (1, 9)])
    def test_not_before_and_not_after(self, people, first, last):
        absent(people.north, people.olga, people.petra, timedelta(first), timedelta(last))
        submitted(people.asta, people.north)
        assert sent_to() == ["olga@example.com"]

    def test_a_stand_in_who_may_no_longer_approve_is_passed_over(self, people):
        absent(people.north, people.olga, people.petra)
        membership_grant(user=people.petra, clinic=people.north, role=Role.ASSISTANT)
        submitted(people.asta, people.north)
        assert sent_to() == ["olga@example.com"]

    def test_two_who_stand_in_for_each_other_still_get_it(self, people, bea):
        absent(people.north, people.olga, bea)
        absent(people.north, bea, people.olga)
        submitted(people.asta, people.north)
        assert sent_to() == ["bea@example.com", "olga@example.com"]

    def test_a_stand_in_at_another_clinic_does_not_count_here(self, people):
        absent(people.south, people.olga, people.petra)
        submitted(people.asta, people.north)
        assert sent_to() == ["olga@example.com"]

    def test_a_stand_in_who_submitted_it_does_not_get_it(self, people):
        absent(people.north, people.olga, people.petra)
        basket = submitted(people.petra, people.north)
        assert [user.email for user in people_to_tell(basket)] == ["olga@example.com"]

    @pytest.mark.parametrize(
        ("decide", "subject"),
        [
            (lambda olga, basket: approve(olga, basket), "is approved and sent"),
            (lambda olga, basket: flow.send_back(user=olga, basket_id=basket.pk, comment="no"), "returned to you"),
            (lambda olga, basket: flow.reject(user=olga, basket_id=basket.pk, comment="no"), "rejected"),
        ],
    )
    def test_the_submitter_at_every_answer(self, people, decide, subject):
        people.asta.language = "en"
        people.asta.save()
        basket = submitted(people.asta, people.north)
        mail.outbox.clear()
        decide(people.olga, basket)
        # Once: who approved it gets the order's confirmation.
        assert [address for address in sent_to() if address != "olga@example.com"] == ["asta@example.com"]
        assert [message for message in mail.outbox if subject in message.subject]

    def test_the_submitter_of_the_last_time(self, people):
        basket = submitted(people.asta, people.north)
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="Petra, see to it")
        submit(people.petra, basket)
        mail.outbox.clear()
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="once more")
        assert sent_to() == ["petra@example.com"]

    def test_nobody_who_is_closed_out(self, people):
        basket = submitted(people.asta, people.north)
        mail.outbox.clear()
        people.asta.is_active = False
        people.asta.save()
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="gone")
        assert sent_to() == []

    def test_the_account_owners_are_main_users_of_all_its_clinics(self, people, bea):
        assert account_owners(people.north) == [people.olga]
        membership_grant(user=people.petra, clinic=people.south, role=Role.MAIN_USER)
        membership_revoke(user=people.olga, clinic=people.south, confirmed=True)
        assert account_owners(people.north) == [people.olga, bea]

    def test_the_owner_named_by_the_account_comes_first(self, people, bea):
        membership_grant(user=bea, clinic=people.south, role=Role.MAIN_USER)
        assert account_owners(people.north) == [people.olga, bea]
        Account.objects.filter(pk=people.north.account_id).update(owner=bea)
        people.north.refresh_from_db()
        assert account_owners(people.north) == [bea]

    def test_an_owner_who_is_closed_out_is_not_written_to(self, people, bea):
        Account.objects.filter(pk=people.north.account_id).update(owner=bea)
        block(user=bea, by=people.stella, reason="left")
        people.north.refresh_from_db()
        assert account_owners(people.north) == [people.olga]


class TestWhatTheySay:
    def test_each_reader_has_their_language(self, people, bea):
        """Their own, else the clinic's market's."""
        people.olga.language, bea.language = "nb", "en"
        people.olga.save()
        bea.save()
        MailWish.objects.create(user=people.petra, clinic=people.north)
        submitted(people.asta, people.north)
        html = {message.to[0]: message.alternatives[0].content for message in mail.outbox}
        for user, language in ((people.olga, "nb"), (bea, "en"), (people.petra, "sv")):
            assert gettext_in("You are asked to log in first.", language) in html[user.email]
        assert len({gettext_in("You are asked to log in first.", language) for language in ("nb", "en", "sv")}) == 3

    def test_no_product_price_patient_or_comment(self, people):
        product = make_product("Secret tubes", price="987.65", stock=50, upc="SEC-1")
        basket = ready_to_confirm(people.asta, people.north, product)
        line = basket.lines.get()
        line.patient = label_for(user=people.asta, clinic=people.north, text="P-4711")
        line.save()
        flow.submit(user=people.asta, basket_id=basket.pk, reviewed=seen(basket), comment="for Kalle Anka")
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="Kalle Anka has some")
        submit(people.asta, basket)
        approve(people.olga, basket)
        assert len(mail.outbox) == 5
        for message in mail.outbox:
            text = " ".join([message.subject, message.body, *(part.content for part in message.alternatives)])
            for secret in ("Secret", "987", "1975", "SEC-1", "4711", "Kalle"):
                assert secret not in text

    def test_the_link_leads_through_the_log_in_to_the_basket(self, people, client, settings):
        settings.BASE_URL = "https://bestil.example"
        basket = submitted(people.asta, people.north)
        link = f"https://bestil.example{url(basket)}"
        assert link in mail.outbox[0].body
        assert link in mail.outbox[0].alternatives[0].content
        answer = client.get(url(basket))
        assert answer["Location"] == f"/login/?next={url(basket)}"

    def test_the_text_of_a_name_is_escaped_once(self, people):
        people.asta.last_name = "O'Neill <b>"
        people.asta.save()
        Clinic.objects.filter(pk=people.north.pk).update(name="Ear & Co")
        people.north.refresh_from_db()
        submitted(people.asta, people.north)
        message = mail.outbox[0]
        assert message.subject.startswith("Ear & Co")
        assert "Asta O'Neill <b>" in message.body
        assert "<b>" not in message.alternatives[0].content
        assert "Ear &amp; Co" in message.alternatives[0].content

    def test_each_mail_is_made_once_per_step_and_reader(self, people, bea):
        basket = submitted(people.asta, people.north)
        step = basket.approval_steps.get()
        assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {
            f"<approval-{step.public_id}-{user.pk}@bestil>" for user in (people.olga, bea)
        }
