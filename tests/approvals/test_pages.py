"""The pages: who sees what, what is pressed, and how often the database is asked."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions.models import Clinic
from permissions.roles import Role
from permissions.services import membership_grant, membership_revoke
from shop.approvals import flow
from shop.approvals.models import ApprovalStep, MailWish
from shop.basket.models import Basket
from shop.checkout.dispatch_plan import plan_of
from shop.order.models import Order
from shop.patients.labels import label_for
from tests.approvals.submissions import actions_of, afresh, approve, seen, submit, submitted, url
from tests.factories import UserFactory, make_product, ready_to_confirm

pytestmark = pytest.mark.django_db
LIST = "/orders/approvals/"


def as_user(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def product(people):
    return make_product("Tubes", price="100.00", stock=10_000)


@pytest.fixture
def basket(people, product):
    return submitted(people.asta, people.north, product)


@pytest.fixture
def asta(people):
    return as_user(people.asta)


@pytest.fixture
def olga(people):
    return as_user(people.olga)


@pytest.fixture
def petra(people):
    return as_user(people.petra)


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


class TestOneBasket:
    def test_an_approver_decides_and_an_assistant_reads(self, basket, olga, asta):
        page = olga.get(url(basket)).content.decode()
        assert all(words in page for words in ("Approve and send", "Return with a comment", "Reject with a reason"))
        page = asta.get(url(basket)).content.decode()
        assert "Approve and send" not in page
        assert "Take it back" in page
        assert "Olga Testsson" in page

    def test_strangers_find_nothing(self, people, basket):
        assert as_user(people.otto).get(url(basket)).status_code == 404
        never = Basket.objects.create(owner=people.petra, clinic=people.north)
        assert as_user(people.olga).get(url(never)).status_code == 404

    @pytest.mark.parametrize("action", ["approve/", "return/", "reject/", "dispatch/", "lines/1/"])
    def test_an_assistant_decides_nothing(self, basket, asta, action):
        assert asta.post(url(basket, action), {"return-comment": "x", "reject-comment": "x"}).status_code == 403

    def test_approving_leads_to_the_order(self, basket, olga):
        answer = olga.post(url(basket, "approve/"), {"fingerprint": seen(basket)})
        order = Order.objects.get()
        assert answer["Location"] == order.get_absolute_url()
        again = olga.post(url(basket, "approve/"), {"fingerprint": "old"})
        assert again["Location"] == order.get_absolute_url()

    def test_works_while_one_works_for_another_clinic(self, people, basket, olga):
        olga.post("/clinics/switch/", {"clinic": people.south.pk})
        assert olga.get(url(basket)).status_code == 200
        olga.post(url(basket, "approve/"), {"fingerprint": seen(basket)})
        assert Order.objects.get().clinic == people.north

    def test_a_price_that_changed_is_shown_beside_what_was_submitted(self, basket, product, olga):
        old = seen(basket)
        product.stockrecords.update(price="120.00")
        refused = olga.post(url(basket, "approve/"), {"fingerprint": old}, follow=True)
        page = refused.content.decode()
        assert not Order.objects.exists()
        assert "Changed since it was submitted" in page
        assert "100.00" in page
        assert "120.00" in page
        shown = re.search(r'name="fingerprint" value="(\w+)"', page).group(1)
        olga.post(url(basket, "approve/"), {"fingerprint": shown})
        assert Order.objects.get().total_excl_tax == 240

    def test_quantities_are_changed_with_and_without_scripts(self, basket, olga):
        line = basket.lines.get()
        plain = olga.post(url(basket, f"lines/{line.pk}/"), {"quantity": "7"})
        assert plain["Location"] == url(basket)
        part = olga.post(url(basket, f"lines/{line.pk}/"), {"quantity": "8"}, headers={"hx-request": "true"})
        assert b"<html" not in part.content
        assert seen(basket).encode() in part.content
        assert basket.lines.get().quantity == 8

    @pytest.mark.parametrize("typed", ["0", "-1", "x", ""])
    def test_a_quantity_that_is_none_is_said_at_the_line(self, basket, olga, typed):
        answer = olga.post(url(basket, f"lines/{basket.lines.get().pk}/"), {"quantity": typed})
        assert answer.status_code == 422
        assert b"Enter a whole number" in answer.content
        assert basket.lines.get().quantity == 2

    def test_the_last_line_taken_out_leaves_nothing_to_approve(self, basket, olga):
        olga.post(url(basket, f"lines/{basket.lines.get().pk}/"), {"remove": "1"})
        page = olga.get(url(basket)).content.decode()
        assert "No lines are left" in page
        assert "Approve and send" not in page

    @pytest.mark.parametrize(("action", "name"), [("return/", "return-comment"), ("reject/", "reject-comment")])
    def test_a_missing_comment_is_asked_for_where_it_belongs(self, basket, olga, action, name):
        answer = olga.post(url(basket, action), {name: "  "})
        assert answer.status_code == 422
        assert f'href="#id_{name}"' in answer.content.decode()
        assert afresh(basket).status == "Waiting"

    def test_a_passed_dispatch_date_is_refused_and_another_chosen(self, basket, olga):
        Basket.objects.filter(pk=basket.pk).update(dispatch_date=timezone.localdate() - timedelta(days=1))
        page = olga.get(url(basket)).content.decode()
        assert "The next dispatch is" in page
        assert "Approve and send" not in page
        olga.post(url(basket, "approve/"), {"fingerprint": seen(basket)})
        assert not Order.objects.exists()
        offered = plan_of(afresh(basket)).shown.agreed(3)[2]
        olga.post(url(basket, "dispatch/"), {"dispatch_date": offered.isoformat()})
        olga.post(url(basket, "approve/"), {"fingerprint": seen(basket)})
        assert Order.objects.get().dispatch_date == offered
        assert ApprovalStep.objects.filter(action="changed", comment__contains="→").count() == 1

    @pytest.mark.parametrize("typed", ["2001-01-01", "rubbish", date.max.isoformat()])
    def test_no_date_but_an_offered_one_is_taken(self, basket, olga, typed):
        assert olga.post(url(basket, "dispatch/"), {"dispatch_date": typed}).status_code == 422
        assert afresh(basket).dispatch_date is None

    def test_a_returned_basket_is_continued_by_who_submitted_it(self, people, basket, asta):
        ready_to_confirm(people.asta, people.north, make_product("Another"))
        flow.send_back(user=people.olga, basket_id=basket.pk, comment="fewer")
        page = asta.get(url(basket))
        assert page.content.decode().count("fewer") == 2  # on top, and in the history
        asta.post(url(basket, "continue/"))
        assert Basket.objects.open_for(people.asta, people.north) == basket

    def test_what_was_sent_keeps_its_prices(self, people, basket, product, asta):
        approve(people.olga, basket)
        product.stockrecords.update(price="999.00", num_in_stock=0)
        page = asta.get(url(basket)).content.decode()
        assert "200.00" in page
        assert "999.00" not in page
        assert "out of stock" not in page
        assert "200.00" in asta.get(LIST).content.decode()

    def test_a_rejected_one_is_copied(self, people, basket, asta):
        flow.reject(user=people.olga, basket_id=basket.pk, comment="no")
        assert "Order again" in asta.get(url(basket)).content.decode()
        asta.post(url(basket, "copy/"))
        assert Basket.objects.open_for(people.asta, people.north) not in (None, basket)

    def test_patients_are_shown_only_to_who_may_see_them(self, people, basket, olga):
        line = basket.lines.get()
        line.patient = label_for(user=people.asta, clinic=people.north, text="P-4711")
        line.save()
        assert b"P-4711" in olga.get(url(basket)).content
        people.petra.clinicuserpermission_set.filter(permission__codename="view_patients").delete()
        page = as_user(people.petra).get(url(basket))
        assert page.status_code == 200
        assert b"P-4711" not in page.content
        assert b"P-4711" not in olga.get(LIST).content

    def test_nobody_left_to_approve_is_said(self, people, basket, asta):
        for user in (people.olga, people.petra):
            membership_revoke(user=user, clinic=people.north, confirmed=True)
        assert "Nobody at the clinic can approve" in asta.get(url(basket)).content.decode()
        ready_to_confirm(people.asta, people.north, make_product("Another"))
        assert "Nobody at Nordhear North can approve" in asta.get("/basket/").content.decode()


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
