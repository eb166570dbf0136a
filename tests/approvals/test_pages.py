"""The pages: who sees what, what is pressed, and how often the database is asked."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permissions.models import Clinic
from permissions.roles import Role
from permissions.services import membership_grant
from shop.approvals import flow
from shop.approvals.models import MailWish
from shop.order.models import Order
from tests.approvals.submissions import LIST, actions_of, approve, as_user, seen, submit, submitted, told, url
from tests.factories import UserFactory, make_product, ready_to_confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(people):
    return make_product("Tubes", price="100.00", stock=10_000)


@pytest.fixture
def basket(people, product):
    return submitted(people.asta, people.north, product)


class TestTheReviewPage:
    def test_an_assistant_submits_from_it(self, people, product, asta):
        basket = ready_to_confirm(people.asta, people.north, product)
        page = asta.get("/checkout/review/").content.decode()
        assert "Submit for approval" in page
        assert "Confirm order" not in page
        answer = asta.post(url(basket, "submit/"), {"fingerprint": seen(basket), "submit-comment": "soon"})
        assert answer["Location"] == url(basket)
        assert "Olga Testsson" in told(answer)
        assert basket.approval_steps.get().comment == "soon"

    def test_a_direct_post_to_confirm_places_nothing(self, people, product, asta, petra):
        basket = ready_to_confirm(people.asta, people.north, product)
        posted = {"basket": basket.pk, "fingerprint": seen(basket)}
        assert asta.post("/checkout/confirm/", posted).status_code == 403
        submit(people.asta, basket)
        for client in (asta, petra):
            client.post("/checkout/confirm/", posted)
        assert not Order.objects.exists()

    def test_a_purchaser_above_the_limit_submits_from_it(self, people, product, petra):
        Clinic.objects.filter(pk=people.north.pk).update(approval_limit=150)
        ready_to_confirm(people.petra, people.north, product, quantity=2)
        page = petra.get("/checkout/review/").content.decode()
        assert "Submit for approval" in page
        assert "above your clinic" in page
        assert "Petra Testsson can approve" not in page

    def test_an_identity_number_in_the_comment_is_asked_for_again(self, people, product, asta):
        basket = ready_to_confirm(people.asta, people.north, product)
        posted = {"fingerprint": seen(basket), "submit-comment": "for 811218-9876"}
        answer = asta.post(url(basket, "submit/"), posted)
        assert answer.status_code == 422
        assert b"for 811218-9876" in answer.content
        assert actions_of(basket) == []

    def test_a_page_opened_for_another_clinic_submits_nothing(self, people, product):
        basket = ready_to_confirm(people.olga, people.north, product)
        client = as_user(people.olga)
        client.post("/clinics/switch/", {"clinic": people.south.pk})
        posted = {"fingerprint": seen(basket), "clinic": people.north.pk}
        client.post(url(basket, "submit/"), posted)
        assert actions_of(basket) == []


class TestTheList:
    def test_shows_each_what_waits_for_them(self, people, basket, asta, olga, petra):
        assert [row.basket for row in olga.get(LIST).context["waiting"]] == [basket]
        assert [row.basket for row in petra.get(LIST).context["waiting"]] == [basket]
        assert asta.get(LIST).context["waiting"] == []
        assert [row.basket for row in asta.get(LIST).context["submitted"]] == [basket]
        assert as_user(people.otto).get(LIST).context["waiting"] == []

    def test_never_ones_own(self, people, basket):
        membership_grant(user=people.asta, clinic=people.north, role=Role.MAIN_USER)
        assert as_user(people.asta).get(LIST).context["waiting"] == []

    def test_shows_all_clinics_where_one_approves(self, people, basket, product):
        membership_grant(user=people.asta, clinic=people.south, role=Role.ASSISTANT)
        other = submitted(people.asta, people.south, product)
        assert {row.basket for row in as_user(people.olga).get(LIST).context["waiting"]} == {basket, other}

    def test_what_was_decided_lately_stays_with_who_submitted_it(self, people, basket, asta, product):
        order = approve(people.olga, basket)
        page = asta.get(LIST)
        assert [row.order for row in page.context["submitted"]] == [order]
        assert order.number in page.content.decode()

    @pytest.mark.parametrize(("waiting", "badge"), [(0, False), (2, True)])
    def test_the_header_counts(self, people, product, olga, waiting, badge):
        for _basket in range(waiting):
            submitted(people.asta, people.north, product)
        page = olga.get("/orders/").content.decode()
        assert bool(re.search(r'class="count">2<span class="visually-hidden"> baskets wait for you', page)) is badge

    def test_ticked_ones_are_approved_each_for_itself(self, people, product, olga):
        good, changed, own = (
            submitted(user, people.north, product) for user in (people.asta, people.asta, people.olga)
        )
        ids = [str(basket.public_id) for basket in (good, changed, own)]
        posted = {f"fingerprint-{basket.public_id}": seen(basket) for basket in (good, changed, own)}
        posted[f"fingerprint-{changed.public_id}"] = "what was seen before"
        answer = olga.post(LIST + "approve/", {"basket": [*ids, "rubbish"], **posted})
        assert Order.objects.get().basket == good
        text = told(answer)
        assert Order.objects.get().number in text
        assert text.count("Not approved") == 2
        assert "no longer here" in text

    def test_nothing_ticked_approves_nothing(self, basket, olga):
        assert "Tick" in told(olga.post(LIST + "approve/"))
        assert not Order.objects.exists()

    def test_ticking_a_basket_of_others_approves_nothing(self, people, basket):
        posted = {"basket": str(basket.public_id), f"fingerprint-{basket.public_id}": seen(basket)}
        as_user(people.otto).post(LIST + "approve/", posted)
        assert as_user(people.asta).post(LIST + "approve/", posted).status_code == 403
        assert not Order.objects.exists()

    def test_a_purchaser_turns_the_mails_on_and_off(self, people, petra, olga):
        petra.post(LIST + "mails/", {"on": "1", "clinic": people.north.pk})
        assert MailWish.objects.get().user == people.petra
        assert "Stop mails" in petra.get(LIST).content.decode()
        petra.post(LIST + "mails/", {"on": "0", "clinic": people.north.pk})
        assert not MailWish.objects.exists()
        assert "Mail me" not in olga.get(LIST).content.decode()


def asked(client, path: str) -> int:
    for _warm in range(2):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def report(page: str, few: int, many: int) -> None:
    print(f"\nqueries  {page:28} few: {few}  many: {many}", end="")


def test_the_list_asks_as_often_for_many_as_for_few(people, olga, asta):
    products = [make_product(f"P {number}", stock=10_000) for number in range(6)]
    submitted(people.asta, people.north, products[0])
    few, few_mine = asked(olga, LIST), asked(asta, LIST)
    for number in range(12):
        submitter = UserFactory()
        membership_grant(user=submitter, clinic=people.north, role=Role.ASSISTANT)
        submitted(submitter, people.north, *products[: number % 6 + 1])
        approve(people.olga, submitted(people.asta, people.north, *products[:3]))
    many, many_mine = asked(olga, LIST), asked(asta, LIST)
    report("waiting for me", few, many)
    report("submitted by me", few_mine, many_mine)
    assert (few, few_mine) == (many, many_mine)


def test_a_basket_asks_as_often_for_many_lines_and_steps(people, olga):
    products = [make_product(f"P {number}", stock=10_000) for number in range(15)]
    small = submitted(people.asta, people.north, products[0])
    few = asked(olga, url(small))
    large = submitted(people.asta, people.north, *products)
    for _again in range(5):
        flow.send_back(user=people.olga, basket_id=large.pk, comment="again")
        submit(people.asta, large)
    many = asked(olga, url(large))
    report("one basket", few, many)
    assert few == many


def test_a_ticked_basket_that_was_never_submitted_is_refused_in_words(client, people):
    basket = ready_to_confirm(people.asta, people.north, make_product())
    client.force_login(people.olga)
    form = {"basket": [str(basket.public_id)], f"fingerprint-{basket.public_id}": seen(basket)}
    answer = client.post("/orders/approvals/approve/", form, follow=True)
    assert "One of the baskets is no longer here." in answer.content.decode()
    for action in ("approve", "return", "reject", "withdraw", "copy"):
        form = {"comment": "Too much", "fingerprint": seen(basket)}
        assert client.post(f"/orders/approvals/{basket.public_id}/{action}/", form).status_code == 404
    assert not Order.objects.exists()
