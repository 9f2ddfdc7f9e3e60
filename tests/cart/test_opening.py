"""Opening a patient's page: its stay is read once, and it is painted with what was read."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from textual import events

from cart.sample import BADGE, PIN
from cart.screens import stay_page
from cart.screens.patient import PatientScreen
from cart.screens.stay_page import StayPage
from cart.widgets.grid import Grid
from tests.cart.nurse import cart, sample
from tests.waiting import wait_for
from wardlink.messages.changes import BedView

PAGES = {"c": "ChartScreen", "e": "EcgListScreen", "i": "FluidsScreen", "g": "MeasureScreen", "a": "AssessScreen"}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the pages that have read their stay, as often as they did."""
    found: list[str] = []
    through = StayPage._read

    def read(page: StayPage[Any], *rest: Any) -> None:
        found.append(type(page).__name__)
        through(page, *rest)

    monkeypatch.setattr(StayPage, "_read", read)
    return found


async def test_a_patient_is_read_once_when_opened_and_once_more_on_the_way_back(reads: list[str]) -> None:
    """Not again when the page has its widgets, comes to the top, or learns its size."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        assert reads == ["PatientScreen"]

        await nurse.press("o")
        await wait_for(lambda: nurse.page == "OrdersScreen", "the orders are open")
        await nurse.press("escape")
        assert reads == ["PatientScreen"] * 2


@pytest.mark.parametrize("key", PAGES)
async def test_a_page_about_a_stay_reads_it_once(key: str, reads: list[str]) -> None:
    """Whichever it is."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        await nurse.press(key)
        await wait_for(lambda: nurse.page == PAGES[key], "the page is open")
        await nurse.settle()

        assert reads.count(PAGES[key]) == 1


async def test_a_stay_that_takes_long_to_read_is_shown_when_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page opens without it, and nobody waits for the disk."""
    may_read, through = Event(), PatientScreen.read_stay

    def slowly(page: PatientScreen, desk: Any) -> Any:
        may_read.wait(60)
        return through(page, desk)

    monkeypatch.setattr(PatientScreen, "read_stay", slowly)
    monkeypatch.setattr(stay_page, "AHEAD_S", 0.0)
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.typed("12")
        nurse._post("enter", None)
        await wait_for(lambda: nurse.page == "PatientScreen", "the page is open")
        page = nurse.app.page
        assert isinstance(page, PatientScreen)
        assert page.found is None

        may_read.set()
        await wait_for(lambda: page.found is not None, "the stay was read")
        await nurse.settle()
        assert page.query_one("#latest", Grid)._lines


async def test_only_stays_whose_pages_were_open_are_looked_through_again() -> None:
    """What is due at the other beds is remembered."""
    async with cart() as nurse:
        await nurse.sign_in()
        desk = nurse.app.desk
        assert desk is not None
        await wait_for(lambda: len(desk.ward_list._told) > 3, "the ward was read")
        before = {stay: id(found) for stay, found in desk.ward_list._told.items()}
        await nurse.open("12")
        opened = nurse.app.page.encounter  # type: ignore[attr-defined]
        await nurse.press("escape")
        await wait_for(lambda: nurse.page == "WardScreen", "back at the ward")
        await nurse.settle()

        again = {stay for stay, found in desk.ward_list._told.items() if id(found) != before[stay]}
        assert again == {opened}


async def test_the_beds_stand_on_the_first_picture_of_the_ward() -> None:
    """They were read for the nurse who signed in; no second reading is waited for, and Enter opens a patient."""
    go = Event()
    ward = sample()
    read = ward.replica.beds

    def beds() -> list[BedView]:
        if "WardScreen" in [type(screen).__name__ for screen in nurse.app.screen_stack]:
            go.wait()
        return read()

    async with cart(ward=lambda: ward) as nurse:
        ward.replica.beds = beds  # type: ignore[method-assign]
        await nurse.typed(BADGE, "enter")
        await nurse.typed(PIN)
        nurse.app.post_message(events.Key("enter", "\r"))
        try:
            await wait_for(lambda: nurse.app.page.query("#beds"), "the ward has its table")
            await wait_for(lambda: nurse.grid("beds").key is not None, "the beds stand there")
        finally:
            go.set()


async def test_a_ward_without_beds_says_so_and_calls_no_bed_empty() -> None:
    """Before the first copy has come."""
    ward = sample()
    ward.replica.beds = list  # type: ignore[method-assign]
    ward.replica.stays = []
    async with cart(ward=lambda: ward) as nurse:
        await nurse.sign_in()
        await nurse.press("v")

        assert "还没有本病区的数据" in nurse.text()
        assert nurse.notes() == ["没有选中床位。"]
