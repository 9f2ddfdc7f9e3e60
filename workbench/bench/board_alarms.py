"""Changes and alarms of a nurse's cart while a board, a station and another cart look on; what was shown, and when."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wardlink.clinical.vitals import VitalSet
from wardlink.device import Applied, Device
from wardlink.device.status import DeviceEvent
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from wardlink.messages.base import Actor
from wardlink.messages.calls import RaiseCall, ResolveCall
from wardlink.messages.vitals import RecordVitals
from wardlink.record.alerts import ALERT
from workbench.bench.board_browser import Chromium
from workbench.bench.board_ward import Paged
from workbench.bench.hospital import CART, NURSE, OTHER_CART
from workbench.bench.load import Gateway

_IN_STEP_S = 60.0
_LOST_AFTER_S = 30.0
_LOOK_EVERY_S = 0.1
_JUST_NOW = timedelta(seconds=10)
_NOT_IN_STEP = N_("After {timeout_s:g} seconds the cart is still not in step.")
_LOWEST_C, _STEPS_C = 36.9, 12
"""So many temperatures of a bed follow each other before one comes again; none of them asks for anybody."""
_ACTOR = Actor(kind="staff", id=NURSE)


@dataclass
class Seen:
    """Milliseconds from the cart's disk until each was shown; `sent`: how many there were of each."""

    changes_sent: int = 0
    alarms_sent: int = 0
    changes_ms: list[float] = field(default_factory=list)
    station_ms: list[float] = field(default_factory=list)
    cart_ms: list[float] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        """Whether something is not shown."""
        alarms = min(len(self.station_ms), len(self.cart_ms))
        return len(self.changes_ms) < self.changes_sent or alarms < self.alarms_sent


class _Alerts:
    """The alerts of calls as the other cart comes to hold them."""

    def __init__(self, cart: Device) -> None:
        self._cart = cart
        self.by_call: dict[str, tuple[str, float]] = {}
        self.end = cart.subscribe(self._hear)

    def _hear(self, event: DeviceEvent) -> None:
        if isinstance(event, Applied) and ALERT.change in event.kinds:
            self.look(datetime.now(UTC) - _JUST_NOW)

    def look(self, since: datetime | None = None) -> None:
        """See which are there now; `since`: among the young ones."""
        at_ms = time.time() * 1e3
        for view in self._cart.replica.records(ALERT, since=since):
            if view.cause is not None:
                self.by_call.setdefault(view.cause, (view.id, at_ms))


class Nurse:
    """What is done on a cart, at a steady pace, and what becomes of it."""

    def __init__(self, cart: Device, other: Device, ward: Gateway, first_step: int) -> None:
        self._cart = cart
        self._first_step = first_step
        self._alerts = _Alerts(other)
        self._beds = list(ward.encounters)
        self._free = deque(self._beds)
        self._calls: dict[str, tuple[float, tuple[str, str]]] = {}
        self._open: set[str] = set()
        self._changes: dict[str, float] = {}

    def record_change(self) -> None:
        """Another temperature in the next bed."""
        n = len(self._changes)
        stay, bed = self._beds[n % len(self._beds)]
        celsius = round(_LOWEST_C + (self._first_step + n // len(self._beds)) % _STEPS_C / 10, 1)
        body = RecordVitals(readings=VitalSet(temp_c=celsius))
        self._cart.record("vitals.record", body, actor=_ACTOR, encounter=stay, bed=bed)
        self._changes[f"{bed} {celsius:.1f}"] = time.time() * 1e3

    def raise_alarm(self) -> None:
        """An alarm in a bed that has none; nothing while every bed has one."""
        if not self._free:
            return
        stay, bed = self._free.popleft()
        command = self._cart.record("call.raise", RaiseCall(reason="pain"), actor=_ACTOR, encounter=stay, bed=bed)
        self._calls[command.id] = (time.time() * 1e3, (stay, bed))
        self._open.add(command.id)

    @property
    def alarms(self) -> int:
        """How many were raised."""
        return len(self._calls)

    def clear(self, on_station: dict[str, float]) -> None:
        """Deal with the alarms that stand on station and cart, and with those that have been waited for too long."""
        for call in list(self._open):
            raised_ms, (stay, bed) = self._calls[call]
            alert = self._alerts.by_call.get(call, ("", 0.0))[0]
            if alert in on_station or time.time() * 1e3 - raised_ms > _LOST_AFTER_S * 1e3:
                self._open.discard(call)
                self._cart.record("call.resolve", ResolveCall(call=call), actor=_ACTOR, encounter=stay, bed=bed)
                self._free.append((stay, bed))

    @property
    def waits(self) -> bool:
        """Whether something is not shown yet."""
        return bool(self._open)

    def seen(self, on_board: dict[str, float], on_station: dict[str, float]) -> Seen:
        """What came of everything."""
        self._alerts.look()
        found = Seen(len(self._changes), len(self._calls))
        found.changes_ms = [on_board[key] - at_ms for key, at_ms in self._changes.items() if key in on_board]
        for call, (raised_ms, _where) in self._calls.items():
            alert, cart_ms = self._alerts.by_call.get(call, ("", 0.0))
            if alert:
                found.cart_ms.append(cart_ms - raised_ms)
            if alert in on_station:
                found.station_ms.append(on_station[alert] - raised_ms)
        return found

    def end(self) -> None:
        """Listen no more."""
        self._alerts.end()


def watch(
    side: Paged,
    chromium: Chromium,
    ward: Gateway,
    *,
    alarms: int,
    alarms_per_s: float,
    changes_per_s: float,
    first_step: int,
    report: Callable[[int], None],
) -> Seen:
    """So many alarms one after the other, and changes beside them, until all are shown or have not come for long.

    `first_step`: at which temperature the changes begin, so that none is what stands there already.

    Raises:
        Unreachable: a cart is not in step with the ward.
    """
    with ExitStack() as stack:
        cart, other = (stack.enter_context(in_step(side, name)) for name in (CART, OTHER_CART))
        board = stack.enter_context(chromium.board(ward.ward))
        station = stack.enter_context(chromium.station(ward.ward))
        nurse = Nurse(cart, other, ward, first_step)
        stack.callback(nurse.end)
        began_s, changes = time.monotonic(), 0
        looked_s = began_s
        while nurse.alarms < alarms or nurse.waits:
            passed_s = time.monotonic() - began_s
            if nurse.alarms < min(alarms, passed_s * alarms_per_s):
                nurse.raise_alarm()
            if nurse.alarms < alarms and changes < passed_s * changes_per_s:
                nurse.record_change()
                changes += 1
            if time.monotonic() - looked_s >= _LOOK_EVERY_S:
                looked_s = time.monotonic()
                nurse.clear(station.seen())
                report(nurse.alarms)
            station.pause(0.005)
        until_s = time.monotonic() + _LOST_AFTER_S
        while (found := nurse.seen(board.seen(), station.seen())).is_missing and time.monotonic() < until_s:
            board.pause(_LOOK_EVERY_S)
        return found


@contextmanager
def in_step(side: Paged, name: str) -> Iterator[Device]:
    """A cart that is in step inside the block.

    Raises:
        Unreachable: it is not after a minute.
    """
    device = Device(side.folder / name, side.credential(name))
    device.start()
    try:
        until_s = time.monotonic() + _IN_STEP_S
        while device.status().synced_at is None or not device.status().online:
            if time.monotonic() > until_s:
                raise Unreachable(_NOT_IN_STEP, timeout_s=_IN_STEP_S)
            time.sleep(0.01)
        yield device
    finally:
        device.stop()
