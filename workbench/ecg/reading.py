"""Reads a stretch of the ECG leads of a WFDB record."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wardlink.clinical.ecg.strip import MISSING, MOST, Strip, lead_called
from wardlink.errors import ImportRejected, NotFound
from wardlink.i18n import N_, domain

_ = domain("commands").gettext

_KIND = N_("{path} is no WFDB header (.hea).")
_BROKEN = N_("{path} cannot be read as a WFDB record: {why}")
_NO_LEAD = N_("{path} has no ECG lead that is known here; its signals: {signals}")
_BEYOND = N_("{path} lasts {seconds} seconds: there is nothing from second {start} on.")

_UV = {"mv": 1000.0, "uv": 1.0, "v": 1_000_000.0}
"""Microvolts of a physical unit."""


@dataclass(frozen=True)
class Read:
    """A stretch of a record. `ignored`: signals that are no lead of ours, or a lead that is there already."""

    strip: Strip
    ignored: tuple[str, ...]


def read_strip(path: Path, start_s: float, seconds: float, taken_at: datetime) -> Read:
    """At most so many seconds from `start_s` on; `taken_at` is when they began.

    Raises:
        NotFound: there is no such file.
        ImportRejected: it is broken, has no lead, or is over before `start_s`.
    """
    if not path.is_file():
        raise NotFound(what=_("file"), name=path)
    if path.suffix.lower() != ".hea":
        raise ImportRejected(_KIND, path=path)
    record = _record(path, start_s, seconds)
    wanted: dict[str, int] = {}
    ignored = []
    for column, name in enumerate(record.sig_name):
        lead = lead_called(name)
        if lead is None or lead in wanted or record.units[column].lower() not in _UV:
            ignored.append(str(name))
        else:
            wanted[lead] = column
    if not wanted:
        raise ImportRejected(_NO_LEAD, path=path, signals=", ".join(map(str, record.sig_name)))
    uv = {
        lead: [value * _UV[record.units[column].lower()] for value in record.p_signal[:, column].tolist()]
        for lead, column in wanted.items()
    }
    # The finest step of the recording, unless 16 bits do not reach from its lowest value to its highest.
    finest = min(_UV[record.units[column].lower()] / record.adc_gain[column] for column in wanted.values())
    farthest = max((abs(value) for values in uv.values() for value in values if math.isfinite(value)), default=0.0)
    unit = max(finest, farthest / MOST)
    leads = {lead: _samples(values, unit) for lead, values in uv.items()}
    return Read(Strip(taken_at, float(record.fs), float(unit), leads), tuple(ignored))


def _record(path: Path, start_s: float, seconds: float) -> Any:
    import wfdb

    name = str(path.with_suffix(""))
    try:
        header = wfdb.rdheader(name)
        first, last = round(start_s * header.fs), min(header.sig_len, round((start_s + seconds) * header.fs))
        if first < last:
            return wfdb.rdrecord(name, sampfrom=first, sampto=last)
        lasts = header.sig_len / header.fs
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, ZeroDivisionError) as exc:
        # wfdb has no errors of its own: a broken header or a short signal file shows as any of these.
        raise ImportRejected(_BROKEN, path=path, why=exc) from exc
    raise ImportRejected(_BEYOND, path=path, seconds=f"{lasts:g}", start=f"{start_s:g}")


def _samples(uv: list[float], unit: float) -> array[int]:
    return array("h", (round(value / unit) if math.isfinite(value) else MISSING for value in uv))
