"""Whatever is granted and taken away in whatever order by whomever: people reach what the model says, nothing else.

Random sequences are played through the functions that the pages call, and beside them in access_model.py. After every
step all rights are compared, and over HTTP what those can reach whom the step was about.
"""

import logging
import os
import random
from collections import Counter

import pytest
from django.db import transaction

from permissions.roles import ClinicPermission
from tests.permissions import access_model
from tests.permissions.access_moves import PLAYERS, play, prepare
from tests.permissions.access_world import CLINICS, PEOPLE, World

# The same sequences every time, with a few pages after each step; 500 of them with all pages with SEQUENCES=500.
SEQUENCES = int(os.environ.get("SEQUENCES", "12"))
EACH = None if "SEQUENCES" in os.environ else 6
STEPS = 8
MANY = 50  # so many come to every kind of move
# Pages of everybody that are looked at once more in the end, for what a step did to people whom it was not about.
SAMPLE = 4
# Enough for each of the mistakes below to be found.
TRIES = 40


@pytest.fixture(scope="module")
def world(template_database, django_db_blocker):
    from tests.databases import copied_database

    with (
        django_db_blocker.unblock(),
        copied_database(template_database, "grants"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("django.conf.settings.ROOT_URLCONF", "tests.permissions.stand_ins")
        # Who gets a page is decided before it is drawn, which is most of the time.
        patch.setattr("django.template.backends.django.Template.render", lambda self, context=None, request=None: "")
        made = World.make()
        logging.disable(logging.WARNING)  # every refusal would write its traceback
        yield made
        logging.disable(logging.NOTSET)


def run(world: World, seed: int, seen: Counter, each: int | None = None) -> None:
    """One sequence, taken back afterwards. `each`: so many pages of a person after a step, else all.

    An error says how to get it again and what was done.
    """
    chance, done = random.Random(seed), []
    with transaction.atomic():
        game = world.begin(chance, seen)
        prepare(game)
        try:
            for _step in range(STEPS):
                done.append(play(game))
                game.compare_rights()
                game.compare_pages(game.touched, each)
            game.compare_pages(PEOPLE, each=SAMPLE)
        except AssertionError as error:
            story = "\n".join(f"  {line}" for line in done)
            raise AssertionError(f"sequence {seed} after\n{story}\n{error}") from error
        transaction.set_rollback(True)


def test_the_models_table_names_every_right_there_is():
    assert frozenset(ClinicPermission.values) == access_model.EVERYTHING


def test_people_reach_what_the_model_says_whatever_is_granted_and_taken_away(world):
    seen: Counter = Counter()
    for seed in range(SEQUENCES):
        run(world, seed, seen, EACH)
    steps = {event: (seen[event, "changed"], seen[event, "refused"]) for event in PLAYERS}
    print(f"\n{SEQUENCES} sequences of {STEPS} steps, {len(PEOPLE)} people, {len(CLINICS)} clinics")
    for event, (changed, refused) in steps.items():
        print(f"  {event:18} changed {changed:6}  refused or no change {refused:6}")
    print(f"  rights compared    {seen['rights', 'compared']:6}")
    for (address, answer), times in sorted((key, n) for key, n in seen.items() if key[0].startswith(("/", "POST"))):
        print(f"  {address:34} {answer:8} {times:6}")
    wanted = PLAYERS if SEQUENCES >= MANY else ("give", "take", "inactivate", "activate", "block")
    never = [event for event in wanted if not seen[event, "changed"]]
    assert not never, f"no sequence has tried these with success: {never}"


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
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_guard_that_is_taken_away_is_found(world, monkeypatch, mistake):
    monkeypatch.setattr(*MISTAKES[mistake])
    with pytest.raises(AssertionError, match=r"sequence \d+ after"):
        for seed in range(TRIES):
            run(world, seed, Counter(), each=SAMPLE)
