"""The shifts of a ward: which one an instant belongs to, and which one is being handed over then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import gettext

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shift:
    """One shift of one day: from `begins_at` up to, not including, `ends_at`; both in UTC."""

    code: str
    label: str
    begins_at: datetime
    ends_at: datetime

    def label_text(self) -> str:
        """Its name, in words."""
        return gettext(self.label)

    def before(self) -> Shift:
        """The shift that ends where this one begins."""
        return shift_at(self.begins_at - timedelta(microseconds=1))

    def after(self) -> Shift:
        """The shift that begins where this one ends."""
        return shift_at(self.ends_at)


def shift_at(at: datetime) -> Shift:
    """The shift that an instant belongs to."""
    on = ward_date(at)
    begins = [
        (datetime.combine(on + n * _DAY, clock, WARD_ZONE), code) for n in (-1, 0, 1) for clock, code in _begins()
    ]
    place = max(n for n, (begin_at, _code) in enumerate(begins) if begin_at <= at)
    (begins_at, code), (ends_at, _next) = begins[place], begins[place + 1]
    label = load("shifts")["shifts"][code]["label"]
    return Shift(code, label, begins_at.astimezone(UTC), ends_at.astimezone(UTC))


def shifts() -> dict[str, str]:
    """The names of the shifts by their code, the earliest of a day first."""
    return {code: load("shifts")["shifts"][code]["label"] for _clock, code in _begins()}


def shift_on(on: date, code: str) -> Shift:
    """The shift of this code that begins on a day."""
    clock = next(clock for clock, named in _begins() if named == code)
    return shift_at(datetime.combine(on, clock, WARD_ZONE))


def shift_length(on: date, code: str) -> timedelta:
    """How long the shift of this code is that begins on a day."""
    shift = shift_on(on, code)
    return shift.ends_at - shift.begins_at


def handed_over_at(at: datetime) -> Shift:
    """The shift that is handed over at an instant: the running one, or the one before while that has just ended."""
    running = shift_at(at)
    late = timedelta(minutes=load("shifts")["handover"]["late"]["up_to_min"])
    return running.before() if at - running.begins_at < late else running


@cache
def _begins() -> tuple[tuple[time, str], ...]:
    """When each begins on a day, the earliest first."""
    return tuple(sorted((time.fromisoformat(row["begins"]), code) for code, row in load("shifts")["shifts"].items()))
