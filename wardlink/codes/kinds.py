"""The kinds of code there are. Ours know how they are written; a drug's pack is written by its maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wardlink.codes import frame


@dataclass(frozen=True)
class Wristband:
    """A patient's wristband: the id of the stay, so that the band of a former stay is never taken for this one."""

    encounter: str

    def text(self) -> str:
        """What is printed."""
        return frame.wrap("P", [frame.identity(self.encounter)])


@dataclass(frozen=True)
class Badge:
    """A member of staff's badge. It says who claims to be here; the PIN says that it is true."""

    badge: str

    def text(self) -> str:
        """What is printed."""
        return frame.wrap("S", [self.badge.upper()])


@dataclass(frozen=True)
class BedTag:
    """The tag at a bed."""

    ward: str
    bed: str

    def text(self) -> str:
        """What is printed."""
        return frame.wrap("B", [self.ward.upper(), self.bed.upper()])


@dataclass(frozen=True)
class DeviceTag:
    """The tag on a monitor or another device of the ward."""

    device: str

    def text(self) -> str:
        """What is printed."""
        return frame.wrap("D", [self.device.upper()])


@dataclass(frozen=True)
class BagLabel:
    """The label on a prepared bag: for whom, on which version of which group of orders, due when, which dose.

    `due_at` and `use_by` are kept to the minute; `use_by`: after that it must not be hung, where somebody has said so.
    """

    encounter: str
    group: str
    version: int
    due_at: datetime
    dose: str
    use_by: datetime | None = None

    def text(self) -> str:
        """What is printed."""
        ids = [frame.identity(id) for id in (self.encounter, self.group, self.dose)]
        use_by = [_minutes(self.use_by)] if self.use_by is not None else []
        return frame.wrap("M", [*ids, frame.number(self.version), _minutes(self.due_at), *use_by])


@dataclass(frozen=True)
class TrayLabel:
    """The label on a tray: the meal that stands on it. For whom it is says the record, as it is when it is scanned."""

    meal: str

    def text(self) -> str:
        """What is printed."""
        return frame.wrap("F", [frame.identity(self.meal)])


@dataclass(frozen=True)
class Presence:
    """What a terminal shows for a moment, so that a copied wristband cannot stand in for the patient.

    Whether it is genuine and fresh is asked of `wardlink.codes.presence`.
    """

    ward: str
    bed: str
    encounter: str
    step: int
    proof: str

    def text(self) -> str:
        """What is shown."""
        fields = [self.ward.upper(), self.bed.upper(), frame.identity(self.encounter), frame.number(self.step)]
        return frame.wrap("T", [*fields, self.proof])


@dataclass(frozen=True)
class DrugPack:
    """A drug's pack as its maker has marked it. `gtin` has 14 digits and a right check digit.

    `expires`: two digits of the year, month, day (0: the month's last) as printed; `expires_on` says the date.
    """

    gtin: str
    lot: str | None = None
    serial: str | None = None
    expires: tuple[int, int, int] | None = None

    def expires_on(self, today: date) -> date | None:
        """The last day on which it may be used; None where the code does not say.

        Source: GS1 General Specifications, 7.12 (century) and 3.4 (day 00 is the last day of the month).
        """
        if self.expires is None:
            return None
        year, month, day = self.expires
        ahead = year - today.year % 100
        century = today.year // 100 + (-1 if ahead >= 51 else 1 if ahead <= -50 else 0)
        whole = century * 100 + year
        if day:
            return date(whole, month, min(day, _last_day(whole, month)))
        return date(whole, month, _last_day(whole, month))

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        last = self.expires_on(today)
        return last is not None and last < today


Code = Wristband | Badge | BedTag | DeviceTag | BagLabel | TrayLabel | Presence | DrugPack


def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _bag(fields: list[str]) -> BagLabel:
    encounter, group, dose, version, due, *rest = fields
    if len(rest) > 1:
        raise ValueError("too many fields")
    ids = [frame.read_identity(field) for field in (encounter, group, dose)]
    use_by = _instant(rest[0]) if rest else None
    return BagLabel(ids[0], ids[1], frame.read_number(version), _instant(due), ids[2], use_by)


def _minutes(at: datetime) -> str:
    return frame.number(int(at.astimezone(UTC).timestamp()) // 60)


def _instant(field: str) -> datetime:
    return datetime.fromtimestamp(frame.read_number(field) * 60, UTC)


def _presence(fields: list[str]) -> Presence:
    ward, bed, encounter, step, proof = fields
    return Presence(ward.lower(), bed.lower(), frame.read_identity(encounter), frame.read_number(step), proof)


def _bed(fields: list[str]) -> BedTag:
    ward, bed = fields
    return BedTag(ward.lower(), bed.lower())


def _only(fields: list[str]) -> str:
    (field,) = fields
    return field


READERS: Mapping[str, Callable[[list[str]], Code]] = {
    "P": lambda fields: Wristband(frame.read_identity(_only(fields))),
    "S": lambda fields: Badge(_only(fields)),
    "B": _bed,
    "D": lambda fields: DeviceTag(_only(fields).lower()),
    "M": _bag,
    "F": lambda fields: TrayLabel(frame.read_identity(_only(fields))),
    "T": _presence,
}
"""How the fields of our own codes are read, by the letter; a reader raises ValueError where they do not fit."""
