"""Whatever is granted and taken away in whatever order by whomever: people reach what the model says, nothing else.

Random sequences are played through the functions that the pages call, and beside them in access_model.py. After every
step all rights are compared, and over HTTP what somebody can reach whom the step was about: a page, or the rows of a
list; in the end also whether somebody can send or approve an order.
"""

import logging
import os
import random
from collections import Counter

import pytest
from django.db import transaction

from permissions import access
from permissions.models import ClinicUserPermission
from permissions.roles import ClinicPermission
from tests.permissions import access_model
from tests.permissions.access_lists import LISTS, keep
from tests.permissions.access_moves import PLAYERS, play, prepare
from tests.permissions.access_world import APPROVE, CLINICS, CONFIRM, PEOPLE, World

# The same sequences every time, in blocks that the cores share.
SEQUENCES = int(os.environ.get("SEQUENCES", "500"))
BLOCKS = 4
STEPS = 4
MANY = 100  # so many sequences come to every kind of move
# Enough for each of the mistakes below to be found.
TRIES = 150


@pytest.fixture(scope="module")
def world(template_database, django_db_blocker):
    from tests.databases import copied_database

    with (
        django_db_blocker.unblock(),
        copied_database(template_database, "grants"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("django.conf.settings.ROOT_URLCONF", "tests.permissions.stand_ins")
        patch.setattr("django.template.backends.django.Template.render", keep)
        made = World.make()
        logging.disable(logging.WARNING)  # every refusal would write its traceback
        yield made
        logging.disable(logging.NOTSET)


def run(world: World, seed: int, seen: Counter) -> None:
    """One sequence, taken back afterwards. An error says how to get it again and what was done."""
    chance, done = random.Random(seed), []
    with transaction.atomic():
        game = world.begin(chance, seen)
        prepare(game)
        try:
            for _step in range(STEPS):
                done.append(play(game))
                game.compare_rights()
                game.look(chance.choice(sorted(game.touched)))
            # In the end somebody else, for what a step did to people whom it was not about.
            game.send(game.somebody_who_orders())
        except AssertionError as error:
            story = "\n".join(f"  {line}" for line in done)
            raise AssertionError(f"sequence {seed} after\n{story}\n{error}") from error
        transaction.set_rollback(True)


def test_the_models_table_names_every_right_there_is():
    assert frozenset(ClinicPermission.values) == access_model.EVERYTHING


@pytest.mark.parametrize("block", range(BLOCKS))
def test_people_reach_what_the_model_says_whatever_is_granted_and_taken_away(world, block):
    seen: Counter = Counter()
    seeds = range(block, SEQUENCES, BLOCKS)
    for seed in seeds:
        run(world, seed, seen)
    print(f"\n{len(seeds)} sequences of {STEPS} steps, {len(PEOPLE)} people, {len(CLINICS)} clinics")
    for (what, outcome), times in sorted(seen.items()):
        print(f"  {what:38} {outcome:10} {times:6}")
    never = [event for event in PLAYERS if not seen[event, "changed"]]
    never += [path for path in (*LISTS, CONFIRM, APPROVE) if not seen[path, "rows"] + seen[path, "302"]]
    assert len(seeds) < MANY or not never, f"no sequence has tried these with success: {never}"


def _nothing(*args, **kwargs) -> None:
    return None


MISTAKES = {
    "anybody may change whom they like": ("permissions.access.check_may_change_at", _nothing),
    "what is given is not compared with what one has": (
        "permissions.access.grantable_at",
        lambda actor, clinics: {clinic.pk: frozenset(ClinicPermission.values) for clinic in clinics},
    ),
    "the last main user can go": ("permissions.services._refuse_last_main_user", _nothing),
    "rows stay when the role goes": ("permissions.services._take", _nothing),
    "sessions live on": ("permissions.services.end_sessions", _nothing),
    "who is inactive everywhere can log in": ("permissions.services.settle", _nothing),
    "customer service is not asked for its right": ("shop.dashboard.people.acting.refusal", lambda by, person: ""),
    "a page asks for no right": ("permissions.access._answer", _nothing),
    "lists show all clinics": (
        "permissions.access.clinic_ids",
        lambda user, permission=None: ClinicUserPermission.objects.filter(content_object__is_active=True).values(
            "content_object_id"
        ),
    ),
    "lists ask for membership, not for the right": (
        "permissions.access.clinic_ids",
        lambda user, permission=None: access._rows(user).values("content_object_id"),
    ),
    "an order asks for no right": ("permissions.access.require_until_commit", _nothing),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_guard_that_is_taken_away_is_found(world, monkeypatch, mistake):
    monkeypatch.setattr(*MISTAKES[mistake])
    with pytest.raises(AssertionError, match=r"sequence \d+ after"):
        for seed in range(TRIES):
            run(world, seed, Counter())
