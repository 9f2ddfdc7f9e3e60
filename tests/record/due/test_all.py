"""All that is due about a stay: derived, in order, gone once it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record.due.facts import HOUR, MIN, MORPHINE, NOW, a_round, dose, event, facts, order, stay, vitals_set
from wardlink.i18n import LANGUAGES, speaking
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.record.due.all import NEEDED, due_of
from wardlink.record.due.due import Facts
from wardlink.record.kinds import KINDS

_MINUTES = st.integers(-3 * 1440, 2 * 1440)


@st.composite
def stays(draw: st.DrawFn) -> Facts:
    """A stay with rounds, sets, orders and doses of any time and state."""
    things: list[object] = [a_round(NOW + n * MIN, struck=draw(st.booleans())) for n in draw(st.lists(_MINUTES))]
    things += [vitals_set(NOW + n * MIN, pulse_per_min=draw(st.integers(40, 140))) for n in draw(st.lists(_MINUTES))]
    for n in draw(st.lists(_MINUTES, max_size=5)):
        of: OrderView = order(
            draw(st.sampled_from(["active", "on-hold", "stopped"])), draw(st.sampled_from(["po", "im"]))
        )
        acts = draw(st.lists(st.sampled_from(["give", "start", "patrol", "pause", "resume", "end"]), max_size=4))
        rate = {"volume_ml": 500, "remaining_ml": 300, "rate_ml_per_h": 100}
        events = [event(act, NOW + (n + i) * MIN, **rate) for i, act in enumerate(acts)]
        state = draw(st.sampled_from(["planned", "running", "paused", "done", "held"]))
        due_at = draw(st.sampled_from([NOW + n * MIN, None] if events else [NOW + n * MIN]))
        given_dose: DoseView = dose(of, due_at, state, *events, items=(MORPHINE,))
        things += [of, given_dose]
    level = draw(st.sampled_from(["special", "level1", "level2", "level3"]))
    return facts(stay(level=level), *things)  # type: ignore[arg-type]


@given(stays(), st.integers(0, 2880))
def test_it_is_told_in_order_with_whole_windows(known: Facts, minute: int) -> None:
    """Whatever was recorded: the earliest first, each window around its time, each thing once and in words."""
    found = due_of(known, NOW + minute * MIN)

    assert [due.due_at for due in found] == sorted(due.due_at for due in found)
    assert all(due.opens_at <= due.due_at <= due.closes_at for due in found)
    assert len({due.key for due in found}) == len(found)
    assert all(due.text() and due.encounter == known.stay.id for due in found)


@given(stays(), st.integers(0, 400), st.integers(0, 400))
def test_only_the_record_makes_it_go_away(known: Facts, earlier: int, later: int) -> None:
    """Time alone takes nothing off the list, but for what is asked after a drug or a cooling, which lapses."""
    first, second = sorted((earlier, later))
    before, after = (due_of(known, NOW + minute * MIN) for minute in (first, second))

    assert {due.key for due in before if due.code not in ("pain", "cooling")} <= {due.key for due in after}


def test_doing_it_makes_it_go_away() -> None:
    """A round and a set of vital signs are overdue; recorded, the next ones are due later."""
    here = stay()
    old = (a_round(NOW - 5 * HOUR), vitals_set(NOW - 30 * HOUR))

    before = due_of(facts(here, *old), NOW)
    after = due_of(facts(here, *old, a_round(NOW), vitals_set(NOW)), NOW)

    assert [due.code for due in before if due.is_overdue(NOW)] == ["assessment", "vitals", "round"]
    assert [due.code for due in after if due.is_due(NOW)] == ["assessment"]
    assert [due.code for due in after if due.key in {due.key for due in before}] == ["assessment"]


def test_nothing_is_due_once_the_stay_is_over() -> None:
    """Discharged is discharged."""
    assert due_of(facts(stay(status="finished", discharged_at=NOW)), NOW) == ()


def test_what_is_needed_is_in_the_ward_record() -> None:
    """Every kind that a rule reads is one that devices hold."""
    assert {kind.name for kind in NEEDED} <= {kind.name for kind in KINDS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_both_languages(language: str) -> None:
    """The drug is named as the nurse reads it."""
    of = order()
    known = facts(stay(), of, dose(of, NOW, items=(MORPHINE,)))

    with speaking(language):
        (text,) = [due.text() for due in due_of(known, NOW + timedelta(hours=2)) if due.code == "dose"]

    assert ("吗啡" if language == "zh_CN" else "morphine") in text
