"""Recognises the plain message of a monitor without the models: nearly every message of a hospital is one.

A device's own set of numbers within their limits, and nothing beside it. A shortcut and nothing more: whatever is
recognised the models would have read, with the same values; the rest is for them, and they say what is wrong. A test
compares the two.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from operator import ge, le
from typing import Any, NamedTuple

import orjson

from wardlink import topics
from wardlink.clinical.cross_field import PRESSURE_PAIRS
from wardlink.clinical.items import ITEMS
from wardlink.clinical.vitals import VitalSet
from wardlink.errors import MessageUnreadable
from wardlink.ids import is_slug
from wardlink.messages.base import MAX_MESSAGE_BYTES, VERSION
from wardlink.messages.commands import MAX_NUMBER, Command

_KIND = "vitals.record"
_ENVELOPE = set(Command.model_fields)
_NEEDED = frozenset(("readings", "source"))
_BODY = frozenset(("readings", "source", "interval_s"))
_SOURCES = frozenset(("monitor", "manual"))
_LONGEST_INTERVAL_S = 1e6
_MOST_ORDERS = 1_000
_YEARS = range(1970, 2200)
_NUMBERS = frozenset((int, float))
_TEXTS = (20, 24, 25, 27, 29, 32)
"""Lengths of an instant in UTC with a Z or +00:00, with no, three or six decimals."""

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


Plain = tuple[dict[str, Any], datetime, datetime]
"""The fields of a plain message as they came, and its two instants: measured, entered."""


def recognise(topic: str, payload: bytes) -> Plain | None:
    """The plain message in `payload`, or None: then the models must look at it."""
    if len(payload) > MAX_MESSAGE_BYTES or b"\\u0000" in payload:
        return None
    try:
        fields = orjson.loads(payload)
        if tuple(fields) not in _ENVELOPES and not _is_envelope(tuple(fields)):
            return None
        n, base, told, measured = fields["n"], fields["base"], fields["body"], fields["measured_at"]
        if (
            fields["kind"] != _KIND
            or type(fields["v"]) is not int
            or fields["v"] != VERSION
            or type(n) is not int
            or type(base) is not int
            or not 1 <= n <= MAX_NUMBER
            or not 1 <= base <= MAX_NUMBER
            or not _ID.fullmatch(fields["id"])
            or not _names(topic, fields["ward"], fields["device"], fields["stream"], fields["encounter"], fields["bed"])
            or fields["actor"] != _actor(fields["device"])
            or not _is_plain_body(told)
        ):
            return None
        measured_at = _instant(measured)
        entered_at = measured_at if fields["entered_at"] == measured else _instant(fields["entered_at"])
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    return None if measured_at is None or entered_at is None else (fields, measured_at, entered_at)


def _is_plain_body(told: dict[str, Any]) -> bool:
    # Readings that are numbers within their hard limits, and nothing beside them that asks for more.
    interval_s, readings = told.get("interval_s", 1), told["readings"]
    shape = _shape(tuple(told), tuple(readings))
    if shape is None or told["source"] not in _SOURCES:
        return False
    if type(interval_s) not in _NUMBERS or not 0 < interval_s < _LONGEST_INTERVAL_S:
        return False
    values = readings.values()
    if not _NUMBERS.issuperset(map(type, values)):
        return False
    if not all(map(le, shape.low, values)) or not all(map(ge, shape.high, values)):
        return False
    return not shape.pairs or all(readings[upper] > readings[lower] for upper, lower in shape.pairs)


# A gateway stamps all its beds at once.
@lru_cache(maxsize=5_000)
def _instant(text: str) -> datetime | None:
    # The shapes that our own devices write; any other is for the models.
    if len(text) not in _TEXTS or text[4] != "-" or text[7] != "-" or text[10] != "T" or text[19] not in ".Z+":
        return None
    if not text.endswith(("Z", "+00:00")):
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is UTC and at.year in _YEARS else None


_ENVELOPES: set[tuple[str, ...]] = set()
"""Orders of the fields that have been seen: each program has its own, and keeps it."""


def _is_envelope(names: tuple[str, ...]) -> bool:
    if set(names) != _ENVELOPE or len(_ENVELOPES) >= _MOST_ORDERS:
        return False
    _ENVELOPES.add(names)
    return True


class _Shape(NamedTuple):
    """What holds for a set with these readings: the bounds of each, and the pressures to compare."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    pairs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1_000)
def _shape(fields: tuple[str, ...], names: tuple[str, ...]) -> _Shape | None:
    if not _NEEDED <= set(fields) <= _BODY:
        return None
    numbers = {name for name, field in VitalSet.model_fields.items() if field.annotation == float | None}
    items = [ITEMS.get(name) for name in names]
    bounds = [item.hard for item in items if item and item.hard and item.key in numbers]
    if len(bounds) < len(names):
        return None
    low, high = tuple(each.low for each in bounds), tuple(each.high for each in bounds)
    return _Shape(low, high, tuple(pair for pair in PRESSURE_PAIRS if set(pair) <= set(names)))


@lru_cache(maxsize=100_000)
def _names(topic: str, ward: str, device: str, stream: str, encounter: str | None, bed: str | None) -> bool:
    try:
        found = topics.parse(topic)
    except MessageUnreadable:
        return False
    return (
        (found.channel, found.ward, found.name) == ("up", ward, device)
        and _ID.fullmatch(stream) is not None
        and (encounter is None or _ID.fullmatch(encounter) is not None)
        and (bed is None or is_slug(bed))
    )


@lru_cache(maxsize=20_000)
def _actor(device: str) -> dict[str, str]:
    return {"kind": "device", "id": device}
