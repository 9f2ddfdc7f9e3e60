"""Reads a file as lines of named cells: CSV by comma, semicolon or tab, with Chinese or English names.

LinesRejected: lines of the file cannot be taken over; none of it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from wardlink.errors import ImportRejected
from wardlink.i18n import N_

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 5_000

HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "admission_no": ("住院号", "admission no", "admission number"),
        "mrn": ("病案号", "病历号", "patient number", "medical record number"),
        "name": ("姓名", "患者姓名", "patient name"),
        "sex": ("性别", "gender"),
        "birth_on": ("出生日期", "生日", "date of birth", "birth date", "birthday"),
        "id_last4": ("证件后四位", "身份证后四位", "id last 4"),
        "ward": ("病区", "科室", "病房"),
        "bed": ("床号", "床位"),
        "level": ("护理级别", "护理等级", "nursing level"),
        "diet": ("饮食",),
        "allergies": ("过敏", "过敏史", "过敏药物", "allergy"),
        "spo2_scale": ("血氧评分标准", "血氧量表", "spo2 scale", "news2 scale"),
        "pregnant": ("妊娠", "怀孕", "pregnancy"),
        "nurse": ("责任护士", "责任护士工号"),
        "doctor": ("主管医生", "主管医师", "主管医生工号"),
        "admitted_at": ("入院时间", "入院日期", "admitted", "admission time"),
    }
)
"""The name of each column, and what else it may be called. Case, spaces and underscores make no difference."""

NEEDED = ("admission_no", "mrn", "name", "sex", "birth_on", "bed")

_EMPTY = N_("The file is empty.")
_LARGE = N_("The file is larger than {limit} MB.")
_LONG = N_("The file has more than {limit} lines; please cut it into several.")
_NO_TEXT = N_("The file is no text in UTF-8 or GB18030. Please save it as CSV.")
_NO_COLUMNS = N_("These columns are missing: {names}. The first line must name the columns.")
_TWICE = N_("The column {name} is there twice.")


@dataclass(frozen=True)
class Fault:
    """Why one line cannot be taken over."""

    line: int
    reason: str


class LinesRejected(ImportRejected):
    """Nothing of the file was taken over. `faults`: which lines, and why."""

    sentence = N_("Nothing was taken over: {count} lines cannot be. The first is line {line}: {reason}")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(count=len(faults), line=faults[0].line, reason=faults[0].reason)
        self.faults = list(faults)


@dataclass(frozen=True)
class Line:
    """One line with its number in the file; a cell that is empty is not in `cells`."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """What came, or would come, of a file: names of what was added and changed, and how much was as it is."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: int


class OnlyLooked(Exception):
    """The file was only looked at: raised inside the transaction, which is then taken back."""


def read_table(
    data: bytes, headers: Mapping[str, tuple[str, ...]] = HEADERS, needed: Collection[str] = NEEDED
) -> list[Line]:
    """The lines of a file; empty ones and columns that are not in `headers` are passed over.

    Raises:
        ImportRejected: no such file at all: too large, no text, or columns missing.
    """
    if len(data) > MOST_BYTES:
        raise ImportRejected(_LARGE, limit=MOST_BYTES // 1024 // 1024)
    text = _text(data)
    if not text.strip():
        raise ImportRejected(_EMPTY)
    rows = _rows(text)
    header = next(rows)[1]
    columns = _columns(header, headers, needed)
    lines = []
    for number, row in rows:
        cells = {name: row[i].strip() for i, name in columns.items() if i < len(row) and row[i].strip()}
        if cells:
            lines.append(Line(number, cells))
        if len(lines) > MOST_LINES:
            raise ImportRejected(_LONG, limit=MOST_LINES)
    return lines


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ImportRejected(_NO_TEXT)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    started = 1
    try:
        for row in reader:
            yield started, row
            started = reader.line_num + 1
    except csv.Error as exc:
        raise ImportRejected(_NO_TEXT) from exc


def _columns(header: list[str], headers: Mapping[str, tuple[str, ...]], needed: Collection[str]) -> dict[int, str]:
    names = {_plain(alias): name for name, aliases in headers.items() for alias in (name, *aliases)}
    found: dict[int, str] = {}
    for index, title in enumerate(header):
        name = names.get(_plain(title))
        if name is None:
            continue
        if name in found.values():
            raise ImportRejected(_TWICE, name=title.strip()[:40])
        found[index] = name
    missing = [f"{headers[name][0]} ({name})" for name in needed if name not in found.values()]
    if missing:
        raise ImportRejected(_NO_COLUMNS, names=", ".join(missing))
    return found


def _plain(title: str) -> str:
    return title.strip().lower().replace("_", "").replace(" ", "")
