"""The real recording, read by these tests' own hand: what every place of the ward must hold of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from tests.cases import case
from wardlink.messages.vitals import VitalsRecorded

MINUTES = 1_936

# Column of the CSV: the reading that it is.
COLUMNS = {
    "HR": "hr_per_min",
    "ABPSys": "abp_sbp_mmhg",
    "ABPDias": "abp_dbp_mmhg",
    "ABPMean": "abp_map_mmhg",
    "PULSE": "pulse_per_min",
    "RESP": "rr_per_min",
    "SpO2": "spo2_pct",
    "NBPSys": "sbp_mmhg",
    "NBPDias": "dbp_mmhg",
    "NBPMean": "map_mmhg",
}
READINGS = tuple(COLUMNS.values())


@dataclass(frozen=True)
class Minute:
    """One line of the file: what was measured, and which leads were off. Everything else was not measured."""

    values: dict[str, float]
    off: frozenset[str]


def header() -> Path:
    """The WFDB header of the recording."""
    return case("vitals", "s00001-2896-10-10-00-31n.hea")


def table() -> Path:
    """The same recording as CSV."""
    return case("vitals", "3975656n.csv")


@cache
def minutes() -> tuple[Minute, ...]:
    """The whole recording. Every zero in it is a lead that was off; no value in it is impossible."""
    with table().open(newline="") as file:
        rows = [{COLUMNS[name]: cell for name, cell in row.items() if name != "minute"} for row in csv.DictReader(file)]
    numbers = [{name: float(cell) for name, cell in row.items() if cell} for row in rows]
    return tuple(
        Minute(
            {name: value for name, value in row.items() if value != 0},
            frozenset(name for name, value in row.items() if value == 0),
        )
        for row in numbers
    )


def differences(
    held: Sequence[VitalsRecorded], wanted: Sequence[Minute] | None = None, *, start_at: datetime | None = None
) -> list[str]:
    """Where sets of a stay differ from the recording, in words; nothing if they are the same, minute by minute."""
    wanted = minutes() if wanted is None else wanted
    found = [] if len(held) == len(wanted) else [f"{len(held)} sets instead of {len(wanted)}"]
    for number, (one, minute) in enumerate(zip(held, wanted, strict=False)):
        at = (start_at or held[0].measured_at) + timedelta(minutes=number)
        readings = dict(one.readings.readings())
        if readings != minute.values:
            found.append(f"minute {number}: {readings} instead of {minute.values}")
        if frozenset(one.lead_off) != minute.off or len(one.lead_off) != len(minute.off):
            found.append(f"minute {number}: off {one.lead_off} instead of {sorted(minute.off)}")
        if one.measured_at != at or one.artefacts or one.source != "monitor":
            found.append(
                f"minute {number}: measured at {one.measured_at} instead of {at}, {one.artefacts}, {one.source}"
            )
    return found


def last(wanted: Iterable[Minute], reading: str) -> tuple[int, float] | None:
    """The newest value of a reading, and its minute."""
    known = [(number, minute.values[reading]) for number, minute in enumerate(wanted) if reading in minute.values]
    return known[-1] if known else None


def last_off(wanted: Iterable[Minute], reading: str) -> int | None:
    """The newest minute in which the lead of a reading was off."""
    known = [number for number, minute in enumerate(wanted) if reading in minute.off]
    return known[-1] if known else None
