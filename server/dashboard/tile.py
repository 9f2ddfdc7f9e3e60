"""One bed as the page draws it: plain values, ready for the wire, without a word of any language. Pure.

Nothing here is ever a number that nobody measured: a lead that is off, a reading that is unknown and a reading
that has grown old each say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.dashboard.board import Board
from server.vitals.latest import LatestOfStay, Newest
from server.wards.closures import Closure
from wardlink.clinical.freshness import is_stale
from wardlink.clinical.isolation import precautions
from wardlink.clinical.items import ITEMS
from wardlink.clinical.names import age_years, masked_name
from wardlink.clinical.news2 import News2, PartialNews2
from wardlink.clock import ward_date
from wardlink.messages.calls import CallChanged
from wardlink.messages.isolations import IsolationView
from wardlink.messages.scored import Assessment, Scored

CELLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("temp", ("temp_c",)),
    ("pulse", ("pulse_per_min", "hr_per_min")),
    ("resp", ("rr_per_min",)),
    ("bp", ("sbp_mmhg", "abp_sbp_mmhg")),
    ("spo2", ("spo2_pct",)),
)
"""What a tile shows, and the readings that may stand there; of two as new as each other the first."""

CLOSED = "closed"
"""The state of a bed that is out of service, in which nobody lies."""

_BESIDE = {"sbp_mmhg": "dbp_mmhg", "abp_sbp_mmhg": "abp_dbp_mmhg"}


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device as the board shows it. `online` None: nothing was heard of it since the server began."""

    id: str
    kind: str
    name: str
    online: bool | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A bed's picture, and the instant from which it is no longer true, because something in it has grown old."""

    picture: dict[str, Any]
    until: datetime | None


def draw(
    board: Board, bed: str, devices: Iterable[DeviceState], exceptions: int, now: datetime, *, overdue: int = 0
) -> Tile:
    """Draw one bed. `exceptions`: how many wait there for a person; `overdue`: how much should have been done."""
    stays = board.stays_in(bed)
    calls = [call for call in board.calls.values() if call.bed == bed]
    picture: dict[str, Any] = {
        "bed": bed,
        "label": board.beds.get(bed, bed),
        "call": _call(calls, board.by_family),
        "devices": [_device(device) for device in devices],
        "exceptions": exceptions,
        "overdue": overdue,
        "state": "empty",
    }
    closures = board.closures.get(bed, ())
    turns = [at for closure in closures for at in (closure.from_at, closure.ends_at) if at is not None]
    closed = next((closure for closure in closures if closure.holds(now)), None)
    if closed is not None:
        picture["closed"] = _closed(closed)
    if not stays:
        return Tile(picture | ({"state": CLOSED} if closed else {}), _next(turns, now))
    stay = stays[-1]
    latest = board.latest.get(stay.id) or LatestOfStay()
    score = latest.score(stay)
    cells = [_cell(name, keys, latest, score, now, turns) for name, keys in CELLS]
    picture |= {
        "stay": stay.id,
        "name": masked_name(stay.name),
        "sex": stay.sex,
        "age": age_years(stay.birth_on, max(stay.birth_on, ward_date(now))),
        "level": stay.level,
        "isolation": _isolation(board.isolations_of(stay.id)),
        "others": len(stays) - 1,
        "cells": cells,
        "news2": _score(score, latest.score_before(stay), now, turns),
        "state": _state(cells),
    }
    return Tile(picture, _next(turns, now))


def _next(turns: Iterable[datetime], now: datetime) -> datetime | None:
    return min((at for at in turns if at > now), default=None)


def _closed(closure: Closure) -> dict[str, Any]:
    until = closure.ends_at
    told: dict[str, Any] = {"reason": closure.reason, "words": closure.words, "at": millis(closure.from_at)}
    return told | {"until": None if until is None else millis(until)}


def _isolation(held: Iterable[IsolationView]) -> list[dict[str, str]]:
    """Each precaution once, with the colour of its card."""
    codes = dict.fromkeys(view.precaution for view in held)
    return [{"code": code, "colour": precautions()[code].colour} for code in codes]


def millis(at: datetime) -> int:
    """An instant as the page counts it."""
    return round(at.timestamp() * 1000)


def _state(cells: list[dict[str, Any]]) -> str:
    states = {cell["state"] for cell in cells}
    if states == {"none"}:
        return "unknown"
    return "fresh" if "fresh" in states else "old"


def _cell(
    name: str, keys: tuple[str, ...], latest: LatestOfStay, score: Scored | None, now: datetime, turns: list[datetime]
) -> dict[str, Any]:
    key, known = _chosen(keys, latest)
    off = [at for each in keys if (at := latest.off_since(each)) is not None]
    if known is None:
        state = "off" if off else "none"
        return {"name": name, "state": state} | ({"at": millis(max(off))} if off else {})
    cell: dict[str, Any] = {
        "name": name,
        "key": key,
        "value": _value(key, known, latest),
        "at": millis(known.measured_at),
        "source": known.source,
    }
    if latest.off_since(key) is not None:
        # The last value is history beside the words, never the reading itself.
        return {
            "name": name,
            "state": "off",
            "at": millis(max(off)),
            "last": {"value": cell["value"], "at": cell["at"]},
        }
    every = known.expected_every(key, score.assessment if score else None)
    turns += [known.measured_at, known.measured_at + every + timedelta(milliseconds=1)]
    cell["state"] = "old" if is_stale(known.measured_at, now, every) else "fresh"
    return cell


def _chosen(keys: tuple[str, ...], latest: LatestOfStay) -> tuple[str, Newest | None]:
    found = [(key, latest.values[key]) for key in keys if key in latest.values]
    if not found:
        return keys[0], None
    # A lead that is off does not hide the other reading that may stand there.
    return max(found, key=lambda kn: (latest.off_since(kn[0]) is None, kn[1].measured_at, -keys.index(kn[0])))


def _value(key: str, known: Newest, latest: LatestOfStay) -> str:
    text = ITEMS[key].show(known.value)
    if key not in _BESIDE:
        return text
    beside = latest.values.get(_BESIDE[key])
    # Two halves of two measurements are no blood pressure.
    same = beside is not None and beside.said == known.said
    return f"{text}/{ITEMS[_BESIDE[key]].show(beside.value) if same and beside else '—'}"


def _score(score: Scored | None, before: Scored | None, now: datetime, turns: list[datetime]) -> dict[str, Any] | None:
    if score is None:
        return None
    assessment = score.assessment
    if isinstance(assessment, News2):
        turns.append(assessment.overdue_at(score.found.measured_at) + timedelta(milliseconds=1))
    return {
        "text": score.text,
        "band": score.band,
        "whole": isinstance(assessment, News2),
        "at": millis(score.found.measured_at),
        "old": score.is_old(now),
        "trend": _trend(assessment, before),
        "parts": _parts(score),
    }


def _trend(assessment: Assessment, before: Scored | None) -> str | None:
    if not isinstance(assessment, News2) or before is None or not isinstance(before.assessment, News2):
        return None
    difference = assessment.total - before.assessment.total
    return "same" if difference == 0 else "up" if difference > 0 else "down"


def _parts(score: Scored) -> list[dict[str, Any]]:
    if not isinstance(score.assessment, News2 | PartialNews2):
        return []
    readings = score.found.readings
    return [
        {
            "name": str(part.parameter),
            "points": part.points,
            "key": part.source_field,
            "value": None if part.source_field is None else _plain(part.source_field, readings),
        }
        for part in score.assessment.parts
    ]


def _plain(key: str, readings: Any) -> Any:
    value = getattr(readings, key)
    return ITEMS[key].show(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _call(calls: list[CallChanged], by_family: Set[str]) -> dict[str, Any] | None:
    if not calls:
        return None
    call = min(calls, key=lambda open_call: (open_call.cls, open_call.raised_at))
    return {
        "cls": call.cls,
        "state": call.state,
        "reason": call.reason,
        "at": millis(call.raised_at),
        "by": call.arrived_name or call.acknowledged_name,
        "count": sum(open_call.count for open_call in calls),
        "family": call.id in by_family,
    }


def _device(device: DeviceState) -> dict[str, Any]:
    return {
        "id": device.id,
        "kind": device.kind,
        "name": device.name,
        "online": device.online,
        "at": None if device.heard_at is None else millis(device.heard_at),
    }


def summary(board: Board, tiles: Iterable[dict[str, Any]], devices: Iterable[DeviceState]) -> dict[str, Any]:
    """The ward in one line: counts only."""
    drawn, states = list(tiles), list(devices)
    closed = sum(tile["state"] == CLOSED for tile in drawn)
    occupied = sum(tile["state"] not in ("empty", CLOSED) for tile in drawn)
    scores = [tile["news2"] for tile in drawn if tile.get("news2")]
    return {
        "occupied": occupied,
        "empty": len(drawn) - occupied - closed,
        "closed": closed,
        "calls": len(board.calls),
        "urgent": sum(call.cls == "P1" for call in board.calls.values()),
        "high": sum(score["band"] == "high" for score in scores),
        "medium": sum(score["band"] in ("medium", "low-medium") for score in scores),
        "old": sum(tile["state"] in ("old", "unknown") for tile in drawn),
        "exceptions": len(board.exceptions),
        "overdue": sum(tile["overdue"] for tile in drawn),
        "devices": len(states),
        "silent": sum(state.online is False for state in states),
        "unheard": sum(state.online is None for state in states),
    }
