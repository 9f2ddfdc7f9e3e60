"""Intake, output and single measurements on a patient's page at a desk."""

from __future__ import annotations

from datetime import timedelta

from server.dashboard.sheets import fluids, measured
from server.patients.service import encounter_view
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.ids import new_id
from wardlink.messages.doses import EndInfusion, StartInfusion
from wardlink.messages.fluids import RecordFluid, StrikeFluid
from wardlink.messages.observations import RecordObservation, StrikeObservation

URINE = RecordFluid(direction="output", kind="urine", volume_ml=350)


def sums(ward: SmallWard) -> list[dict[str, str]]:
    """The table of sums, cell by cell."""
    with ward.db.read() as conn:
        stay = encounter_view(conn, STAY_1)
        assert stay is not None
        sheet = fluids.of_stay(conn, stay, ward.clock.now())
    return [{name: cell.text for name, cell in row.cells.items()} for row in sheet.rows]


def shown(ward: SmallWard) -> list[dict[str, str]]:
    """The table of measurements, cell by cell."""
    with ward.db.read() as conn:
        sheet = measured.of_stay(conn, STAY_1, ward.clock.now())
    return [{name: cell.text for name, cell in row.cells.items()} | {"cls": row.cls} for row in sheet.rows]


def test_the_sums_are_those_of_the_cart(ward: SmallWard) -> None:
    """Entries and bags, each once; what was struck out does not count."""
    of = {"dose": new_id(), "order": new_id()}
    start = StartInfusion.model_validate(of | {"volume_ml": 250, "rate_ml_per_h": 100})
    wet = RecordFluid(direction="output", kind="urine", manner="incontinent")
    twice = ward.cart.command("fluid.record", URINE, encounter=STAY_1)
    ward.take(
        twice,
        ward.cart.command("fluid.record", URINE, encounter=STAY_1),
        ward.cart.command("fluid.record", wet, encounter=STAY_1),
        ward.cart.command("fluid.strike", StrikeFluid(fluid=twice.id, reason="重复"), encounter=STAY_1),
        ward.cart.command("dose.start", start, encounter=STAY_1),
        ward.cart.command("dose.end", EndInfusion.model_validate(of | {"infused_ml": 230}), encounter=STAY_1),
    )

    day, until_evening = sums(ward)
    assert (day["intake"], day["output"], day["net"], day["urine"]) == ("230", "350", "-120", "350")
    assert (until_evening["intake"], until_evening["output"]) == ("230", "350")


def test_a_day_without_an_entry_is_left_out(ward: SmallWard) -> None:
    """And there is no table where nothing was written down."""
    assert sums(ward) == []
    ward.take(ward.cart.command("fluid.record", URINE, encounter=STAY_1, measured_at=NOW - timedelta(days=2)))

    assert [row["urine"] for row in sums(ward)] == ["350", "350", "—"]


def test_measurements_say_what_they_mean_and_when_they_were_written(ward: SmallWard) -> None:
    """The newest first; struck ones stay readable."""
    struck = ward.cart.command("observation.record", RecordObservation(what="weight", value=620), encounter=STAY_1)
    strike = StrikeObservation(observation=struck.id, reason="录错")
    late = NOW - timedelta(hours=2)
    low = RecordObservation(what="glucose", comparator="<", slot="fasting")
    ward.take(
        struck,
        ward.cart.command("observation.strike", strike, encounter=STAY_1),
        ward.cart.command("observation.record", low, encounter=STAY_1, measured_at=late),
    )

    weight, glucose = shown(ward)
    assert (weight["value"], weight["cls"], "录错" in weight["notes"]) == ("620.0 kg", "struck", True)
    assert (glucose["value"], glucose["means"] != "—", glucose["notes"] != "") == ("LO", True, True)
