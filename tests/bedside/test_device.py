"""The bedside program on a real device: its disk, a broker, a server that comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.app import BedsideApp
from bedside.widgets.words import Words
from tests import waiting
from tests.bedside.screens import screen_text
from tests.bedside.wards import BED, NUMBER, SECOND, BedWard, at_the_bed
from tests.device.fake_server import stay
from tests.device.wards import STAY_1, vitals
from wardlink.messages.calls import CallNotice
from wardlink.messages.vitals import VitalsRecorded


async def wait_for(condition: Callable[[], object], what: str) -> None:
    """As everywhere; here a disk, a hash and two threads take their time."""
    await waiting.wait_for(condition, what, timeout_s=40)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[BedWard]:
    """A ward whose server is there."""
    with BedWard(tmp_path) as found:
        yield found


def page(app: BedsideApp) -> str:
    """Which page is open."""
    return type(app.screen).__name__


def words(app: BedsideApp, name: str) -> str:
    """What the words of that id say."""
    found = app.screen.query(f"#{name}")
    return found.first(Words).text if found else ""


async def login(app: BedsideApp, pilot: Any, number: str = NUMBER, second: str = SECOND) -> None:
    """Say who one is, by a keyboard."""
    await pilot.press("enter")
    await wait_for(lambda: page(app) == "IdentifyScreen", "the question is asked")
    await pilot.press(*number, "enter")
    await pilot.press(*second, "enter")


async def in_step(app: BedsideApp) -> None:
    """Until the device has heard from the server."""
    await wait_for(
        lambda: app.bed and app.bed.seen and app.bed.seen.stay and app.bed.seen.status.server_alive,
        "the terminal is in step with its ward",
    )


async def test_right_answers_open_and_wrong_ones_do_not(ward: BedWard) -> None:
    """By admission number and second identifier, at this bed only."""
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        await login(app, pilot, second="0000")
        await wait_for(lambda: "不符" in words(app, "said"), "the wrong answer is refused")
        await pilot.press(*NUMBER, "enter", *SECOND, "enter")
        await wait_for(lambda: page(app) == "HomeScreen", "the right answer opens")

        await wait_for(lambda: "演*人 女" in screen_text(app.screen), "the header is the patient's, masked")


async def test_another_beds_patient_is_not_let_in_here(ward: BedWard) -> None:
    """Their number and second identifier are right, and their bed is another."""
    ward.http.seconds["ZY000002"] = (SECOND,)
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        await login(app, pilot, number="ZY000002")
        await wait_for(lambda: "不符" in words(app, "said"), "the other patient is refused")

        assert app.bed is not None
        assert app.bed.session is None


async def test_a_server_that_slows_is_said_with_its_seconds(ward: BedWard) -> None:
    """Nobody learns which answer was wrong."""
    ward.http.slowed = True
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        await login(app, pilot)

        await wait_for(lambda: "60" in words(app, "said"), "the wait is said")


async def test_offline_only_who_was_here_lately_is_let_in(ward: BedWard) -> None:
    """By this terminal's own memory; before that, words that it is not the patient's fault."""
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        ward.server.down = True
        await login(app, pilot)
        await wait_for(lambda: "12 小时" in words(app, "said"), "the server is said to be away")
        ward.server.down = False
        await pilot.press("enter")
        await wait_for(lambda: page(app) == "HomeScreen", "the server lets them in")
        ward.server.down = True
        app.lock("exit")
        await login(app, pilot)

        await wait_for(lambda: page(app) == "HomeScreen", "the terminal's memory lets them in")


async def test_a_call_offline_waits_rings_nobody_and_is_delivered_later(ward: BedWard) -> None:
    """Before login, with its progress until the nurse is here."""
    ward.listen()
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        ward.broker.shut()
        await wait_for(lambda: not app.bed.terminal.status().online, "the network is gone")  # type: ignore[union-attr]
        await pilot.click("#call")
        await wait_for(lambda: "请现在就拉床头拉绳" in words(app, "advice"), "the call is said to wait")
        assert ward.rung == []
        ward.broker.open()
        await wait_for(lambda: words(app, "call-headline") == "护士站已收到您的呼叫", "the call is delivered")
        (raised,) = [command for command in ward.server.books.applied if command.kind == "call.raise"]
        ward.call(raised.id, state="acknowledged", acknowledged_name="李静", eta_min=3, acknowledged_at=ward.server.at)
        await wait_for(lambda: "李静 已接" in screen_text(app.screen), "the nurse's name is shown")
        ward.call(raised.id, state="arrived", acknowledged_name="李静", arrived_name="李静")
        await wait_for(lambda: words(app, "call-headline") == "护士已到床旁", "the nurse is here")
        ward.call(raised.id, state="resolved", closed_at=app.bed.terminal.clock.now())  # type: ignore[union-attr]

        await wait_for(lambda: words(app, "call-headline") == "您的呼叫已处理完", "the call is over")


async def test_with_the_server_away_the_carts_hear_the_bed(ward: BedWard) -> None:
    """Directly, once; with the reason again if it is grave."""
    ward.listen()
    ward.served.mute = True
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        await pilot.click("#call")
        await wait_for(lambda: "没有人确认" in words(app, "advice"), "nothing is promised")
        await pilot.click("#reason-CHEST")
        await wait_for(lambda: len(ward.rung) == 2, "the carts hear that it is grave")

    notices = [CallNotice.model_validate_json(payload) for payload in ward.rung]
    assert [(n.bed, n.cls, n.reason) for n in notices] == [(BED, "P2", None), (BED, "P1", "CHEST")]
    assert notices[0].id == notices[1].id


async def test_discharge_wipes_the_disk(ward: BedWard) -> None:
    """Within a moment: the screen locks, and neither name nor number is left in the folder."""
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        await login(app, pilot)
        await wait_for(lambda: page(app) == "HomeScreen", "they are in")
        gone = stay(1, BED).model_copy(update={"status": "finished", "discharged_at": ward.server.at})
        ward.tell("encounter.changed", gone, encounter=STAY_1)
        await wait_for(lambda: page(app) == "LockedScreen", "the screen locks")
        await wait_for(lambda: on_disk(ward, "演示病人", "ZY000001") == [], "the disk is wiped")

        assert app.bed is not None
        assert app.bed.session is None


@pytest.mark.parametrize("by", ["changes", "snapshot"])
async def test_who_left_while_the_terminal_was_off_is_wiped_at_its_start(ward: BedWard, by: str) -> None:
    """Before the next patient is let in, who sees only their own, whichever way the news came."""
    async with at_the_bed(ward) as (app, _pilot):
        await in_step(app)
    assert on_disk(ward, "演示病人", "ZY000001") != []
    ward.server.change("encounter.changed", stay(1, BED).model_copy(update={"status": "finished"}), bed=BED)
    coming = stay(11, BED).model_copy(update={"name": "孙梅"})
    ward.server.change("encounter.changed", coming, bed=BED)
    ward.http.seconds[coming.admission_no] = (SECOND,)
    ward.server.longest_catch_up = 0 if by == "snapshot" else 10_000
    async with at_the_bed(ward) as (app, pilot):
        await wait_for(lambda: on_disk(ward, "演示病人", "ZY000001") == [], "whoever was here is wiped")
        await wait_for(lambda: on_disk(ward, "孙梅") != [], "the terminal knows who lies here now")
        await login(app, pilot, number=coming.admission_no)
        await wait_for(lambda: "孙* 女" in screen_text(app.screen), "the next patient is in")


async def test_a_monitors_reading_shows_at_once(ward: BedWard) -> None:
    """Without a touch."""
    async with at_the_bed(ward) as (app, pilot):
        await in_step(app)
        await login(app, pilot)
        await wait_for(lambda: page(app) == "HomeScreen", "they are in")
        at = app.bed.terminal.clock.now()  # type: ignore[union-attr]
        body = vitals(93).model_dump(mode="json", exclude_none=True) | {
            "id": "00000000-0000-7000-9000-000000000001",
            "encounter": STAY_1,
            "measured_at": at,
            "entered_at": at,
            "received_at": at,
            "device": "c1",
            "actor": {"kind": "staff", "id": "n-lijing"},
        }
        ward.tell("vitals.recorded", VitalsRecorded.model_validate(body), encounter=STAY_1)

        await wait_for(lambda: "脉搏 93 /min" in words(app, "newest"), "the reading is on the screen")


def on_disk(ward: BedWard, *texts: str) -> list[str]:
    """Which of these texts the terminal's folder still holds."""
    held = b"".join(path.read_bytes() for path in sorted((ward.folder / "t1").iterdir()) if path.name != "lock")
    return [text for text in texts if text.encode() in held]
