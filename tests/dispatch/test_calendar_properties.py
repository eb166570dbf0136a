"""What holds for every agreement, every moment and every calendar of closed and extra days."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.dispatch.calendars import SpecialDay
from tests.dispatch.calendars_of import calendar

moments = st.datetimes(datetime(2026, 11, 1), datetime(2028, 3, 5)).map(lambda moment: moment.replace(tzinfo=UTC))
agreements = st.fixed_dictionaries(
    {
        "country": st.sampled_from(["SE", "NO", "DK"]),
        "weekdays": st.sets(st.integers(1, 7), min_size=1),
        "cut_off": st.times(),
        "transit": st.integers(1, 6),
        "lead": st.integers(0, 40),
        "special": st.dictionaries(
            st.dates(date(2026, 11, 1), date(2028, 6, 1)), st.booleans().map(SpecialDay), max_size=30
        ),
        "standstill": st.sets(st.dates(date(2026, 11, 1), date(2028, 6, 1)), max_size=20),
    }
)
soon = st.timedeltas(timedelta(0), timedelta(days=10))


@settings(max_examples=150, deadline=None)
@given(moments, agreements)
def test_the_next_agreed_date_can_be_chosen_and_none_before_it(now, given_days):
    days = calendar(now, **given_days)
    first = days.next_agreed()
    if first is None:
        return
    assert days.may_choose(first)
    assert days.today <= first <= days.last
    assert not any(days.may_choose(days.today + timedelta(days=nth)) for nth in range((first - days.today).days))


@settings(max_examples=100, deadline=None)
@given(moments, agreements, st.integers(-10, 400))
def test_a_date_has_a_reason_or_can_be_chosen_never_both(now, given_days, ahead):
    days = calendar(now, **given_days)
    day = days.today + timedelta(days=ahead)
    assert bool(days.reason(day)) is not days.may_choose(day)
    if days.may_choose(day):
        assert days.next_agreed(day - timedelta(days=1)) == day
        special = days.special.get(day)
        assert special.is_open if special else day.isoweekday() in given_days["weekdays"]
        assert day >= days.ready or not given_days["lead"]


@settings(max_examples=100, deadline=None)
@given(moments, agreements, st.integers(0, 365))
def test_the_delivery_is_a_working_day_after_the_dispatch(now, given_days, ahead):
    days = calendar(now, **given_days)
    dispatch = days.today + timedelta(days=ahead)
    expected = days.delivery(dispatch)
    assert expected > dispatch
    assert days.is_working_day(expected)
    between = (dispatch + timedelta(days=nth) for nth in range(1, (expected - dispatch).days + 1))
    assert sum(map(days.is_working_day, between)) == given_days["transit"]


@settings(max_examples=150, deadline=None)
@given(moments, soon, agreements)
def test_waiting_never_brings_an_earlier_date(now, later, given_days):
    """A date that can't be chosen now can't be later either, but for the end of the year that moves on."""
    first, second = calendar(now, **given_days), calendar(now + later, **given_days)
    assert second.ready >= first.ready
    if first.next_agreed() and second.next_agreed():
        assert second.next_agreed() >= first.next_agreed()


@settings(max_examples=60, deadline=None)
@given(moments, agreements)
def test_a_longer_lead_time_never_brings_an_earlier_date(now, given_days):
    shorter = calendar(now, **given_days).next_agreed()
    longer = calendar(now, **{**given_days, "lead": given_days["lead"] + 1}).next_agreed()
    assert longer is None or shorter is None or longer >= shorter


def test_the_cut_off_of_midnight_leaves_no_time():
    assert calendar("2026-11-23T00:00:01", cut_off=time(0)).next_agreed() == date(2026, 11, 24)
