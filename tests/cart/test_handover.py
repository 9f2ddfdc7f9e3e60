"""The hand-over: drafted from the record, written beside, given by one and taken by another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cart.app import CartApp
from cart.sample import BADGE, PIN, SECOND_BADGE, SECOND_PIN
from tests.cart.nurse import AT, SIZES, Nurse, cart, process_language, sample, sample_of
from wardlink.clinical.shifts import handed_over_at
from wardlink.messages.handovers import HandoverView
from wardlink.record.handovers import HANDOVER

Compare = Callable[..., bool]


async def open_handover(nurse: Nurse) -> None:
    """Sign in, and open the hand-over."""
    await nurse.sign_in()
    await nurse.press("h")


def views(nurse: Nurse) -> dict[str | None, HandoverView]:
    """All hand-overs, by bed; that of the ward is called None."""
    return {view.bed: view for view in sample_of(nurse).replica.records(HANDOVER)}


async def give(nurse: Nurse) -> None:
    """Give everything; the badge of the taker is asked for."""
    await nurse.press("g", "1")
    assert nurse.page == "WitnessScreen"


async def sign(nurse: Nurse, badge: str = SECOND_BADGE, pin: str = SECOND_PIN) -> None:
    """Somebody signs as the taker."""
    await nurse.typed(badge, "enter")
    await nurse.typed(pin, "enter")


async def test_one_gives_and_another_takes() -> None:
    """Every patient and the ward, each with its facts; the list says so."""
    async with cart() as nurse:
        await open_handover(nurse)
        await give(nurse)
        await sign(nurse)

        found = views(nurse)

        assert len(found) == 11
        assert {view.state for view in found.values()} == {"taken"}
        taken = found["10"].taking
        assert taken is not None
        assert (taken.by_name, found["10"].given[0].by_name) == ("王芳", "李静")
        assert any("NEWS2 11" in line.text for line in found["10"].given[0].lines)
        assert "已接 11" in nurse.text()


async def test_nobody_takes_from_herself() -> None:
    """The giver's own badge is refused; what was given waits for another."""
    async with cart() as nurse:
        await open_handover(nurse)
        await give(nurse)
        await sign(nurse, BADGE, PIN)
        assert "✖" in nurse.text()
        await nurse.press("escape")

        assert {view.state for view in views(nurse).values()} == {"given"}
        assert "尚未接班" in nurse.text()


async def test_the_next_nurse_takes_it_signed_in_by_herself() -> None:
    """The giver has gone home; whoever is signed in now is another."""
    async with cart() as nurse:
        await open_handover(nurse)
        await give(nurse)
        await nurse.press("escape", "f12")
        await nurse.sign_in(SECOND_BADGE, SECOND_PIN)
        await nurse.press("h", "t", "1")

        assert {view.state for view in views(nurse).values()} == {"taken"}


async def test_what_is_written_stands_beside_the_facts() -> None:
    """Written after it was given, it must be given again; the signed text stays as it was signed."""
    async with cart() as nurse:
        await open_handover(nurse)
        page: Any = nurse.app.page
        nurse.grid("handover").go_to(sample_of(nurse).replica.in_bed("12").id)
        await nurse.press("enter")
        await nurse.typed("watch the drain", "f2")
        assert "watch the drain" in nurse.text()
        await give(nurse)
        await sign(nurse)
        await nurse.press("enter")
        await nurse.typed(" closely", "f2")

        view = views(nurse)["12"]

        assert (view.note, view.given[0].note) == ("watch the drain closely", "watch the drain")
        assert "有改动" in nurse.line("12 王秀英")
        assert [item.key for item in page._items if item.state == "changed"] == [view.encounter]


async def test_what_was_given_is_struck_out_with_a_reason() -> None:
    """It can be given anew; the first stays readable."""
    async with cart() as nurse:
        await open_handover(nurse)
        await give(nurse)
        await nurse.press("escape")
        nurse.grid("handover").go_to(sample_of(nurse).replica.in_bed("12").id)
        await nurse.press("x", "1")

        view = views(nurse)["12"]

        assert (view.state, len(view.given), view.struck[0].reason) == ("draft", 1, "交得过早")
        assert "待交" in nurse.line("12 王秀英")


async def test_without_a_network_it_is_the_same() -> None:
    """The taker's badge was checked here before; everything waits to be sent."""
    async with cart() as nurse:
        await open_handover(nurse)
        sample_of(nurse).connect(online=False, server_alive=False)
        await give(nurse)
        await nurse.press("escape")

        assert {view.state for view in views(nurse).values()} == {"given"}
        assert sample_of(nurse).status().outbox >= 11


async def test_only_her_own_beds() -> None:
    """And the ward; what is not listed is not given."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press("b", "h", "b")
        await nurse.press("g", "1", "escape")

        assert set(views(nurse)) == {None, "1"}


async def test_the_shift_before_is_handed_over_late() -> None:
    """S goes back one shift; what is given there is of that shift."""
    async with cart() as nurse:
        await open_handover(nurse)
        await nurse.press("s")
        await give(nurse)
        await nurse.press("escape")

        assert {view.shift_at for view in views(nurse).values()} == {handed_over_at(AT).begins_at - timedelta(hours=8)}


async def handover(nurse: Nurse) -> None:
    """The patient with the highest score."""
    await open_handover(nurse)
    nurse.grid("handover").go_to(sample_of(nurse).replica.in_bed("10").id)


async def of_ward(nurse: Nurse) -> None:
    """The ward as a whole."""
    await open_handover(nurse)


async def taken(nurse: Nurse) -> None:
    """Written, given and taken."""
    await open_handover(nurse)
    nurse.grid("handover").go_to(sample_of(nurse).replica.in_bed("12").id)
    await nurse.press("enter")
    await nurse.typed("引流管通畅", "f2")
    await give(nurse)
    await sign(nurse)
    nurse.app.clear_notifications()


async def note(nurse: Nurse) -> None:
    """Writing."""
    await handover(nurse)
    await nurse.press("enter")
    await nurse.typed("血培养已抽,等结果")


PAGES: tuple[Callable[[Nurse], Awaitable[None]], ...] = (handover, of_ward, taken, note)
VIEWS = [(page, size, speaks) for page in PAGES for size in SIZES for speaks in ("zh_CN", "en")]


@pytest.mark.parametrize(
    ("page", "size", "speaks"), VIEWS, ids=[f"{page.__name__}-{size[0]}-{speaks}" for page, size, speaks in VIEWS]
)
def test_the_page_looks_as_it_did(
    page: Callable[[Nurse], Awaitable[None]], size: tuple[int, int], speaks: str, snap_compare: Compare
) -> None:
    """At both sizes and in both languages, with a clock that stands still."""
    app = CartApp(sample, named="C2")

    async def act(pilot: Pilot[Any]) -> None:
        nurse = Nurse(app, pilot)
        await page(nurse)
        await nurse.changed()
        for field in app.screen.query(Input):
            field.cursor_blink = False
        for area in app.screen.query("TextArea"):
            area.cursor_blink = False  # type: ignore[attr-defined]
        await pilot.pause()

    with process_language(speaks):
        assert snap_compare(app, terminal_size=size, run_before=act)
