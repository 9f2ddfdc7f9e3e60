"""The wards as a table: a line each, those that need somebody first, and all together at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.feed import device_states
from server.dashboard.load import KnownDevice, read_devices
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import NOTHING
from server.overview.reading import WardLine, need, read_lines
from wardlink.i18n import domain

_ = domain("server").gettext

Sort = Literal["need", "ward"]
TOTAL = "total"
"""The line of all wards: it is never hidden by a search."""


@dataclass(frozen=True)
class Hospital:
    """The wards and their devices as the database has them."""

    lines: Sequence[WardLine]
    devices: Sequence[KnownDevice]


@dataclass(frozen=True)
class _Devices:
    """`silent`: heard before and not now; `unheard`: not since the server began."""

    known: int = 0
    silent: int = 0
    unheard: int = 0

    def __add__(self, other: _Devices) -> _Devices:
        return _Devices(self.known + other.known, self.silent + other.silent, self.unheard + other.unheard)


def read(core: Core, wards: Collection[str]) -> Hospital:
    """These wards now. Reads the database."""
    with core.db.read() as conn:
        lines = read_lines(conn, wards, core.clock.now())
        devices = [device for device in read_devices(conn) if device.ward in wards]
    return Hospital(lines, devices)


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    return (
        Column("ward", _("Ward")),
        Column("beds", _("Beds taken"), "number"),
        Column("calls", _("Open calls"), "number"),
        Column("waits", _("Longest waiting"), "number"),
        Column("alerts", _("Open alerts"), "number"),
        Column("since", _("Oldest alert"), "number"),
        Column("high", _("NEWS2 high"), "number"),
        Column("late", _("Late doses"), "number"),
        Column("away", _("Devices away"), "number"),
        Column("data", _("Last measured"), "number"),
    )


def sheet(core: Core, found: Hospital, sort: Sort) -> Sheet:
    """The table of what was read, with the devices as they are this moment."""
    now = core.clock.now()
    devices = _devices(core, found.devices)
    lines = list(found.lines)
    if sort == "need":
        lines.sort(key=lambda line: (*(-part for part in need(line, now)), line.ward))
    rows = [_row(line, devices.get(line.ward, _Devices()), now) for line in lines]
    return Sheet(columns(), (*rows, _total(found.lines, sum(devices.values(), _Devices()))))


def _devices(core: Core, known: Sequence[KnownDevice]) -> Mapping[str, _Devices]:
    found: dict[str, _Devices] = {}
    for device, state in zip(known, device_states(core, known), strict=True):
        one = _Devices(1, int(state.online is False), int(state.online is None))
        found[device.ward] = found.get(device.ward, _Devices()) + one
    return found


def _row(line: WardLine, devices: _Devices, now: datetime) -> Row:
    old = line.is_old(now)
    cells = {
        "ward": Cell(line.name, href=f"{PREFIX}/?ward={line.ward}"),
        "beds": Cell(_of(line.occupied, line.beds)),
        "calls": Cell(str(line.calls), "bad" if line.call_class == "P1" else "warm" if line.calls else ""),
        "waits": _since(line.call_since, line.call_class or ""),
        "alerts": Cell(str(line.alerts), "warm" if line.alerts else ""),
        "since": _since(line.alert_since),
        "high": Cell(str(line.high), "bad" if line.high else ""),
        "late": Cell(str(line.late_doses), "warm" if line.late_doses else ""),
        "away": _away(devices),
        "data": _measured(line, old=old),
    }
    return Row(line.ward, cells, "old" if old else "")


def _total(lines: Sequence[WardLine], devices: _Devices) -> Row:
    calls = [line.call_since for line in lines if line.call_since is not None]
    alerts = [line.alert_since for line in lines if line.alert_since is not None]
    cells = {
        "ward": Cell(_("In all, wards: {n}").format(n=len(lines))),
        "beds": Cell(_of(sum(line.occupied for line in lines), sum(line.beds for line in lines))),
        "calls": Cell(str(sum(line.calls for line in lines))),
        "waits": _since(min(calls, default=None)),
        "alerts": Cell(str(sum(line.alerts for line in lines))),
        "since": _since(min(alerts, default=None)),
        "high": Cell(str(sum(line.high for line in lines))),
        "late": Cell(str(sum(line.late_doses for line in lines))),
        "away": _away(devices),
        "data": Cell(),
    }
    return Row(TOTAL, cells, TOTAL)


def _of(occupied: int, beds: int) -> str:
    return _("{n} of {all}").format(n=occupied, all=beds)


def _since(at: datetime | None, words: str = "") -> Cell:
    return Cell(NOTHING) if at is None else Cell(words, at=at)


def _away(devices: _Devices) -> Cell:
    if not devices.known:
        return Cell(NOTHING)
    words = _of(devices.silent, devices.known)
    if devices.unheard:
        # After a start of the server nobody has been heard: that is not away, and not here.
        words = _("{away}, {n} not heard yet").format(away=words, n=devices.unheard)
    return Cell(words, "bad" if devices.silent else "", live=True)


def _measured(line: WardLine, *, old: bool) -> Cell:
    if not line.occupied:
        return Cell(_("nobody lies here"), "muted")
    if line.measured_at is None:
        return Cell(_("never measured"), "warm")
    return Cell(_("old:") if old else "", "warm" if old else "", at=line.measured_at)
