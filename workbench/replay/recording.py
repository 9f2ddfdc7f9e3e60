"""Reads what a monitor once showed: a WFDB numerics record, or its CSV."""

from __future__ import annotations

import csv
import hashlib
import math
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from wardlink.errors import ImportRejected, NotFound
from wardlink.i18n import N_, domain

_ = domain("commands").gettext

_KIND = N_("{path} is neither a WFDB header (.hea) nor a CSV file.")
_BROKEN = N_("{path} cannot be read as a WFDB record: {why}")
_BROKEN_CSV = N_("{path} cannot be read as CSV: {why}")
_HEADER = N_("{path}, line 1: the header must begin with the column minute and name signals after it.")
_NO_SIGNAL = N_("{path} has none of the signals that are known here: {known}")
_TWICE = N_("{path}: the signals {first} and {second} are the same reading.")
_COLUMNS = N_("{path}, line {line}: {found} columns, the header has {expected}.")
_NUMBER = N_("{path}, line {line}, column {column}: {value} is no number.")
_MINUTE = N_("{path}, line {line}: minute {value} does not follow {before}.")
_EMPTY = N_("{path} holds no samples.")


@dataclass(frozen=True)
class Sample:
    """What the monitor showed at one moment, by the names of readings. None: it showed nothing."""

    at: timedelta
    raw: dict[str, float | None]


@dataclass(frozen=True)
class Recording:
    """A recording in the order of time. `ignored`: signals that are no reading of ours. `digest` names the content."""

    name: str
    digest: str
    interval: timedelta
    samples: tuple[Sample, ...]
    ignored: tuple[str, ...] = ()

    @property
    def duration(self) -> timedelta:
        """From the first sample to the last."""
        return self.samples[-1].at - self.samples[0].at


@cache
def known_signals() -> dict[str, str]:
    """The names of signals and the reading that each is."""
    names: dict[str, str] = tomllib.loads(files("workbench.replay").joinpath("signals.toml").read_text("utf-8"))
    return names


def load(path: Path) -> Recording:
    """The recording in `path`.

    Raises:
        NotFound: there is no such file.
        ImportRejected: it is broken; names the line and the column, where there are any.
    """
    if not path.is_file():
        raise NotFound(what=_("file"), name=path)
    match path.suffix.lower():
        case ".hea":
            return _wfdb(path)
        case ".csv":
            return _csv(path)
        case _:
            raise ImportRejected(_KIND, path=path)


def _wfdb(path: Path) -> Recording:
    import wfdb

    try:
        record = wfdb.rdrecord(str(path.with_suffix("")))
        interval = timedelta(seconds=round(1 / record.fs, 6))
        values = record.p_signal.tolist()
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, ZeroDivisionError) as exc:
        # wfdb has no errors of its own: a broken header or a short signal file shows as any of these.
        raise ImportRejected(_BROKEN, path=path, why=exc) from exc
    columns, ignored = _columns(path, record.sig_name)
    samples = tuple(
        Sample(interval * index, {name: _known(row[column]) for name, column in columns.items()})
        for index, row in enumerate(values)
    )
    return _recording(path, interval, samples, ignored)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _csv(path: Path) -> Recording:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file, strict=True))
    except (csv.Error, UnicodeDecodeError) as exc:
        raise ImportRejected(_BROKEN_CSV, path=path, why=exc) from exc
    if not rows or not rows[0] or rows[0][0] != "minute":
        raise ImportRejected(_HEADER, path=path)
    columns, ignored = _columns(path, rows[0][1:])
    samples = tuple(_samples(path, rows, {name: column + 1 for name, column in columns.items()}))
    interval = samples[1].at - samples[0].at if len(samples) > 1 else timedelta(minutes=1)
    return _recording(path, interval, samples, ignored)


def _samples(path: Path, rows: Sequence[Sequence[str]], columns: dict[str, int]) -> Iterator[Sample]:
    header, before = rows[0], -1.0
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise ImportRejected(_COLUMNS, path=path, line=line, found=len(row), expected=len(header))
        cells = [_number(path, line, header[index], cell) for index, cell in enumerate(row)]
        minute = cells[0]
        if minute is None or minute <= before:
            raise ImportRejected(_MINUTE, path=path, line=line, value=row[0] or "?", before=f"{before:g}")
        before = minute
        yield Sample(timedelta(minutes=minute), {name: cells[column] for name, column in columns.items()})


def _number(path: Path, line: int, column: str, cell: str) -> float | None:
    if not cell.strip():
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ImportRejected(_NUMBER, path=path, line=line, column=column, value=repr(cell[:20]))
    return value


def _columns(path: Path, signals: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    known, found, ignored = known_signals(), dict[str, int](), list[str]()
    for index, signal in enumerate(signals):
        reading = known.get(signal)
        if reading is None:
            ignored.append(signal)
        elif reading in found:
            raise ImportRejected(_TWICE, path=path, first=signals[found[reading]], second=signal)
        else:
            found[reading] = index
    if not found:
        raise ImportRejected(_NO_SIGNAL, path=path, known=", ".join(known))
    return found, tuple(ignored)


def _recording(path: Path, interval: timedelta, samples: tuple[Sample, ...], ignored: tuple[str, ...]) -> Recording:
    if not samples:
        raise ImportRejected(_EMPTY, path=path)
    content = repr([(sample.at, sorted(sample.raw.items())) for sample in samples])
    return Recording(path.stem, hashlib.sha256(content.encode()).hexdigest(), interval, samples, ignored)
