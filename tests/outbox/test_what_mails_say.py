"""Mails as HTML and as plain text are the same mail."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "emails"
WITHOUT_PRICES = "Prices and articles are shown only after log-in."


@pytest.mark.parametrize("mail", sorted(file.stem for file in FOLDER.glob("*.txt") if ".subject" not in file.name))
def test_only_mails_about_orders_say_where_prices_are(mail):
    about_orders = mail in {"approval_answer", "approval_waiting", "order_confirmation"}
    for ending in ("html", "txt"):
        assert (WITHOUT_PRICES in FOLDER.joinpath(f"{mail}.{ending}").read_text()) == about_orders
    assert WITHOUT_PRICES not in FOLDER.joinpath("base.html").read_text()
