"""D8: dates on the delivery step, checked again when the order is confirmed."""

import html
from datetime import date, time

import pytest

from permissions.roles import ClinicPermission
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout.placing import DateRefused, check_delivery, place_order
from shop.dispatch.models import DispatchAgreement, DispatchDay
from shop.order.models import Order
from tests.checkout.delivering import answers, slow_product, travel
from tests.factories import fill_basket, make_product, ready_to_confirm

MONDAY = "2026-11-23T09:00:00"
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)


@pytest.fixture
def agreed(people, monkeypatch):
    """Clinic North gets its goods on Tuesdays and Thursdays."""
    travel(monkeypatch, MONDAY)
    return DispatchAgreement.objects.create(clinic=people.north, weekdays=[2, 4])


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def test_the_page_offers_the_next_agreed_dispatch_and_says_when_it_arrives(petra, people, agreed):
    fill_basket(people.petra, people.north, make_product())
    page = said(petra.get("/checkout/details/"))
    assert "Leaves Tuesday 24 November, expected Wednesday 25 November" in page
    assert 'aria-label="Tuesday 24 November 2026"' in page
    assert 'aria-label="Wednesday 25 November 2026: Not one of your dispatch days"' in page
    assert 'aria-label="Friday 25 December 2026: Public holiday: Christmas Day"' in page


def test_a_chosen_date_is_in_the_review_and_in_the_order(petra, people, agreed):
    basket = fill_basket(people.petra, people.north, make_product())
    assert petra.post("/checkout/details/", answers(people.north, THURSDAY))["Location"] == "/checkout/review/"
    review = petra.get("/checkout/review/")
    assert "Thursday 26 November" in said(review)
    assert "Friday 27 November" in said(review)
    petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": review.context["fingerprint"]})
    assert Order.objects.get().dispatch_date == THURSDAY


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 25), "Not one of your dispatch days"),
        (date(2026, 11, 28), "No dispatch on Saturdays"),
        (date(2026, 12, 24), "Public holiday: Christmas Eve"),
        (date(2026, 11, 20), "This day has passed"),
    ],
)
def test_a_date_that_was_not_agreed_is_refused_with_the_next_one(petra, people, agreed, day, why):
    fill_basket(people.petra, people.north, make_product())
    answer = petra.post("/checkout/details/", answers(people.north, day))
    assert answer.status_code == 422
    assert f"can't be chosen. {why}. The next dispatch is " in said(answer)
    assert Basket.objects.get().dispatch_date is None
    offered = answer.context["sheet"].chosen
    assert offered > day
    assert petra.post("/checkout/details/", answers(people.north, offered)).status_code == 302


@pytest.mark.parametrize(("clock", "placed"), [("14:00:00", True), ("14:00:01", False)])
def test_a_date_is_refused_from_the_second_its_cut_off_has_passed(petra, people, agreed, monkeypatch, clock, placed):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    petra.post("/checkout/details/", answers(people.north, TUESDAY))
    reviewed = petra.get("/checkout/review/").context["fingerprint"]
    travel(monkeypatch, f"2026-11-24T{clock}")
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed}, follow=True)
    assert Order.objects.exists() is placed
    if not placed:
        assert answer.request["PATH_INFO"] == "/checkout/details/"
        refusal = "Tuesday 24 November can't be chosen. Too early: the cut-off 14:00 has passed."
        assert said(answer).count(refusal + " The next dispatch is Thursday 26 November.") == 1
        assert answer.context["sheet"].chosen == THURSDAY


def test_the_next_date_is_taken_with_one_press_and_confirmed_after_a_new_review(petra, people, agreed, monkeypatch):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    petra.post("/checkout/details/", answers(people.north, TUESDAY))
    travel(monkeypatch, "2026-11-24T14:00:01")
    page = petra.get("/checkout/review/", follow=True)
    offered = page.context["sheet"].chosen
    assert Basket.objects.get(pk=basket.pk).dispatch_date == TUESDAY  # looking changes nothing
    petra.post("/checkout/details/", answers(people.north, offered))
    review = petra.get("/checkout/review/")
    petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": review.context["fingerprint"]})
    assert Order.objects.get().dispatch_date == THURSDAY


def test_a_day_that_staff_closed_meanwhile_is_refused(petra, people, agreed):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    petra.post("/checkout/details/", answers(people.north, TUESDAY))
    reviewed = petra.get("/checkout/review/").context["fingerprint"]
    DispatchDay.objects.create(date=TUESDAY, kind="closed", reason="stocktaking")
    answer = petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": reviewed}, follow=True)
    assert "Closed: stocktaking. The next dispatch is Thursday 26 November." in said(answer)
    assert not Order.objects.exists()


def test_as_agreed_always_works(people, agreed, monkeypatch):
    DispatchDay.objects.create(date=TUESDAY, kind="closed")
    for moment in (MONDAY, "2026-11-24T23:59:59", "2026-12-31T23:59:59", "2028-02-29T12:00:00", "2027-03-28T02:30:00"):
        travel(monkeypatch, moment)
        basket = ready_to_confirm(people.petra, people.north, make_product())
        order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
        assert order.dispatch_date is None


def test_the_cut_off_is_that_of_the_clinics_country(people, monkeypatch):
    """Half past two in Oslo: the Norwegian clinic agreed on three o'clock, the Swedish one did not."""
    DispatchAgreement.objects.create(clinic=people.foreign, cut_off=time(15, 0))
    travel(monkeypatch, "2026-11-24T14:30:00")
    for clinic, may in ((people.foreign, True), (people.north, False)):
        basket = Basket(clinic=clinic, dispatch_date=TUESDAY, delivery_address=clinic.delivery_addresses.get())
        basket._lines = Basket.objects.none()
        if may:
            check_delivery(basket)
        else:
            with pytest.raises(DateRefused):
                check_delivery(basket)


class TestClosedAndExtraDays:
    """The narrower goes before the wider."""

    DAY = date(2026, 11, 25)  # a Wednesday, not agreed

    @pytest.mark.parametrize(
        ("rows", "may"),
        [
            ([], False),
            ([("extra", "", None)], True),
            ([("extra", "SE", None)], True),
            ([("extra", "NO", None)], False),
            ([("extra", "", "north")], True),
            ([("extra", "", "south")], False),
            ([("extra", "", None), ("closed", "SE", None)], False),
            ([("closed", "", None), ("extra", "SE", None)], True),
            ([("closed", "SE", None), ("extra", "", "north")], True),
            ([("extra", "SE", None), ("closed", "", "north")], False),
            ([("closed", "SE", None), ("extra", "", "south")], False),
        ],
    )
    def test_whose_row_holds(self, petra, people, agreed, rows, may):
        for kind, country, clinic in rows:
            owner = getattr(people, clinic) if clinic else None
            DispatchDay.objects.create(date=self.DAY, kind=kind, country=country, clinic=owner)
        fill_basket(people.petra, people.north, make_product())
        answer = petra.post("/checkout/details/", answers(people.north, self.DAY))
        assert (answer.status_code == 302) is may


class TestLeadTimes:
    def test_the_slowest_line_decides(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product(), slow_product())
        answer = petra.post("/checkout/details/", answers(people.north, TUESDAY))
        assert "the slowest line, Custom earmould, takes 8 working days. The next dispatch is Thursday 3" in said(
            answer
        )

    def test_what_is_ready_leaves_first_and_the_slow_line_on_its_own_date(self, petra, people, agreed):
        basket = fill_basket(people.petra, people.north, make_product("Battery"), slow_product())
        posted = answers(people.north, TUESDAY, split_dispatch="split")
        assert petra.post("/checkout/details/", posted).status_code == 302
        review = petra.get("/checkout/review/")
        assert "Custom earmould: leaves Thursday 3 December, expected Friday 4 December" in said(review)
        petra.post("/checkout/confirm/", {"basket": basket.pk, "fingerprint": review.context["fingerprint"]})
        order = Order.objects.get()
        assert order.dispatch_date == TUESDAY
        assert dict(order.lines.values_list("title", "dispatch_date")) == {
            "Battery": None,
            "Custom earmould": date(2026, 12, 3),
        }

    def test_split_and_as_agreed_dates_only_what_comes_later(self, people, agreed):
        basket = ready_to_confirm(people.petra, people.north, make_product("Battery"), slow_product())
        basket.split_dispatch = True
        basket.save()
        order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
        assert order.dispatch_date is None
        assert set(order.lines.values_list("dispatch_date", flat=True)) == {None, date(2026, 12, 3)}

    def test_together_no_line_has_a_date_of_its_own(self, people, agreed):
        basket = ready_to_confirm(people.petra, people.north, make_product("Battery"), slow_product())
        order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
        assert set(order.lines.values_list("dispatch_date", flat=True)) == {None}

    def test_who_reviewed_one_dispatch_does_not_confirm_two(self, people, agreed):
        basket = ready_to_confirm(people.petra, people.north, make_product("Battery"), slow_product())
        reviewed = fingerprint(basket)
        basket.split_dispatch = True
        assert fingerprint(basket) != reviewed

    def test_splitting_is_asked_only_where_it_changes_something(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product("Battery"), make_product("Dome"))
        assert "Send what is ready first" not in said(petra.get("/checkout/details/"))
        fill_basket(people.petra, people.north, slow_product())
        assert "Send what is ready first" in said(petra.get("/checkout/details/"))


class TestTheCalendarWithoutScripts:
    def test_turning_a_month_keeps_what_was_typed_and_shows_no_errors(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product())
        typed = {**answers(people.north, TUESDAY), "purchase_number": "", "reference": "Desk 4", "month": "2027-03"}
        page = petra.post("/checkout/details/", typed)
        assert page.status_code == 200
        assert "Desk 4" in said(page)
        assert "March 2027" in said(page)
        assert page.context["sheet"].chosen == TUESDAY
        assert not page.context["form"].errors
        assert Basket.objects.get().reference == ""

    def test_a_pressed_day_is_chosen(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product())
        posted = {**answers(people.north), "day": "2026-11-26"}
        page = petra.post("/checkout/details/", posted)
        assert page.context["sheet"].chosen == THURSDAY
        assert page.context["form"]["dispatch_choice"].value() == "date"
        assert "Leaves Thursday 26 November, expected Friday 27 November" in said(page)

    def test_a_pressed_day_that_was_not_agreed_says_why_and_stays_unchosen(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product())
        page = petra.post("/checkout/details/", {**answers(people.north, TUESDAY), "day": "2026-11-25"})
        assert page.context["sheet"].chosen == TUESDAY
        assert "Wednesday 25 November: Not one of your dispatch days" in said(page)

    @pytest.mark.parametrize("month", ["x", "2026-13", "0001-01", "9999-12", "2026-1", "\0"])
    def test_a_month_that_is_none(self, petra, people, agreed, month):
        fill_basket(people.petra, people.north, make_product())
        page = petra.post("/checkout/details/", {**answers(people.north), "month": month})
        assert page.status_code == 200
        shown = page.context["sheet"].months[0].code
        assert "2026-11" <= shown <= "2027-11"

    def test_htmx_gets_the_dispatch_part_only(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product())
        posted = {**answers(people.north), "month": "2027-01"}
        page = said(petra.post("/checkout/details/", posted, headers={"hx-request": "true"}))
        assert "January 2027" in page
        assert "<html" not in page

    def test_weeks_have_their_numbers(self, petra, people, agreed):
        fill_basket(people.petra, people.north, make_product())
        sheet = petra.post("/checkout/details/", {**answers(people.north), "month": "2026-12"}).context["sheet"]
        assert [week.number for week in sheet.months[0].weeks] == [49, 50, 51, 52, 53]
        assert [week.number for week in sheet.months[1].weeks] == [53, 1, 2, 3, 4]


class TestWhoMayPrepare:
    def test_an_assistant_fills_in_the_delivery_and_reads_that_it_needs_approval(self, client, people, agreed):
        client.force_login(people.asta)
        basket = fill_basket(people.asta, people.north, make_product())
        assert client.post("/checkout/details/", answers(people.north, TUESDAY)).status_code == 302
        review = client.get("/checkout/review/")
        assert review.context["needs_approval"] is True
        assert "Confirm order" not in said(review)
        posted = {"basket": basket.pk, "fingerprint": review.context["fingerprint"]}
        assert client.post("/checkout/confirm/", posted).status_code == 403
        assert not Order.objects.exists()

    def test_a_purchaser_above_the_limit_is_led_back_to_the_review(self, petra, people, agreed):
        people.north.approval_limit = 10
        people.north.save()
        basket = ready_to_confirm(people.petra, people.north, make_product())
        review = petra.get("/checkout/review/")
        assert review.context["needs_approval"] is True
        posted = {"basket": basket.pk, "fingerprint": review.context["fingerprint"]}
        answer = petra.post("/checkout/confirm/", posted, follow=True)
        assert "Submit it for approval" in said(answer)
        assert not Order.objects.exists()

    def test_who_may_not_prepare_sees_neither_step(self, client, people, agreed):
        from permissions.models import ClinicUserPermission

        fill_basket(people.asta, people.north, make_product())
        rows = ClinicUserPermission.objects.filter(user=people.asta)
        rows.filter(permission__codename=ClinicPermission.PREPARE_ORDER).delete()
        client.force_login(people.asta)
        for path in ("/checkout/", "/checkout/details/", "/checkout/review/"):
            assert client.get(path).status_code == 403

    @pytest.mark.parametrize("field", ["clinic", "basket"])
    def test_a_page_of_another_clinic_or_basket_changes_nothing(self, petra, people, agreed, field):
        fill_basket(people.petra, people.north, make_product())
        other = {"clinic": people.south.pk, "basket": "11111111-1111-4111-8111-111111111111"}
        posted = {**answers(people.north, TUESDAY), field: other[field]}
        answer = petra.post("/checkout/details/", posted, follow=True)
        assert "Nothing was changed" in said(answer)
        assert Basket.objects.get().dispatch_date is None
