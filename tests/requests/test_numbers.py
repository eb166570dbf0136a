"""A2: organisation numbers, postcodes and phone numbers as each country writes them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from permissions.models import Account, AccountRequest
from permissions.phones import EXAMPLES, read_phone
from permissions.requests import organisation_numbers, postcodes
from permissions.requests.organisation_numbers import organisation_number, shown
from permissions.requests.postcodes import postcode
from permissions.requests.typed_text import one_line, several_lines
from permissions.templatetags.organisation_numbers import organisation_number as in_a_template

COUNTRIES = ("SE", "NO", "DK")
NORWEGIAN, DANISH = (3, 2, 7, 6, 5, 4, 3, 2), (2, 7, 6, 5, 4, 3, 2)


def _swedish(body: str) -> str:
    return body + luhn.calc_check_digit(body)


def _weighted(body: str, weights: tuple[int, ...]) -> str | None:
    """None where no digit can stand last."""
    rest = -sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11
    return None if rest == 10 else f"{body}{rest}"


def digits(count: int) -> st.SearchStrategy[str]:
    return st.integers(10 ** (count - 1), 10**count - 1).map(str)


VALID = {
    "SE": digits(9).map(_swedish),
    "NO": digits(8).map(lambda body: _weighted(body, NORWEGIAN)).filter(bool),
    "DK": digits(7).map(lambda body: _weighted(body, DANISH)).filter(bool),
}


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_example_shown_is_right(country):
    number = organisation_number(country, organisation_numbers.EXAMPLES[country])
    assert shown(country, number) == organisation_numbers.EXAMPLES[country]
    assert postcode(country, postcodes.EXAMPLES[country]) == postcodes.EXAMPLES[country]
    assert read_phone(country, EXAMPLES[country]).is_valid()


@pytest.mark.parametrize("country", COUNTRIES)
@given(data=st.data())
def test_every_right_number_is_kept_as_digits_however_it_is_spaced(country, data):
    number = data.draw(VALID[country])
    assert organisation_number(country, number) == number
    assert organisation_number(country, f"  {shown(country, number)} ") == number


@pytest.mark.parametrize("country", COUNTRIES)
@given(data=st.data())
def test_one_wrong_digit_is_refused(country, data):
    number = data.draw(VALID[country])
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(ValidationError) as refused:
        organisation_number(country, number[:place] + other + number[place + 1 :])
    assert organisation_numbers.EXAMPLES[country] in str(refused.value)


@pytest.mark.parametrize("country", COUNTRIES)
@given(typed=st.text(max_size=40))
def test_whatever_is_typed_gives_digits_or_a_message(country, typed):
    try:
        number = organisation_number(country, typed)
    except ValidationError:
        return
    assert number.isascii() and number.isdigit()


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("SE", "SE556677889901", "5566778899"),
        ("SE", "16556677-8899", "5566778899"),
        ("NO", "NO 912 345 688 MVA", "912345688"),
        ("NO", "912345688mva", "912345688"),
        ("DK", "DK-12345674", "12345674"),
        *[("NO", typed, "912345688") for typed in ("NO 912.345.688", "NO-912345688", "Org.nr. 912 345 688")],
        *[("DK", typed, "12345674") for typed in ("CVR 12345674", "CVR-nr.: 12 34 56 74")],
        *[("SE", typed, "5566778899") for typed in ("Org.nr 556677-8899", "Organisationsnummer: 556677-8899")],
    ],
)
def test_vat_numbers_say_the_same(country, typed, kept):
    assert organisation_number(country, typed) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        *[
            (country, typed)
            for country in COUNTRIES
            for typed in ("", "0" * 8, "0" * 9, "0" * 10, "x", "'; --", "٥" * 10)
        ],
        ("SE", "912345688"),
        ("NO", "5566778899"),
        ("DK", "912345688"),
        ("SE", "556677889"),
        ("NO", "9123456880"),
    ],
)
def test_what_is_no_number_of_the_country(country, typed):
    with pytest.raises(ValidationError):
        organisation_number(country, typed)


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        *[("SE", typed, "972 31") for typed in ("97231", "972 31", " 972  31 ", "S-972 31", "SE-97231", "se97231")],
        *[("NO", typed, "0150") for typed in ("0150", "N-0150", "NO 0150")],
        *[("DK", typed, "2100") for typed in ("2100", "DK-2100", "21 00")],
    ],
)
def test_postcodes_as_they_stand_on_an_envelope(country, typed, kept):
    assert postcode(country, typed) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        *[("SE", typed) for typed in ("", "2100", "072 31", "972 311", "DK-97231", "97231\n<b>", "۹۷۲۳۱")],
        *[("NO", typed) for typed in ("97231", "0000", "015", "DK-0150")],
        *[("DK", typed) for typed in ("97231", "0000", "210o")],
    ],
)
def test_what_is_no_postcode_of_the_country(country, typed):
    with pytest.raises(ValidationError):
        postcode(country, typed)


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("SE", "070-174 06 05", "+46701740605"),
        ("NO", "406 12 345", "+4740612345"),
        ("DK", "32 12 34 56", "+4532123456"),
        ("SE", "+47 406 12 345", "+4740612345"),
    ],
)
def test_phone_numbers_as_the_country_writes_them(country, typed, kept):
    assert read_phone(country, typed).as_e164 == kept


@pytest.mark.parametrize("typed", ["", "12", "call me", "+", "9" * 30, "070-174 06 05 99 99"])
def test_what_is_no_phone_number(typed):
    with pytest.raises(ValidationError):
        read_phone("SE", typed)


@given(st.text(max_size=60))
def test_a_line_stays_one_line_that_shows_as_it_reads(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not {"\u202e", "\u200b", "\r", "\x00", "\ufeff"} & set(line)
    assert one_line(line) == line


def test_a_message_keeps_its_lines():
    assert several_lines("a \r\n\u202eb\rc\n\n") == "a\nb\nc"


@pytest.mark.parametrize(
    ("country", "number", "expected"),
    [("SE", "5566778899", "556677-8899"), ("NO", "123456785", "123 456 785"), ("DK", "12345674", "12 34 56 74")],
)
def test_pages_show_it_as_people_of_the_country_write_it(country, number, expected):
    assert in_a_template(Account(country=country, organisation_number=number)) == expected


def test_pages_show_nothing_where_none_is_known():
    assert in_a_template(AccountRequest(country="SE")) == ""
