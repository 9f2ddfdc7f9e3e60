"""A real device at a bed, with a loopback broker and the fake server: for the tests of the program as it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bedside.app import BedsideApp
from bedside.ports import Place, Terminal
from bedside.start import place_of
from tests.bedside.screens import process_language
from tests.device.fake_server import WARD, FakeHttp
from tests.device.wards import TestWard, credential
from tests.waiting import wait_for
from wardlink import topics
from wardlink.device import Device, link_settings
from wardlink.errors import SignInFailed
from wardlink.link.loopback import LoopbackLink
from wardlink.messages import changes
from wardlink.messages.calls import CallChanged
from wardlink.messages.changes import ChangeRange, Snapshot
from wardlink.messages.encounters import EncounterView

BED = "1"
NUMBER, SECOND = "ZY000001", "19500517"


class BedHttp(FakeHttp):
    """What the server lets the terminal of one bed know, as the real one does. `slowed`: too many wrong tries."""

    slowed = False

    def snapshot(self) -> Snapshot:
        """The bed, its stay and its readings."""
        whole = super().snapshot()
        stays = tuple(stay for stay in whole.encounters if _is_here(stay))
        here = {stay.id for stay in stays}
        return whole.model_copy(
            update={
                "beds": tuple(bed for bed in whole.beds if bed.id == BED),
                "encounters": stays,
                "vitals": tuple(found for found in whole.vitals if found.encounter in here),
                "calls": tuple(call for call in whole.calls if call.bed == BED),
                "records": {
                    kind: tuple(view for view in views if view.get("encounter") in (None, *here))
                    for kind, views in whole.records.items()
                },
            }
        )

    def changes(self, after: int, limit: int | None = None) -> ChangeRange:
        """What concerns the bed."""
        return for_bed(super().changes(after, limit))

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """The stay in this bed with these identifiers."""
        if self.slowed:
            raise SignInFailed("Too many wrong tries. Please wait {wait_s} seconds.", wait_s=60)
        found = super().open_bedside(admission_no, second)
        if not _is_here(found):
            raise SignInFailed
        return found


def _is_here(stay: EncounterView) -> bool:
    return stay.bed == BED and stay.ward == WARD and stay.status == "in-progress"


def for_bed(found: ChangeRange) -> ChangeRange:
    """The part of a range that the terminal of the bed may know."""
    mine = tuple(change for change in found.changes if change.bed == BED)
    return found.model_copy(update={"changes": mine})


class BedWard(TestWard):
    """A ward with the terminal of one bed in it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.http: BedHttp = BedHttp(self.server)
        self.rung: list[bytes] = []

    def terminal(self) -> Device:
        """The device of the bed; not started, the program does that."""
        return self.device(credential("t1", kind="terminal", bed=BED), start=False)

    def forget(self, device: Device) -> None:
        """The program has stopped this device itself."""
        self._running.remove(device)

    def listen(self) -> None:
        """Hear what carts hear directly."""
        cart = LoopbackLink(self.broker, link_settings(credential("c9")))
        cart.on_messages = lambda messages: self.rung.extend(message.payload for message in messages)
        cart.subscribe([topics.calls(WARD, "+")])
        cart.start()

    def tell(self, kind: str, body: Any, **where: Any) -> None:
        """Something that others have done comes to the bed's terminal."""
        found = for_bed(self.server.change(kind, body, bed=BED, **where))
        assert self.served.link.publish(topics.bed_changes(WARD, BED), changes.encode(found))

    def call(self, call_id: str, **changed: Any) -> None:
        """What becomes of a call."""
        fields = {"id": call_id, "bed": BED, "cls": "P2", "raised_at": self.server.at, "received_at": self.server.at}
        self.tell("call.changed", CallChanged.model_validate(fields | changed))


@asynccontextmanager
async def at_the_bed(ward: BedWard) -> AsyncIterator[tuple[BedsideApp, Any]]:
    """The program on the real device of the bed, until it has heard from the ward."""
    device: list[Device] = []

    def opened() -> tuple[Terminal, Place]:
        device.append(ward.terminal())
        return device[0], place_of(device[0])

    app = BedsideApp(opened)
    try:
        with process_language("zh_CN"):
            async with app.run_test(size=(100, 32)) as pilot:
                await wait_for(lambda: app.bed is not None and app.bed.seen is not None, "the device is open")
                yield app, pilot
    finally:
        ward.forget(device[0])
