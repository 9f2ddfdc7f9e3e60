"""Skin tests on the server: a result blocks or frees, and whatever does not fit is put before a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.patients.service import encounter_view
from server.record.service import records_of
from tests.server.orders.ward import active, doses, gives
from tests.server.wards import DESK, NURSE, OTHER_NURSE, STAY_1, SmallWard, Speaker
from wardlink.clinical.skin_test import Result
from wardlink.errors import Collision
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseView
from wardlink.messages.encounters import UpdateEncounter
from wardlink.messages.skin_tests import SkinTestView
from wardlink.record.skin_tests import SKIN_TEST

TEST = {
    "kind": "temporary",
    "category": "skin-test",
    "items": [{"drug": "penicillin-test", "dose": 0.1, "unit": "mL"}],
    "route": "id",
    "frequency": "once",
}
PENICILLIN = {"items": [{"drug": "penicillin-800k", "dose": 2, "unit": "支"}], "route": "im", "category": "injection"}
POSITIVE = "青霉素皮试阳性（2026-11-25）"


def injected(ward: SmallWard) -> DoseView:
    """A test that was just injected."""
    start_at = ward.clock.now().isoformat()
    dose = doses(ward, active(ward, **TEST, start_at=start_at))[0]
    ward.take(gives(ward.cart, dose))
    return doses(ward, dose.order)[0]


def reads(cart: Speaker, dose: DoseView, result: Result, *, first: Any = NURSE, **more: Any) -> Command:
    """A cart reports what two nurses see at the arm, now."""
    body = {
        "dose": dose.id,
        "order": dose.order,
        "items": [item.model_dump() for item in dose.items],
        "injected_at": dose.givings()[0].at.isoformat(),
        "result": result,
        "before_mm": 3,
        "after_mm": 7 if result == "positive" else 3,
        "second_reader": OTHER_NURSE.id,
    }
    return cart.command("skin-test.read", body | more, encounter=dose.encounter, actor=first)


def results(ward: SmallWard) -> list[SkinTestView]:
    """The results so far."""
    with ward.db.read() as conn:
        return records_of(conn, SKIN_TEST, encounter=STAY_1)


def allergies(ward: SmallWard) -> tuple[str, ...]:
    """What the patient is allergic to."""
    with ward.db.read() as conn:
        stay = encounter_view(conn, STAY_1)
    assert stay is not None
    return stay.allergies


def kinds(ward: SmallWard) -> list[str]:
    """The exceptions so far."""
    return [row.kind for row in ward.exceptions()]


def test_a_positive_test_is_an_allergy_and_no_order_gets_past_it(ward: SmallWard) -> None:
    """Everybody hears of it in the same transaction; what was known before stays."""
    known = UpdateEncounter(allergies=("花生",))
    ward.core.execute("encounter.update", known, ward="w1", actor=DESK, encounter=STAY_1)
    dose = injected(ward)
    ward.clock.advance(20 * 60)

    answer = ward.answer(reads(ward.cart, dose, "positive"))

    assert answer.outcome == "applied"
    assert allergies(ward) == ("花生", POSITIVE)
    assert kinds(ward) == []
    with pytest.raises(Collision):
        active(ward, **PENICILLIN)


def test_a_struck_positive_takes_only_its_own_allergy_away(ward: SmallWard) -> None:
    """What a person wrote stays, also if it says the same in other words; the result stays readable."""
    dose = injected(ward)
    known = UpdateEncounter(allergies=("青霉素皮试阳性",))
    ward.core.execute("encounter.update", known, ward="w1", actor=DESK, encounter=STAY_1)
    ward.clock.advance(20 * 60)
    command = reads(ward.cart, dose, "positive")
    ward.take(command)
    strike = ward.cart.command("skin-test.strike", {"test": command.id, "reason": "wrong patient"}, encounter=STAY_1)

    ward.take(strike)

    (test,) = results(ward)
    assert allergies(ward) == ("青霉素皮试阳性",)
    assert (test.result, test.struck_reason) == ("positive", "wrong patient")


def test_a_struck_positive_leaves_what_another_test_has_shown(ward: SmallWard) -> None:
    """Two carts entered the same reading; one of the two is struck out."""
    dose = injected(ward)
    ward.clock.advance(20 * 60)
    first, second = reads(ward.cart, dose, "positive"), reads(ward.cart_2, dose, "positive")
    ward.take(first)
    ward.take(second)

    ward.take(ward.cart.command("skin-test.strike", {"test": first.id, "reason": "twice"}, encounter=STAY_1))

    assert allergies(ward) == (POSITIVE,)


def test_everything_twice_changes_nothing(ward: SmallWard) -> None:
    """The same result and the same strike come again."""
    dose = injected(ward)
    ward.clock.advance(20 * 60)
    read = reads(ward.cart, dose, "positive")
    strike = ward.cart.command("skin-test.strike", {"test": read.id, "reason": "wrong"}, encounter=STAY_1)
    for command in (read, read, strike, strike, read):
        ward.take(command)

    assert len(results(ward)) == 1
    assert allergies(ward) == ()


@pytest.mark.parametrize(
    ("after_s", "how", "found"),
    [
        (15 * 60 - 1, {}, ["skin-test-untimely"]),
        (15 * 60, {}, []),
        (30 * 60, {}, []),
        (30 * 60 + 1, {}, ["skin-test-untimely"]),
        (30 * 60 + 1, {"reason": "doctor decided"}, []),
        (20 * 60, {"second_reader": None}, ["skin-test-one-reader"]),
        (20 * 60, {"second_reader": NURSE.id}, ["skin-test-one-reader"]),
    ],
)
def test_how_it_was_read(ward: SmallWard, after_s: float, how: dict[str, Any], found: list[str]) -> None:
    """Kept in any case."""
    dose = injected(ward)
    ward.clock.advance(after_s)

    ward.take(reads(ward.cart, dose, "negative", **how))

    assert kinds(ward) == found
    assert len(results(ward)) == 1


# -- a result and a dose that cross

Meanwhile = Callable[[SmallWard, DoseView], object]

MEANWHILE: dict[str, Meanwhile] = {
    "nothing": lambda ward, test: None,
    "negative": lambda ward, test: ward.take(reads(ward.cart_2, test, "negative")),
    "doubtful": lambda ward, test: ward.take(reads(ward.cart_2, test, "doubtful")),
    "positive": lambda ward, test: ward.take(reads(ward.cart_2, test, "positive")),
}
GAVE = {
    "nothing": ("given-without-skin-test", "given-without-skin-test"),
    # What is heard late is asked about as well: the cart that gave it could not know the result.
    "negative": ("", "given-without-skin-test"),
    "doubtful": ("given-without-skin-test", "given-without-skin-test"),
    "positive": ("given-against-allergy", "given-against-skin-test"),
}
READ_NEGATIVE = {
    "nothing": ("", ""),
    "negative": ("", ""),
    "doubtful": ("skin-test-contradicts", "skin-test-contradicts"),
    "positive": ("skin-test-contradicts", "skin-test-contradicts"),
}


@pytest.mark.parametrize("first", ["ward", "cart"])
@pytest.mark.parametrize("meanwhile", list(MEANWHILE))
@pytest.mark.parametrize(("did", "row"), [("gave", GAVE), ("read", READ_NEGATIVE)])
def test_what_comes_of_a_pair(
    ward: SmallWard, did: str, row: dict[str, tuple[str, str]], meanwhile: str, first: str
) -> None:
    """Whichever was done first, the dose stands as given, the result as read, and a person hears what does not fit."""
    drug = doses(ward, active(ward, **PENICILLIN))[0]
    test = injected(ward)
    ward.clock.advance(18 * 60)

    def deed() -> None:
        ward.take(gives(ward.cart, drug) if did == "gave" else reads(ward.cart, test, "negative"))

    steps = [lambda: MEANWHILE[meanwhile](ward, test), deed]
    for step in reversed(steps) if first == "cart" else steps:
        step()
        ward.clock.advance(60)

    expected = row[meanwhile][first == "cart"]
    also = {"given-without-skin-test"} if did == "gave" and first == "cart" else set()
    assert set(kinds(ward)) == ({expected} - {""}) | also
    assert doses(ward, drug.order)[0].state == ("done" if did == "gave" else "planned")


def test_a_break_of_three_days_ends_a_negative_test(ward: SmallWard) -> None:
    """To the second; giving the drug goes on with it."""
    drug, later = doses(ward, active(ward, **PENICILLIN, stop_at=None))[:2]
    test = injected(ward)
    ward.clock.advance(20 * 60)
    ward.take(reads(ward.cart, test, "negative"))
    ward.clock.advance(timedelta(hours=72).total_seconds())
    ward.take(gives(ward.cart, drug))
    assert kinds(ward) == []
    ward.clock.advance(timedelta(hours=72).total_seconds() + 1)

    ward.take(gives(ward.cart, later))

    assert kinds(ward) == ["given-without-skin-test"]
    assert ward.exceptions()[0].detail["test"] == "old"
