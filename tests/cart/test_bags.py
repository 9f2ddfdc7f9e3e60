"""Bag labels in a medication round: one scan for the whole bag, and every label that does not fit the dose any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cart.medication import at_bed, begin, dose_of, in_time, order_of, pack, said
from tests.cart.nurse import AT, cart, sample_of
from wardlink.ids import new_id
from wardlink.messages.doses import DoseView
from wardlink.record.bags import VERSION, fault_of, label_of
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

MIN = timedelta(minutes=1)


def bag_dose(**changed: Any) -> DoseView:
    """The infusion of bed 10 that is to be hung."""
    return dose_of(in_time(), "ceftriaxone-1g").model_copy(update=changed)


async def test_one_scan_of_the_label_stands_for_every_drug_in_the_bag() -> None:
    """Wristband, label, and it may be started; what was scanned goes with it, whole."""
    label = label_of(bag_dose()).text()
    async with at_bed("10") as nurse:
        await nurse.scan(label)
        assert "尚未扫描" not in nurse.text()
        await nurse.press("g")
        assert nurse.page == "Amounts"
        await nurse.press("enter", "enter")

        ((kind, body),) = said(nurse)
        assert kind == "dose.start"
        assert [(scan["what"], scan["code"]) for scan in body["scans"]][1:] == [("bag", label)]


async def test_a_label_on_another_page_opens_the_round_and_counts_there() -> None:
    """The wristband alone is still asked for."""
    async with cart(ward=in_time) as nurse:
        await nurse.sign_in()
        await nurse.scan(label_of(bag_dose()).text())

        assert nurse.page == "MedicationScreen"
        assert "请扫腕带" in nurse.text()
        assert "请扫 注射用头孢曲松钠" not in nurse.text()


FAULTS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    # What changed in the label, in the order, in the dose, and the word that is counted.
    ("another version", {"version": VERSION + 1}, {}, {}, "bag-superseded"),
    ("a replaced order", {}, {"replaced_by": new_id(), "state": "stopped", "stop_at": AT}, {}, "bag-superseded"),
    ("a stopped order", {}, {"state": "stopped", "stop_at": AT}, {}, "bag-stopped"),
    ("an order in error", {}, {"state": "entered-in-error"}, {}, "bag-returned"),
    ("a cancelled dose", {}, {}, {"state": "cancelled"}, "bag-returned"),
    ("too old", {"use_by": AT - MIN}, {}, {}, "bag-expired"),
    ("another time", {"due_at": AT}, {}, {}, "bag-mismatch"),
    ("no such dose", {"dose": new_id()}, {}, {}, "bag-mismatch"),
    ("nothing known", {"dose": new_id(), "group": new_id()}, {}, {}, "bag-unknown"),
    ("hung already", {}, {}, {"state": "running"}, "bag-given"),
]


@pytest.mark.parametrize(("why", "label", "order", "dose", "reason"), FAULTS, ids=[why for why, *_ in FAULTS])
async def test_a_label_that_does_not_fit_turns_the_screen_red_and_is_counted(
    why: str, label: dict[str, Any], order: dict[str, Any], dose: dict[str, Any], reason: str
) -> None:
    """Each with its own words; nothing is given."""
    ward = in_time()
    planned = dose_of(ward, "ceftriaxone-1g")
    bag = replace(label_of(planned), **label)
    ward.change(ORDER, order_of(ward, "ceftriaxone-1g").model_copy(update=order))
    ward.change(DOSE, planned.model_copy(update=dose))
    async with at_bed("10", ward=ward) as nurse:
        await nurse.scan(bag.text())
        assert nurse.page == "ScanRefused"

        refused = [c.body for c in sample_of(nurse).recorded if c.kind == "scan.refused"]
        assert [(one["code"], one["reason"]) for one in refused] == [("bag", reason)]
        assert said(nurse) == []


async def test_a_bag_for_somebody_else_is_counted_at_whose_bed_it_was() -> None:
    """Red, with the name of the one it is for."""
    async with cart(ward=in_time) as nurse:
        await nurse.sign_in()
        await begin(nurse, "12")
        await nurse.scan(label_of(bag_dose()).text())

        assert nurse.page == "ScanRefused"
        assert "赵强" in nurse.text()


@pytest.mark.parametrize(("late", "fault"), [(0 * MIN, None), (timedelta(microseconds=1), "bag-expired")])
def test_a_bag_is_good_until_the_minute_on_its_label(late: timedelta, fault: str | None) -> None:
    """And not a moment longer."""
    dose, order = bag_dose(), order_of(in_time(), "ceftriaxone-1g")
    assert fault_of(label_of(dose, use_by=AT), order, dose, AT + late) == fault


def test_a_label_of_another_stay_is_not_taken_for_this_one() -> None:
    """Even where everything else fits."""
    assert fault_of(label_of(bag_dose()), None, bag_dose(encounter=new_id()), AT) == "bag-mismatch"


async def test_a_pack_that_is_refused_in_a_round_is_counted() -> None:
    """At the bed where it was scanned, with what was wrong."""
    async with at_bed("12") as nurse:
        await nurse.scan(pack("metformin-500mg"))

        refused = [c for c in sample_of(nurse).recorded if c.kind == "scan.refused"]
        assert [(c.body["code"], c.body["reason"], c.bed) for c in refused] == [("drug", "not-ordered", "12")]
