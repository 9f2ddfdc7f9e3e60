"""Skin tests on the sample ward: injected, waited for, read by two, and what a result does to the drug's doses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cart.medication import at_bed, dose_of, go_to, pack, sign_as_second
from tests.cart.nurse import DESIGN, SMALL, Nurse, clock_of, sample_of
from wardlink.record.skin_tests import SKIN_TEST

MIN = 60


def readings(nurse: Nurse) -> list[dict[str, Any]]:
    """What was recorded of skin tests."""
    return [c.body for c in sample_of(nurse).recorded if c.kind.startswith("skin-test.")]


async def inject(nurse: Nurse) -> None:
    """Scan the solution and inject it."""
    await nurse.scan(pack("penicillin-test"))
    await nurse.press("g")
    assert dose_of(sample_of(nurse), "penicillin-test").state == "done"
    await go_to(nurse, "penicillin-test")


async def wait(nurse: Nurse, seconds: float) -> None:
    """The nurse stays at the cart, so that she is not signed out."""
    clock_of(nurse).advance(seconds)
    nurse.app._touched()
    await nurse.pass_time(clock_of(nurse), 0)


async def read(nurse: Nurse, before: str, after: str, sign: str, result: str) -> None:
    """Walk through the form: sizes, signs, the result, and the second nurse."""
    await nurse.press("t")
    await nurse.typed(before, "enter")
    await nurse.typed(after, "enter")
    await nurse.press(sign, result)
    await sign_as_second(nurse)


@pytest.mark.parametrize("size", [DESIGN, SMALL])
async def test_a_test_waits_and_may_not_be_read_too_early(size: tuple[int, int]) -> None:
    """The list and the panel say from when on; to the second."""
    async with at_bed("6", size=size) as nurse:
        await inject(nurse)
        assert "10:57" in nurse.line("青霉素皮试液")
        await wait(nurse, 15 * MIN - 1)
        await nurse.press("t")
        assert nurse.page == "DoseRefused"
        await nurse.press("enter")
        await wait(nurse, 1)
        assert "请读皮试" in nurse.line("青霉素皮试液")
        await nurse.press("t")

        assert nurse.page == "Amounts"


async def test_a_negative_result_frees_the_drug() -> None:
    """While the test waits it is blocked; afterwards nothing is asked."""
    async with at_bed("6") as nurse:
        await inject(nurse)
        await nurse.scan(pack("penicillin-800k"))
        assert nurse.page == "DoseRefused"
        assert "皮试尚未判读" in nurse.text()
        await nurse.press("enter")
        await wait(nurse, 16 * MIN)
        await go_to(nurse, "penicillin-test")
        await read(nurse, "3", "3", "1", "1")
        await go_to(nurse, "penicillin-test")
        assert "阴性" in nurse.line("青霉素皮试液")
        await nurse.scan("20261105")
        await nurse.scan(pack("penicillin-800k"))

        assert nurse.page == "MedicationScreen"
        assert "皮试" not in str(nurse.app.page.query_one("DosePanel").content)  # type: ignore[attr-defined]
        (body,) = readings(nurse)
        assert (body["result"], body["before_mm"], body["after_mm"]) == ("negative", 3, 3)
        assert body["second_reader"] == "n-wangfang"


async def test_a_positive_result_blocks_the_drug_and_stands_with_the_patients_name() -> None:
    """At once, on this cart, before the server has heard of it; nothing passes it."""
    async with at_bed("6") as nurse:
        await inject(nurse)
        await wait(nurse, 20 * MIN)
        await read(nurse, "3", "7", "2", "2")
        assert "过敏：青霉素皮试阳性（2026-11-23）" in nurse.text()
        await nurse.scan("20261105")
        await nurse.scan(pack("penicillin-800k"))
        assert nurse.page == "DoseRefused"
        assert "皮试阳性" in nurse.text()
        await nurse.press("enter", "o")
        assert nurse.page == "MedicationScreen"
        await nurse.press("escape")
        await wait(nurse, 10)

        assert nurse.page == "PatientScreen"
        assert "青霉素皮试阳性" in nurse.text()


async def test_too_late_asks_for_a_doctors_word() -> None:
    """It goes with the result."""
    async with at_bed("6") as nurse:
        await inject(nurse)
        await wait(nurse, 30 * MIN + 1)
        await nurse.press("t", "1")
        await nurse.typed("3", "enter")
        await nurse.typed("4", "enter")
        await nurse.press("2", "3")
        await sign_as_second(nurse)

        (body,) = readings(nurse)
        assert body["result"] == "doubtful"
        assert body["reason"]


async def test_nothing_is_recorded_without_the_second_nurse() -> None:
    """Escape at any question takes it back."""
    async with at_bed("6") as nurse:
        await inject(nurse)
        await wait(nurse, 15 * MIN)
        await nurse.press("t")
        await nurse.typed("3", "enter")
        await nurse.typed("3", "enter")
        await nurse.press("1", "1")
        assert nurse.page == "WitnessScreen"
        await nurse.press("escape")

        assert readings(nurse) == []


async def test_a_result_is_struck_out_with_a_reason_and_may_be_read_again() -> None:
    """It stays readable in the panel, and the allergy goes with it."""
    async with at_bed("6") as nurse:
        await inject(nurse)
        await wait(nurse, 16 * MIN)
        await read(nurse, "3", "7", "1", "2")
        await go_to(nurse, "penicillin-test")
        await nurse.press("x", "1")
        (test,) = sample_of(nurse).replica.records(SKIN_TEST)
        await go_to(nurse, "penicillin-test")

        assert test.struck_reason
        assert "过敏：青霉素皮试阳性" not in nurse.text()
        assert "请读皮试" in nurse.line("青霉素皮试液")
        assert "阳性" in str(nurse.app.page.query_one("DosePanel").content)  # type: ignore[attr-defined]


async def test_there_is_nothing_to_read_on_other_lines() -> None:
    """The key says so."""
    async with at_bed("12") as nurse:
        await nurse.press("t")

        assert nurse.page == "MedicationScreen"
        assert any("皮试" in note for note in nurse.notes())
