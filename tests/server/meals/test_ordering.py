"""What patients and nurses ask for, with the record as it is now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.server.meals.table import TODAY, TOMORROW, asks, laid, meal, meals, nurse_says, ordered, refused, says_doctor
from tests.server.orders.ward import DOCTOR, active
from tests.server.wards import DESK, NURSE, STAY_1, STAY_2, SmallWard
from wardlink.messages.base import Actor
from wardlink.messages.encounters import UpdateEncounter


def decides(ward: SmallWard, **decided: Any) -> None:
    """Something about the first stay is decided anew."""
    ward.core.execute("encounter.update", UpdateEncounter(**decided), ward="w1", actor=DESK, encounter=STAY_1)


def test_an_order_keeps_what_the_menu_said(ward: SmallWard) -> None:
    """Names, prices and nutrients of the day on which it was ordered; told to the ward and to the bed."""
    laid(ward)

    found = meal(ward, ordered(ward, "RD3"))

    assert (found.state, found.fen, found.codes, found.bed) == ("placed", 1800, ("RD3",), "b1")
    assert (found.items[0].zh, found.items[0].nutrition.na_mg) == ("木须肉、拌菠菜、馒头、白粥", 880)
    assert (found.diets, found.disposable) == (("regular",), False)
    assert [row["bed"] for row in ward.changes("meal.changed")] == ["b1"]


def test_an_order_that_comes_twice_is_one_meal(ward: SmallWard) -> None:
    """The terminal sends again until it has its receipt."""
    laid(ward)
    command = asks(ward.terminal, "meal.order", dishes=["RD3"])

    outcomes = [ward.answer(command).outcome, ward.answer(command).outcome]

    assert (outcomes, len(meals(ward))) == (["applied", "already-applied"], 1)


def diet(said: str) -> dict[str, Any]:
    """A decision about the diet."""
    return {"diet": said}


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"dishes": ["RL1"]}, "not on the menu"),
    ({}, {"dishes": ["NONE"]}, "not on the menu"),
    ({}, {"dishes": ["RD3"], "slot": "lunch"}, "not on the menu"),
    ({}, {"dishes": ["RL3"], "slot": "lunch"}, "closed at 09:30"),
    ({}, {"dishes": ["RD3", "RD1"]}, "one main dish"),
    ({}, {"dishes": ["RD3"], "on": (TOMORROW + timedelta(days=1)).isoformat()}, "today and tomorrow"),
    ({}, {"dishes": ["RD3"], "on": (TODAY - timedelta(days=1)).isoformat()}, "today and tomorrow"),
    (diet("low-salt"), {"dishes": ["RD3"]}, "880 mg sodium"),
    (diet("生酮"), {"dishes": ["RD3"]}, "does not know the diet"),
    (diet("tube"), {"dishes": ["RD3"]}, "fed in another way"),
    (diet("nil-by-mouth"), {"dishes": ["RD3"]}, "not to eat"),
    ({"allergies": ("鸡蛋",)}, {"dishes": ["RD3"]}, "allergic"),
    ({"allergies": ("某种野菜",)}, {"dishes": ["RD3"]}, "某种野菜"),
]


@pytest.mark.parametrize(("decided", "asked", "said"), REFUSED)
def test_what_the_rules_forbid_is_refused_in_words(
    ward: SmallWard, decided: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    """By what the record says at this moment, whatever the terminal showed; nothing is left behind."""
    laid(ward)
    if decided:
        decides(ward, **decided)

    answer = refused(ward, asks(ward.terminal, "meal.order", **asked))

    assert said in str(answer.reason_en)
    assert answer.reason_zh != answer.reason_en
    assert meals(ward) == []


def test_an_allergy_to_a_drug_is_no_obstacle(ward: SmallWard) -> None:
    """Most allergies of a ward are to antibiotics."""
    laid(ward)
    decides(ward, allergies=("头孢类", "青霉素"))

    assert meal(ward, ordered(ward)).allergens == ()


def test_a_nurse_says_what_an_allergy_is_and_then_it_can_be_ordered(ward: SmallWard) -> None:
    """M04: free words are looked at by a person once, and stand on the label from then on."""
    laid(ward)
    decides(ward, allergies=("某种野菜",))
    refused(ward, asks(ward.terminal, "meal.order", dishes=["RD3"]))

    nurse_says(ward, "diet-card.set", mapped={"某种野菜": ["mango"]})

    assert meal(ward, ordered(ward)).allergens == ("mango",)


def test_an_order_of_a_doctor_counts_from_the_moment_it_is_signed(ward: SmallWard) -> None:
    """Fasting, and a diet in words, before any nurse has checked the order."""
    laid(ward)
    says_doctor(ward, "diet", "今晚起禁食禁饮")

    answer = refused(ward, asks(ward.terminal, "meal.order", dishes=["RD3"]))

    assert "not to eat at this time" in str(answer.reason_en)


def test_an_operation_keeps_the_meals_of_the_eight_hours_before_it(ward: SmallWard) -> None:
    """M02: dinner today is far enough from tomorrow noon, breakfast is not."""
    laid(ward)
    noon = ward.clock.now() + timedelta(hours=26)
    says_doctor(ward, "operation", "胆囊切除术", start_at=noon.isoformat())

    ordered(ward, "RD3")
    answer = refused(ward, asks(ward.terminal, "meal.order", dishes=["RB1"], on=TOMORROW.isoformat(), slot="breakfast"))

    assert "before your operation" in str(answer.reason_en)


def test_a_drug_that_asks_for_care_is_said_and_kept_with_the_meal(ward: SmallWard) -> None:
    """M10: warfarin and spinach."""
    laid(ward)
    active(ward, items=[{"drug": "warfarin-2.5mg", "dose": 1, "unit": "片"}])

    found = meal(ward, ordered(ward, "RD3"))

    assert [(finding.rule, finding.level) for finding in found.warnings] == [("M10", "warn")]


def test_nobody_orders_for_another_bed(ward: SmallWard) -> None:
    """Neither a terminal of another bed nor a patient of another stay."""
    laid(ward)

    of_other_bed = refused(ward, asks(ward.terminal_2, "meal.order", dishes=["RD3"]))
    of_other_stay = refused(ward, asks(ward.terminal, "meal.order", Actor(kind="patient", id=STAY_2), dishes=["RD3"]))

    assert {of_other_bed.code, of_other_stay.code} == {"not-allowed"}
    assert meals(ward) == []


def test_the_device_itself_orders_nothing(ward: SmallWard) -> None:
    """A meal has somebody who wants it."""
    laid(ward)

    refused(ward, asks(ward.terminal, "meal.order", Actor(kind="device", id="t1"), dishes=["RD3"]))


def test_it_is_changed_and_cancelled_until_the_cut_off(ward: SmallWard) -> None:
    """At the cut-off the kitchen has it; both are then refused."""
    laid(ward)
    name = ordered(ward, "RD3")

    changed = ward.answer(asks(ward.terminal, "meal.change", meal=name, dishes=["RD1"]))
    now = meal(ward, name)
    ward.clock.advance((5 * 60 + 30) * 60)  # 15:30
    late = [
        refused(ward, asks(ward.terminal, "meal.change", meal=name, dishes=["RD3"])),
        refused(ward, asks(ward.terminal, "meal.cancel", meal=name)),
    ]

    assert (changed.outcome, now.codes, now.fen) == ("applied", ("RD1",), 2000)
    assert all("closed at 15:30" in str(r.reason_en) or "kitchen has begun" in str(r.reason_en) for r in late)
    assert meal(ward, name).codes == ("RD1",)


def test_a_cancelled_meal_makes_room_for_another(ward: SmallWard) -> None:
    """M13 counts what stands."""
    laid(ward)
    name = ordered(ward, "RD3")
    refused(ward, asks(ward.terminal, "meal.order", dishes=["RD1"]))

    ward.answer(asks(ward.terminal, "meal.cancel", meal=name))
    second = ordered(ward, "RD1")

    assert [(found.id, found.state) for found in meals(ward)] == [(name, "cancelled"), (second, "placed")]


def test_a_nurse_adds_an_extra_after_the_cut_off(ward: SmallWard) -> None:
    """M06: for a diabetic whose dinner was closed an hour ago."""
    laid(ward)
    decides(ward, diet="diabetic")
    ordered(ward, "DD1")
    ward.clock.advance(6 * 3600)  # 16:00

    by_patient = refused(ward, asks(ward.terminal, "meal.order", dishes=["DS1"]))
    by_nurse = ward.answer(asks(ward.cart, "meal.order", NURSE, dishes=["DS1"]))

    assert "closed" in str(by_patient.reason_en)
    assert by_nurse.outcome == "applied"


def test_only_who_may_passes_over_the_sums_of_a_day(ward: SmallWard) -> None:
    """M09: a doctor for the dietitian; a nurse may not, and a patient least of all."""
    laid(ward)
    decides(ward, diet="diabetic")
    asked: dict[str, Any] = {"dishes": ["DS1"], "dietitian_reason": "hypoglycaemia in the night"}

    by_patient = refused(ward, asks(ward.terminal, "meal.order", **asked))
    by_nurse = refused(ward, asks(ward.cart, "meal.order", NURSE, **asked))
    by_doctor = ward.answer(asks(ward.cart, "meal.order", DOCTOR, **asked))

    assert {by_patient.code, by_nurse.code} == {"not-allowed"}
    assert by_doctor.outcome == "applied"


def test_without_a_menu_nothing_is_ordered(ward: SmallWard) -> None:
    """It says so; a menu that comes later is no reason to guess now."""
    assert "no menu" in str(refused(ward, asks(ward.terminal, "meal.order", dishes=["RD3"])).reason_en)


def test_a_patient_gives_up_a_wish_and_nothing_else(ward: SmallWard) -> None:
    """M11: the flag goes only by the patient's own hand; a texture is not theirs to set."""
    laid(ward)
    nurse_says(ward, "diet-card.set", avoids=["halal", "no-beef"], iddsi=7)
    refused(ward, asks(ward.terminal, "meal.order", dishes=["RD3"]))

    texture = refused(ward, asks(ward.terminal, "diet-card.set", iddsi=5))
    more = refused(ward, asks(ward.terminal, "diet-card.set", avoids=["halal", "vegetarian"]))
    fewer = ward.answer(asks(ward.terminal, "diet-card.set", avoids=["no-beef"]))

    assert {texture.code, more.code} == {"not-allowed"}
    assert fewer.outcome == "applied"
    ordered(ward, "RD3")


def test_the_label_of_an_isolated_patient_asks_for_disposable_ware(ward: SmallWard) -> None:
    """M12: by the record of isolations, begun by a nurse; it is no obstacle."""
    laid(ward)
    nurse_says(ward, "isolation.start", precaution="contact", reason="MRSA")

    assert meal(ward, ordered(ward)).disposable
