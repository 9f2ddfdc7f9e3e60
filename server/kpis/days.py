"""Days of the ward as numbers that the database can compute: the same on both engines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, literal, type_coerce

from wardlink.clock import WARD_ZONE

_EPOCH = date(1970, 1, 1)
_HOUR_MICROS = 3_600_000_000
_DAY_MICROS = 24 * _HOUR_MICROS
_OFFSET = datetime(2026, 1, 1, tzinfo=WARD_ZONE).utcoffset() or timedelta()
"""The zone has kept this offset since 1991: no day is shorter or longer than another."""
_OFFSET_MICROS = _OFFSET // timedelta(microseconds=1)


def micros(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The microseconds of an instant's column."""
    return type_coerce(column, BigInteger)


def day_of(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The number of the ward's day in which an instant lies; 00:00 belongs to the day that begins."""
    return (micros(column) + literal(_OFFSET_MICROS, BigInteger)) // literal(_DAY_MICROS, BigInteger)


def number_of(on: date) -> int:
    """The number of a day."""
    return (on - _EPOCH).days


def day_at(number: int) -> date:
    """The day of a number."""
    return _EPOCH + timedelta(days=number)


def begins_micros(on: date) -> int:
    """The first microsecond of a day."""
    return number_of(on) * _DAY_MICROS - _OFFSET_MICROS


def hour_of(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The hour of the ward's day in which an instant lies, 0 to 23."""
    since = micros(column) + literal(_OFFSET_MICROS, BigInteger)
    return since // literal(_HOUR_MICROS, BigInteger) % literal(24, BigInteger)
