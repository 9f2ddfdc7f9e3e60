"""Requests on the cart: what waits in the ward, what is urgent, and what a nurse says of it."""

from __future__ import annotations

from typing import Any

import pytest

from cart.sample import SampleWard
from tests.cart.nurse import SIZES, Nurse, cart, sample_of
from tests.cart.test_scan_pages import stay_in
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.family import FamilyConsentView
from wardlink.messages.requests import AskedLine, RequestView, WantedArticle
from wardlink.record.family import FAMILY_CONSENT
from wardlink.record.requests import REQUEST


def put(ward: SampleWard, bed: str, category: Any = "repair", code: str = "lamp", **said: Any) -> RequestView:
    """The patient in a bed waits for this."""
    now = ward.clock.now()
    view = RequestView(
        id=new_id(),
        bed=bed,
        category=category,
        code=code,
        requested_at=now,
        changed_at=now,
        **({"state": "requested", "encounter": stay_in(bed), "by": Actor(kind="patient", id=stay_in(bed))} | said),
    )
    ward.change(REQUEST, view)
    return view


def query(ward: SampleWard, bed: str) -> RequestView:
    """A question about a line of the bill."""
    line = new_id()
    about = AskedLine(line=line, day=ward.clock.now().date(), name="雾化吸入", amount_fen=3000)
    return put(ward, bed, "query", line, about=about)


def stands(ward: SampleWard, view: RequestView) -> RequestView:
    """A request as it is now."""
    found = ward.replica.record(REQUEST, view.id)
    assert found is not None
    return found


async def opened(nurse: Nurse) -> None:
    """The list, from the ward."""
    await nurse.changed()
    await nurse.press("q")
    assert nurse.page == "RequestsScreen"


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_urgent_stands_first_and_is_loud(size: tuple[int, int]) -> None:
    """Then the older; with the bed, the name, what, and since when."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        put(ward, "12", "shopping", "list", articles=(WantedArticle(code="towel", quantity=2),))
        put(ward, "10", code="call-cord", urgent=True)
        await opened(nurse)

        text = nurse.text()
        assert text.index("呼叫拉绳") < text.index("代购")
        assert "紧急" in nurse.line("赵强")
        assert "毛巾 × 2" in nurse.line("王秀英")


async def test_a_request_goes_its_way_by_keys() -> None:
    """Accepted, begun, done; then it is off the list."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        view = put(ward, "12")
        await opened(nurse)
        states = []
        for key in ("a", "a", "b", "f"):
            await nurse.press(key)
            states.append(stands(ward, view).state)

        assert states == ["accepted", "accepted", "in-progress", "completed"]
        said = [command.kind for command in ward.recorded if command.kind.startswith("request.")]
        assert said == ["request.accept", "request.begin", "request.complete"]
        assert "没有人在等待" in nurse.text()


async def test_a_question_is_answered_in_words() -> None:
    """Chosen or typed; it is not done without."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        view = query(ward, "12")
        await opened(nurse)
        assert "雾化吸入 ¥30.00" in nurse.line("王秀英")
        await nurse.press("f")
        await nurse.press("escape")
        assert stands(ward, view).state == "requested"

        await nurse.press("f", "1")

        assert (stands(ward, view).state, stands(ward, view).text) == ("completed", "我到床旁向您说明。")


async def test_a_rejection_takes_a_reason() -> None:
    """The patient reads it."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        view = put(ward, "12", "care", "hours-4")
        await opened(nurse)
        await nurse.press("x", "1")

        assert (stands(ward, view).state, stands(ward, view).text) == ("rejected", "现在没有空闲人手")


async def test_from_a_patient_only_the_own_are_listed() -> None:
    """By the same key; who was discharged is not listed, but a broken lamp is."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        put(ward, "10", code="tv")
        put(ward, "12")
        put(ward, "12", "care", "hours-4", encounter="00000000-0000-7000-8000-0000000000ee")
        put(ward, "10", code="air", encounter="00000000-0000-7000-8000-0000000000ee")
        await opened(nurse)
        assert ("空调" in nurse.text(), "护工" in nurse.text()) == (True, False)
        await nurse.press("escape")
        await nurse.open("12")
        await nurse.press("q")

        assert ("灯或插座" in nurse.text(), "电视" in nurse.text()) == (True, False)


async def test_family_who_have_asked_are_named() -> None:
    """By name and relation, as the patient let them in; what the patient asked for names nobody else."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        consent = FamilyConsentView(
            id=new_id(),
            encounter=stay_in("12"),
            bed="12",
            relation="daughter",
            name="李芳",
            scopes=("daily",),
            granted_at=ward.clock.now(),
            by=Actor(kind="patient", id=stay_in("12")),
        )
        ward.change(FAMILY_CONSENT, consent)
        put(ward, "12", by=Actor(kind="family", id=consent.id))
        put(ward, "10")
        await opened(nurse)

        assert "家属：李芳（女儿）" in nurse.line("王秀英")
        assert "家属" not in nurse.line("赵强")
