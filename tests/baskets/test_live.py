"""What an open page asks every few seconds: cheap when nothing happened, and never about another clinic."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.basket import filling, sharing
from shop.basket.models import Basket
from shop.basket.summary import fingerprint
from shop.checkout.placing import place_order
from tests.factories import fill_basket, make_product, ready_to_confirm

FRAGMENT = {"HX-Request": "true"}


def ask(client, people, stamp: str, clinic=None):
    asked = {"stamp": stamp, "clinic": (clinic or people.north).pk}
    return client.get("/basket/live/", asked, headers=FRAGMENT)


def stamp(client) -> str:
    return client.get("/basket/").context["stamp"]


def test_nothing_new_is_no_answer_and_at_most_six_queries(petra, people):
    fill_basket(people.petra, people.north, make_product())
    shown = stamp(petra)
    assert ask(petra, people, shown).status_code == 204
    with CaptureQueriesContext(connection) as queries:
        ask(petra, people, shown)
    asked = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    print(f"\nqueries  live, nothing new: {len(asked)}", end="")
    assert len(asked) <= 6
    assert all(query["sql"].startswith("SELECT") for query in asked)


@pytest.mark.parametrize("event", ["line", "note", "title", "chosen", "reviewing", "sent", "discarded"])
def test_what_a_colleague_does_is_shown(petra, people, event):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    other = make_product("From a colleague")
    shown = stamp(petra)
    olga = {"user": people.olga}
    {
        "line": lambda: filling.add(**olga, clinic=people.north, product=other, quantity=1, basket_id=basket.pk),
        "note": lambda: sharing.write_note(**olga, basket=basket, note="A note of Olga's"),
        "title": lambda: sharing.rename(**olga, basket=basket, title="Olga's title"),
        "chosen": lambda: sharing.choose(**olga, basket=basket),
        "reviewing": lambda: sharing.stand_before_confirm(people.olga, basket),
        "sent": lambda: place_order(**olga, basket_id=basket.pk, reviewed=fingerprint(basket)),
        "discarded": lambda: sharing.discard(**olga, basket=basket),
    }[event]()
    answer = ask(petra, people, shown)
    words = {
        "line": "From a colleague",
        "note": "A note of Olga&#x27;s",
        "title": "Olga&#x27;s title",
        "chosen": "Olga fills this basket too",
        "reviewing": "Olga is about to send this basket.",
        "sent": "Olga has sent “Basket of Petra",
        "discarded": "Olga has discarded “Basket of Petra",
    }
    assert answer.status_code == 200
    assert words[event] in answer.content.decode()
    new = answer.context["stamp"]
    assert (new.split("-")[0] == shown.split("-")[0]) == (event in ("chosen", "reviewing"))
    assert ask(petra, people, new).status_code == 204


def test_a_page_of_another_clinic_is_left_alone(client, people):
    client.force_login(people.olga)
    fill_basket(people.olga, people.north, make_product())
    client.get("/basket/")
    assert ask(client, people, "old", people.south).status_code == 204
    assert ask(client, people, "old", people.north).status_code == 200


def test_the_fragment_leaves_the_pages_messages_alone(petra, people):
    fill_basket(people.petra, people.north, make_product())
    assert 'id="messages"' not in ask(petra, people, "old").content.decode()


def beat(client, basket, clinic=None, **form):
    shown = {"revision": basket.revision, "fingerprint": fingerprint(basket), **form}
    return client.post(f"/basket/{basket.public_id}/reviewing/", shown, headers=FRAGMENT)


def test_who_stands_before_confirm_is_seen_until_two_minutes_after(petra, people, client):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    assert beat(petra, basket).status_code == 204
    basket.refresh_from_db()
    assert sharing.reviewer_of(basket, people.olga) == people.petra
    assert sharing.reviewer_of(basket, people.petra) is None
    later = timezone.now() + timedelta(minutes=2, seconds=1)
    assert sharing.reviewer_of(basket, people.olga, later) is None


def test_who_came_first_keeps_the_place_and_the_second_is_told(client, people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    sharing.stand_before_confirm(people.petra, basket)
    client.force_login(people.olga)
    answer = beat(client, basket)
    assert "Petra is about to send this basket." in answer.content.decode()
    assert Basket.objects.get().reviewed_by == people.petra
    assert beat(client, basket, told=answer.context["told"]).status_code == 204
    sharing.stand_before_confirm(people.olga, basket, timezone.now() + timedelta(minutes=3))
    assert Basket.objects.get().reviewed_by == people.olga


def test_standing_there_is_no_change_of_the_basket(people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    before = Basket.objects.values("revision", "changed").get()
    sharing.stand_before_confirm(people.petra, basket)
    assert Basket.objects.values("revision", "changed").get() == before


def test_the_place_is_written_no_oftener_than_every_25_seconds(people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    now = timezone.now()
    for seconds in (0, 10, 20, 30):
        sharing.stand_before_confirm(people.petra, basket, now + timedelta(seconds=seconds))
        expected = now + timedelta(seconds=30 if seconds == 30 else 0)
        assert Basket.objects.get().reviewed_at == expected


def test_a_changed_basket_is_told_on_the_review_page_and_a_note_is_not(petra, people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    sharing.write_note(user=people.olga, basket=basket, note="Only words")
    assert beat(petra, basket).status_code == 204
    olga = {"user": people.olga, "clinic": people.north, "basket_id": basket.pk}
    filling.change_quantity(**olga, line_id=basket.lines.get().pk, quantity=5)
    assert "Review it again before you send it." in beat(petra, basket).content.decode()


def test_a_basket_sent_meanwhile_is_told_on_the_review_page_with_its_order(client, people):
    basket = ready_to_confirm(people.petra, people.north, make_product())
    order = place_order(user=people.petra, basket_id=basket.pk, reviewed=fingerprint(basket))
    client.force_login(people.olga)
    page = beat(client, basket).content.decode()
    assert "Petra has sent this basket" in page
    assert order.get_absolute_url() in page


def test_an_assistant_hears_of_changes_but_is_not_about_to_send(client, people):
    basket = ready_to_confirm(people.asta, people.north, make_product())
    client.force_login(people.asta)
    assert beat(client, basket).status_code == 204
    assert Basket.objects.get().reviewed_by is None


def test_looking_at_the_review_page_writes_nothing(petra, people):
    ready_to_confirm(people.petra, people.north, make_product())
    before = Basket.objects.values().get()
    assert petra.get("/checkout/review/").status_code == 200
    assert Basket.objects.values().get() == before
