"""D8: which dates can be chosen, the reason on the others, and when the goods arrive."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from shop.dispatch.calendars import SpecialDay, day_words
from tests.dispatch.calendars_of import calendar

MONDAY_MORNING = "2026-11-23T09:00:00"  # a Monday


def test_without_an_agreement_every_working_day_can_be_chosen():
    days = calendar(MONDAY_MORNING)
    assert days.agreed(6) == [date(2026, 11, day) for day in (23, 24, 25, 26, 27, 30)]


def test_only_the_agreed_weekdays_can_be_chosen_and_the_others_say_why():
    days = calendar(MONDAY_MORNING, weekdays=(2, 4))
    assert days.agreed(3) == [date(2026, 11, 24), date(2026, 11, 26), date(2026, 12, 1)]
    assert days.reason(date(2026, 11, 25)) == "Not one of your dispatch days"
    assert days.reason(date(2026, 11, 28)) == "No dispatch on Saturdays"
    assert days.reason(date(2026, 11, 29)) == "No dispatch on Sundays"


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("2026-11-23T13:59:59", False),
        ("2026-11-23T14:00:00", False),
        ("2026-11-23T14:00:01", True),
        ("2026-11-23T23:59:59", True),
        ("2026-11-24T00:00:00", False),
    ],
)
@pytest.mark.parametrize("country", ["SE", "NO", "DK"])
def test_the_cut_off_holds_to_the_second_where_the_clinic_is(moment, late, country):
    days = calendar(moment, country=country)
    assert days.is_late_today is late
    assert days.next_agreed() == date.fromisoformat(moment[:10]) + timedelta(days=late)
    assert days.reason(days.today) == ("Too early: the cut-off 14:00 has passed" if late else "")


@pytest.mark.parametrize(("utc_hour", "late"), [(11, False), (12, True)])
def test_the_cut_off_follows_summer_time(utc_hour, late):
    """Two in the afternoon in Stockholm is noon in Greenwich in summer, one in winter."""
    summer = datetime(2027, 7, 5, utc_hour, 30, tzinfo=UTC)
    winter = datetime(2027, 1, 11, utc_hour + 1, 30, tzinfo=UTC)
    assert calendar(summer).is_late_today is calendar(winter).is_late_today is late


@pytest.mark.parametrize("country", ["SE", "NO", "DK"])
def test_the_day_begins_at_midnight_where_the_clinic_is(country):
    before, after = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert calendar(before, country=country).today == date(2026, 12, 31)
    assert calendar(after, country=country).today == date(2027, 1, 1)


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2026, 10, 25)])
def test_a_cut_off_in_the_hour_that_the_clocks_change(night):
    """02:30 does not exist in spring and comes twice in autumn: it passes once and stays passed."""
    start = datetime.combine(night, time(0), UTC) - timedelta(hours=1)
    late = [
        calendar(start + timedelta(minutes=10 * step), weekdays=range(1, 8), cut_off=time(2, 30)).is_late_today
        for step in range(0, 36)
        if calendar(start + timedelta(minutes=10 * step)).today == night
    ]
    assert late == sorted(late)
    assert set(late) == {False, True}


def test_the_days_around_both_clock_changes_are_all_there():
    for first, count in ((date(2027, 3, 26), 6), (date(2026, 10, 23), 5)):
        days = calendar(datetime.combine(first, time(6), UTC), weekdays=range(1, 8))
        wanted = [first + timedelta(days=nth) for nth in range(count)]
        assert days.agreed(count) == [day for day in days.agreed(20) if day <= days.agreed(count)[-1]]
        assert [day for day in wanted if not days.reason(day)] == [day for day in wanted if day not in days.holidays]


def test_the_29th_of_february_is_a_day_like_others():
    days = calendar("2028-02-28T09:00:00")
    assert days.may_choose(date(2028, 2, 29))
    assert days.delivery(date(2028, 2, 28)) == date(2028, 2, 29)
    assert days.delivery(date(2028, 2, 29)) == date(2028, 3, 1)
    assert calendar("2028-02-29T09:00:00").last == date(2029, 2, 28)


def test_the_last_day_of_the_year():
    """New Year's Eve is dispatched in Norway, not in Sweden and Denmark."""
    assert calendar("2026-12-31T09:00:00", country="NO").next_agreed() == date(2026, 12, 31)
    assert calendar("2026-12-31T15:00:00", country="NO").next_agreed() == date(2027, 1, 4)
    for country in ("SE", "DK"):
        assert calendar("2026-12-31T09:00:00", country=country).next_agreed() == date(2027, 1, 4)


def test_passed_days_and_days_beyond_a_year_say_so():
    days = calendar(MONDAY_MORNING)
    assert days.reason(date(2026, 11, 20)) == "This day has passed"
    assert days.reason(date(2027, 11, 23)) == ""
    assert days.reason(date(2027, 11, 24)) == "Dates can be chosen within a year from now"


HOLIDAYS = [
    ("SE", date(2026, 12, 24), "Julafton"),
    ("SE", date(2026, 12, 25), "Juldagen"),
    ("SE", date(2026, 12, 31), "Nyårsafton"),
    ("SE", date(2027, 3, 26), "Långfredagen"),
    ("SE", date(2027, 3, 29), "Annandag påsk"),
    ("SE", date(2027, 6, 25), "Midsommarafton"),
    ("SE", date(2027, 6, 26), "Midsommardagen"),
    ("NO", date(2026, 12, 25), "Første juledag"),
    ("NO", date(2027, 3, 25), "Skjærtorsdag"),
    ("NO", date(2027, 3, 29), "Andre påskedag"),
    ("NO", date(2027, 5, 17), "Andre pinsedag; Grunnlovsdag"),
    ("DK", date(2026, 12, 24), "Juleaftensdag"),
    ("DK", date(2026, 12, 31), "Nytårsaften"),
    ("DK", date(2027, 3, 25), "Skærtorsdag"),
    ("DK", date(2027, 5, 17), "Anden pinsedag"),
    ("DK", date(2027, 6, 5), "Grundlovsdag"),
]


@pytest.mark.parametrize(("country", "day", "name"), HOLIDAYS)
def test_public_holidays_are_closed_and_named(country, day, name):
    language = {"SE": "sv", "NO": "nb", "DK": "da"}[country]
    days = calendar(MONDAY_MORNING, country=country, language=language)
    assert days.reason(day) == f"Public holiday: {name}"
    assert days.mark(day) == "holiday"


@pytest.mark.parametrize(
    ("country", "day"),
    [("NO", date(2026, 12, 24)), ("NO", date(2026, 12, 31)), ("SE", date(2027, 5, 17)), ("NO", date(2027, 6, 25))],
)
def test_what_is_no_holiday_there_can_be_chosen(country, day):
    assert calendar(MONDAY_MORNING, country=country).may_choose(day)


def test_the_name_of_a_holiday_is_in_the_readers_language_or_the_countrys():
    names = {
        language: calendar(MONDAY_MORNING, country="NO", language=language).holidays[date(2027, 5, 17)]
        for language in ("en", "nb", "sv")
    }
    assert names["en"] == "Constitution Day; Pentecost Monday"
    assert names["nb"] == names["sv"] == "Andre pinsedag; Grunnlovsdag"


def test_christmas_is_stepped_over():
    days = calendar("2026-12-23T15:00:00")
    assert days.next_agreed() == date(2026, 12, 28)
    assert days.delivery(date(2026, 12, 23)) == date(2026, 12, 28)
    assert days.delivery(date(2026, 12, 30)) == date(2027, 1, 4)


def test_days_on_the_way_are_working_days():
    days = calendar(MONDAY_MORNING, transit=3)
    assert days.delivery(date(2026, 11, 26)) == date(2026, 12, 1)  # Friday, Monday, Tuesday
    assert days.delivery(date(2026, 12, 22)) == date(2026, 12, 29)


CLOSED = date(2026, 12, 1)  # a Tuesday


def test_a_closed_day_says_why_and_an_extra_day_opens_what_was_not_agreed():
    special = {CLOSED: SpecialDay(False, "stocktaking"), date(2026, 12, 5): SpecialDay(True, "before Christmas")}
    days = calendar(MONDAY_MORNING, special=special)
    assert (days.reason(CLOSED), days.mark(CLOSED)) == ("Closed: stocktaking", "closed")
    assert (days.reason(date(2026, 12, 5)), days.mark(date(2026, 12, 5))) == ("", "extra")
    assert calendar(MONDAY_MORNING, special={CLOSED: SpecialDay(False)}).reason(CLOSED) == "Closed"


def test_an_extra_day_may_be_a_holiday_but_not_passed_its_cut_off():
    eve = date(2026, 12, 24)
    special = {eve: SpecialDay(True)}
    assert calendar("2026-12-24T13:00:00", special=special).next_agreed() == eve
    assert calendar("2026-12-24T15:00:00", special=special).next_agreed() == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("moment", "lead", "ready"),
    [
        ("2026-11-23T09:00:00", 1, date(2026, 11, 24)),
        ("2026-11-23T09:00:00", 8, date(2026, 12, 3)),
        ("2026-11-23T15:00:00", 8, date(2026, 12, 4)),  # received tomorrow
        ("2026-11-27T15:00:00", 1, date(2026, 12, 1)),  # received on Monday
        ("2026-11-28T09:00:00", 1, date(2026, 12, 1)),
        ("2026-12-22T09:00:00", 2, date(2026, 12, 28)),
    ],
)
def test_the_lead_time_counts_working_days_from_the_day_it_is_received(moment, lead, ready):
    days = calendar(moment, lead=lead)
    assert days.ready == days.next_agreed() == ready
    word = "day" if lead == 1 else "days"
    before = ready - timedelta(days=3 if ready.isoweekday() == 1 else 1)
    if before not in days.holidays and before > days.today:
        assert days.reason(before) == f"Too early: the slowest line, Custom earmould, takes {lead} working {word}"


def test_nothing_is_made_while_everybody_is_closed():
    assert calendar(MONDAY_MORNING, lead=8, standstill={CLOSED}).ready == date(2026, 12, 4)


def test_a_lead_time_beyond_a_year_leaves_no_date_and_hangs_nothing():
    assert calendar(MONDAY_MORNING, lead=10_000_000).next_agreed() is None


def test_dates_in_words_name_the_year_when_it_is_another():
    today = date(2026, 11, 21)
    assert day_words(date(2026, 12, 8), today) == "Tuesday 8 December"
    assert day_words(date(2027, 1, 5), today) == "Tuesday 5 January 2027"


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "tisdag 8 december"), ("nb", "tirsdag 8. desember"), ("da", "tirsdag 8. december")]
)
def test_dates_in_words_in_the_readers_language(language, words):
    from django.utils import translation

    with translation.override(language):
        assert day_words(date(2026, 12, 8), date(2026, 11, 21)).lower() == words
