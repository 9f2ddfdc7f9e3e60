"""What a bed shows: every value with its age, and never a number that nobody measured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.dashboard.tile import DeviceState, draw, millis, summary
from tests.server.dashboard.boards import NOW, STAY, WHOLE, board, cell, monitors, nurses, stay, tile
from wardlink.messages.calls import CallChanged

MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("interval_s", "later", "state"),
    [
        (1.0, timedelta(seconds=90), "fresh"),
        (1.0, timedelta(seconds=90) + MS, "old"),
        (60.0, timedelta(seconds=180), "fresh"),
        (60.0, timedelta(seconds=180) + MS, "old"),
        (None, timedelta(seconds=90) + MS, "old"),
    ],
)
def test_a_monitors_value_grows_old_after_the_silence_allowed(
    interval_s: float | None, later: timedelta, state: str
) -> None:
    """Ninety seconds, or three of its own intervals if that is longer; at the bound it still stands."""
    assert cell("pulse", monitors(interval_s=interval_s, hr_per_min=80.0), later=later)["state"] == state


@pytest.mark.parametrize(
    ("readings", "later", "state"),
    [
        ({"temp_c": 36.8}, timedelta(hours=24), "fresh"),
        ({"temp_c": 36.8}, timedelta(hours=24) + MS, "old"),
        ({"temp_c": 36.8, "pulse_per_min": 135.0}, timedelta(hours=1), "fresh"),
        ({"temp_c": 36.8, "pulse_per_min": 135.0}, timedelta(hours=24), "old"),
    ],
)
def test_a_nurses_value_grows_old_by_its_own_limit_or_the_scores(
    readings: dict[str, Any], later: timedelta, state: str
) -> None:
    """A score that asks for more frequent sets makes its readings old sooner."""
    assert cell("temp", nurses(**readings), later=later)["state"] == state


def test_a_picture_says_until_when_it_holds() -> None:
    """Drawn again at that instant it differs; a millisecond before it does not."""
    found = monitors(hr_per_min=80.0)
    first = tile(found)
    assert first.until is not None
    turns = first.until - NOW

    assert tile(found, later=turns - 2 * MS).picture == first.picture
    assert tile(found, later=turns).picture != first.picture


def test_a_tile_without_one_fresh_value_is_old() -> None:
    """It is never shown as normal."""
    found = monitors(hr_per_min=80.0, spo2_pct=97.0)

    assert [tile(found).picture["state"], tile(found, later=timedelta(minutes=2)).picture["state"]] == ["fresh", "old"]


def test_one_fresh_value_keeps_the_tile_and_the_others_say_their_age() -> None:
    """A fresh pulse does not make the temperature of yesterday young."""
    sets = (nurses(timedelta(hours=25), temp_c=38.2), monitors(hr_per_min=80.0))

    shown = tile(*sets).picture

    assert (shown["state"], cell("temp", *sets)["state"], cell("pulse", *sets)["state"]) == ("fresh", "old", "fresh")


def test_nothing_measured_is_unknown() -> None:
    """No number and no age stand where nothing was measured."""
    shown = tile().picture

    assert (shown["state"], shown["news2"]) == ("unknown", None)
    assert [c for c in shown["cells"] if set(c) != {"name", "state"} or c["state"] != "none"] == []


def test_a_lead_that_is_off_shows_no_value() -> None:
    """The last value stands beside the words with its own age, and never as the reading."""
    shown = cell("spo2", monitors(timedelta(seconds=30), spo2_pct=96.0), monitors(off=("spo2_pct",)))

    assert (shown["state"], "value" in shown) == ("off", False)
    assert shown["last"] == {"value": "96", "at": millis(NOW - timedelta(seconds=30))}


def test_a_lead_that_was_never_on_is_off_and_nothing_more() -> None:
    """There is no value to remember."""
    assert cell("spo2", monitors(off=("spo2_pct",))) == {"name": "spo2", "state": "off", "at": millis(NOW)}


def test_a_value_after_the_lead_was_off_counts_again() -> None:
    """The newest word decides, in whatever order the sets came."""
    on, off = monitors(spo2_pct=96.0), monitors(timedelta(seconds=5), off=("spo2_pct",))

    assert [cell("spo2", off, on)["state"], cell("spo2", on, off)["state"]] == ["fresh", "fresh"]


def test_a_palpated_pulse_stands_in_for_a_heart_rate_whose_lead_is_off() -> None:
    """One lead does not hide the other reading that may stand there."""
    shown = cell("pulse", nurses(timedelta(minutes=5), pulse_per_min=74.0), monitors(off=("hr_per_min",)))

    assert (shown["state"], shown["value"], shown["key"]) == ("fresh", "74", "pulse_per_min")


def test_two_halves_of_two_measurements_are_no_blood_pressure() -> None:
    """A systolic pressure that came alone says so."""
    whole = nurses(timedelta(minutes=5), sbp_mmhg=122.0, dbp_mmhg=78.0)

    assert cell("bp", whole)["value"] == "122/78"
    assert cell("bp", whole, nurses(sbp_mmhg=95.0))["value"] == "95/—"


def test_a_value_of_the_future_is_not_fresh() -> None:
    """Its age is not known."""
    assert cell("pulse", nurses(-timedelta(minutes=6), pulse_per_min=70.0))["state"] == "old"


def test_a_score_shows_its_parts_its_trend_and_its_age() -> None:
    """The arrow compares whole scores only."""
    before = nurses(timedelta(hours=2), **WHOLE)
    shown = tile(before, nurses(**WHOLE | {"rr_per_min": 22.0})).picture["news2"]

    assert (shown["text"], shown["band"], shown["trend"], shown["at"]) == ("2", "low", "up", millis(NOW))
    assert [(p["name"], p["points"]) for p in shown["parts"] if p["points"]] == [("respiration", 2)]


@pytest.mark.parametrize(("rr", "trend"), [(16.0, "same"), (22.0, "up"), (9.0, "up")])
def test_the_trend_is_that_of_the_total(rr: float, trend: str) -> None:
    """Slower breathing may score more."""
    sets = (nurses(timedelta(hours=2), **WHOLE), nurses(**WHOLE | {"rr_per_min": rr}))

    shown = tile(*sets).picture["news2"]

    assert shown["trend"] == trend


def test_one_score_alone_has_no_trend() -> None:
    """There is nothing to compare with."""
    assert tile(nurses(**WHOLE)).picture["news2"]["trend"] is None


def test_an_incomplete_set_is_a_lower_bound() -> None:
    """It is marked as incomplete and has no trend."""
    shown = tile(nurses(pulse_per_min=135.0)).picture["news2"]

    assert (shown["text"], shown["whole"], shown["trend"]) == ("≥3", False, None)


def test_an_overdue_score_says_so() -> None:
    """A high score is not left standing as if it were of now."""
    ill = nurses(**WHOLE | {"rr_per_min": 26.0, "spo2_pct": 90.0, "sbp_mmhg": 88.0})

    assert [tile(ill).picture["news2"]["old"], tile(ill, later=timedelta(hours=3)).picture["news2"]["old"]] == [
        False,
        True,
    ]


def test_no_score_is_shown_for_whom_it_must_not_be_used() -> None:
    """A pregnant patient has readings and no number."""
    shown = tile(nurses(**WHOLE), who=stay(pregnant=True)).picture["news2"]

    assert (shown["text"], shown["band"], shown["parts"]) == ("—", None, [])


def test_the_name_is_masked() -> None:
    """The whole name stands nowhere in the picture."""
    shown = tile(nurses(**WHOLE)).picture

    assert shown["name"] == "王*英"
    assert "王秀英" not in repr(shown)


def test_the_most_urgent_call_of_a_bed_stands_first() -> None:
    """Of two open calls the higher class is shown, with every press counted."""
    found = board()
    for cls, count in (("P4", 2), ("P1", 1)):
        name = f"00000000-0000-7000-8000-00000000000{count}"
        found.calls[name] = CallChanged(id=name, bed="b1", cls=cls, state="raised", count=count, raised_at=NOW)  # type: ignore[arg-type]

    shown = draw(found, "b1", [], 0, NOW).picture["call"]

    assert (shown["cls"], shown["count"]) == ("P1", 3)


def test_a_call_from_an_empty_bed_is_shown() -> None:
    """An empty bed that calls is no quiet bed."""
    found = board()
    found.calls[STAY] = CallChanged(id=STAY, bed="b2", cls="P2", state="raised", raised_at=NOW)

    shown = draw(found, "b2", [], 0, NOW).picture

    assert (shown["state"], shown["call"]["cls"]) == ("empty", "P2")


def test_two_stays_in_one_bed_are_both_told() -> None:
    """The newer one is shown, and that there is another."""
    found = board()
    other = stay(id="00000000-0000-7000-8000-000000000002", admitted_at=NOW)
    both = type(found)("w1", "W1", 1, found.beds, {**found.stays, other.id: other}, found.latest, {}, {})

    shown = draw(both, "b1", [], 0, NOW).picture

    assert (shown["stay"], shown["others"]) == (other.id, 1)


def test_the_summary_counts_each_bed_once() -> None:
    """Occupied and empty make up the ward; silent and unheard devices are told apart."""
    found = board(nurses(**WHOLE))
    drawn = [draw(found, bed, [], 0, NOW).picture for bed in found.all_beds()]
    devices = [
        DeviceState(name, "cart", name, online, None) for name, online in (("a", True), ("b", False), ("c", None))
    ]

    counts = summary(found, drawn, devices)

    assert {name: counts[name] for name in ("occupied", "empty", "old", "silent", "unheard", "devices")} == {
        "occupied": 1,
        "empty": 1,
        "old": 0,
        "silent": 1,
        "unheard": 1,
        "devices": 3,
    }
