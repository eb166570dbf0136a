"""One basket's page: who decides, what is changed first, and what it says afterwards."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from permissions.services import block, membership_revoke
from shop.approvals import flow
from shop.approvals.models import ApprovalStep
from shop.basket.models import Basket
from shop.checkout.dispatch_plan import plan_of
from shop.order.models import Order
from shop.patients.labels import label_for
from tests.approvals.submissions import LIST, afresh, approve, as_user, seen, submitted, url
from tests.factories import make_product, ready_to_confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(people):
    return make_product("Tubes", price="100.00", stock=10_000)


@pytest.fixture
def basket(people, product):
    return submitted(people.asta, people.north, product)


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
        membership_revoke(user=people.petra, clinic=people.north)
        block(user=people.olga, by=people.stella, reason="not paid")  # a clinic's last main user goes in no other way
        assert "Nobody at the clinic can approve" in asta.get(url(basket)).content.decode()
        ready_to_confirm(people.asta, people.north, make_product("Another"))
        assert "Nobody at Nordhear North can approve" in asta.get("/basket/").content.decode()
