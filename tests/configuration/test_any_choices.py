"""Whatever is sent to the configurator: what becomes a line is what the server would accept afresh."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.basket.models import Line
from shop.basket.summary import lines_of
from shop.configuration.loading import configuration_of
from shop.configuration.options import Configuration, Invalid
from shop.configuration.values import LEFT, RIGHT, SIDE
from shop.partner.strategy import Selector
from tests.configuration.shelf import ASKED, GOOD, address, make_aid

EVERY_CODE = sorted({code for _required, codes in ASKED.values() for code in codes})
VALUES = st.one_of(st.sampled_from(["", "both", "nonsense", "\x01", "left"]), st.sampled_from(EVERY_CODE))
STRONG = {**GOOD, "power": "power-up", "dome": "dome-power"}
# What is right, nothing at all, or nearly right: random choices alone would hardly ever make a line.
EAR = st.builds(
    lambda base, changes: {**base, **changes},
    st.sampled_from([GOOD, STRONG, GOOD, {}]),
    st.one_of(st.just({}), st.dictionaries(st.sampled_from([*ASKED]), VALUES, max_size=2)),
)
QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def aid(people):
    return make_aid()


def test_every_line_passes_afresh_and_all_or_nothing_is_added(petra, people, aid):
    made = []
    _send_anything(petra, aid, made)
    assert 2 in made, "no pair was ever added: the test proves little"
    assert made.count(0) > 5
    print(f"\nforms sent: {len(made)}, of which {made.count(1)} made a line and {made.count(2)} a pair", end="")


def _send_anything(petra, aid, made: list[int]) -> None:
    @settings(QUICK, max_examples=120)
    @given(
        side=st.sampled_from(["left", "right", "both", "both", "", "x"]),
        left=EAR,
        right=EAR,
        quantity=st.sampled_from(["1", "3", "3", "0", "x"]),
        check=st.sampled_from([{}, {}, {}, {"check": "1"}]),
    )
    def send(side, left, right, quantity, check):
        Line.objects.all().delete()
        sent = {"side": side, "quantity": quantity, **check}
        for prefix, values in (("left", left), ("right", right)):
            sent |= {f"{prefix}-option-{code}": value for code, value in values.items()}
        response = petra.post(address(aid), sent)
        lines = list(Line.objects.all())
        made.append(len(lines))
        assert response.status_code in (200, 302, 422)
        assert len(lines) in {"both": (0, 2)}.get(side, (0, 1))
        assert bool(lines) == (response.status_code == 302)
        _check(lines, aid)

    send()


def _check(lines: list[Line], aid) -> None:
    asked = configuration_of(aid)
    for line in lines:
        assert asked.clean(line.configuration) == line.configuration
        assert line.configuration[SIDE] in (LEFT, RIGHT)
    if lines:
        basket = lines[0].basket
        basket.strategy = Selector().strategy(clinic=basket.clinic)
        assert not [row.problem for row in lines_of(basket) if row.problem]


@QUICK
@given(chosen=st.fixed_dictionaries({}, optional={code: st.sampled_from(codes) for code, (_r, codes) in ASKED.items()}))
def test_a_greyed_out_value_is_always_refused_and_every_other_never_for_that_reason(aid, chosen):
    asked = _asked(aid)
    for code, reasons in asked.excluded(chosen).items():
        for value in reasons:
            with pytest.raises(Invalid) as refused:
                asked.clean({**chosen, code: value})
            assert refused.value.errors
    allowed = {
        code: [value for value in codes if value not in asked.excluded(chosen).get(code, {})]
        for code, (_required, codes) in ASKED.items()
    }
    for code, values in allowed.items():
        for value in values:
            broken = dict(asked.conflicts({**chosen, code: value}))
            before = dict(asked.conflicts({k: v for k, v in chosen.items() if k != code}))
            # The value itself is not the target of a rule that was not already asking something of it.
            assert code not in broken or code in before or _is_source(asked, code)


def _is_source(asked: Configuration, code: str) -> bool:
    return any(rule.option == code for rule in asked.dependencies)


_known: dict[int, Configuration] = {}


def _asked(aid) -> Configuration:
    return _known.setdefault(aid.pk, configuration_of(aid))


@QUICK
@given(chosen=st.dictionaries(st.sampled_from([*ASKED, "unknown"]), VALUES))
def test_what_passes_once_passes_again_unchanged(aid, chosen):
    asked = _asked(aid)
    try:
        cleaned = asked.clean(chosen)
    except Invalid as invalid:
        assert all(invalid.errors.values())
        return
    assert asked.clean(cleaned) == cleaned
