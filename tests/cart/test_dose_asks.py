"""The patient is asked about a dose while the nurse begins with it; what they say stands beside it on the cart."""

from __future__ import annotations

from tests.cart.medication import at_bed, dose_of, go_to, pack, said
from tests.cart.nurse import Nurse, sample_of
from wardlink.messages.dose_asks import DoseAnswer
from wardlink.record.dose_asks import DOSE_ASK


def told(nurse: Nurse) -> list[str]:
    """What was said about asking."""
    return [command.kind for command in sample_of(nurse).recorded if command.kind.startswith("dose-ask.")]


async def answer(nurse: Nurse, said: DoseAnswer) -> None:
    """The patient touches an answer, and the cart hears it."""
    ward = sample_of(nurse)
    (view,) = ward.replica.records(DOSE_ASK)
    ward.replica.held["dose-ask", view.id] = view.model_copy(update={"answer": said})
    nurse.app.page.ward_changed()
    await nurse.settle()


async def test_the_first_scan_asks_once_and_nothing_waits() -> None:
    """Scanned twice and given: one question, and the dose is given at once."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g")
        (view,) = sample_of(nurse).replica.records(DOSE_ASK)

        assert told(nurse) == ["dose-ask.ask"]
        assert view.dose == dose_of(sample_of(nurse), "amlodipine-5mg").id
        assert [kind for kind, _ in said(nurse)] == ["dose.give"]


async def test_a_question_is_red_beside_the_dose_and_stops_nothing() -> None:
    """The nurse sees it at once; whether to give is hers."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await answer(nurse, "query")
        assert "病人对这次用药有疑问" in nurse.text()
        await nurse.press("g")

        assert [kind for kind, _ in said(nurse)] == ["dose.give"]


async def test_a_yes_is_shown() -> None:
    """By its words, not by colour alone."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await answer(nurse, "yes")

        assert "病人回答：是" in nurse.text()


async def test_without_a_network_it_says_that_nobody_could_be_asked() -> None:
    """Nothing is queued that would come up at the bed hours later; the dose is given all the same."""
    async with at_bed() as nurse:
        sample_of(nurse).connect(online=False, server_alive=False)
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.settle()
        assert "床旁屏无法询问病人" in nurse.text()
        await nurse.press("g")

        assert told(nurse) == []
        assert [kind for kind, _ in said(nurse)] == ["dose.give"]


async def test_leaving_the_bed_takes_the_question_off_its_screen() -> None:
    """Also when nothing was given."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await go_to(nurse, "amlodipine-5mg")
        await nurse.press("escape")
        await nurse.settle()

        assert told(nurse) == ["dose-ask.ask", "dose-ask.end"]
