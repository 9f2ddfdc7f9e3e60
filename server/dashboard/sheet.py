"""A table as values: shown on a page, sent live, or exported as CSV, always with the same content. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.dashboard.tile import millis
from wardlink.clock import ward_time


@dataclass(frozen=True)
class Column:
    """A column; `cls` is how it is set: `number`, `wide` or `mono`."""

    name: str
    label: str
    cls: str = ""


@dataclass(frozen=True)
class Cell:
    """A text, a link, or an instant.

    `at`: its age is shown behind the text and keeps running. `when`: the text says it shortly, an export in full.
    `live`: the text means nothing once the page is cut off.
    """

    text: str = ""
    cls: str = ""
    href: str | None = None
    at: datetime | None = None
    when: datetime | None = None
    live: bool = False


@dataclass(frozen=True)
class Row:
    """A line; a column without a cell stays empty. `also`: words by which it is found that stand in no cell."""

    key: str
    cells: Mapping[str, Cell]
    cls: str = ""
    also: str = ""

    def cell(self, column: Column) -> Cell:
        """What stands in this column."""
        return self.cells.get(column.name, _EMPTY)

    def has(self, wanted: str) -> bool:
        """Whether any text of the line holds `wanted`, whatever the case."""
        texts = (self.also, *(cell.text for cell in self.cells.values()))
        return any(wanted.casefold() in text.casefold() for text in texts)


@dataclass(frozen=True)
class Sheet:
    """Columns and lines."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())

    def having(self, wanted: str) -> Sheet:
        """The lines that hold `wanted`; all where nothing is wanted."""
        found = wanted.strip()
        return Sheet(self.columns, tuple(row for row in self.rows if row.has(found))) if found else self

    def live_rows(self) -> dict[str, dict[str, Any]]:
        """The lines as the live table takes them, by their key."""
        return {row.key: {"key": row.key, "cls": row.cls, "cells": self._live_cells(row)} for row in self.rows}

    def _live_cells(self, row: Row) -> dict[str, dict[str, Any]]:
        return {column.name: _live(row.cell(column)) for column in self.columns}

    def csv(self) -> bytes:
        """UTF-8 with a mark at its beginning, as the spreadsheets of an office expect; instants in the ward's time."""
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow([column.label for column in self.columns])
        for row in self.rows:
            writer.writerow([_exported(row.cell(column)) for column in self.columns])
        return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


_EMPTY = Cell()
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def _live(cell: Cell) -> dict[str, Any]:
    told: dict[str, Any] = {"text": cell.text, "cls": cell.cls}
    if cell.href:
        told["href"] = cell.href
    if cell.at is not None:
        told["at"] = millis(cell.at)
    if cell.live:
        told["live"] = True
    return told


def _exported(cell: Cell) -> str:
    instant = cell.at or cell.when
    if instant is not None:
        shown = ward_time(instant).strftime("%Y-%m-%d %H:%M:%S")
        return shown if cell.at is None else f"{cell.text} {shown}".strip()
    # A spreadsheet would run a text that begins like a formula.
    risky = cell.text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(cell.text)
    return f"'{cell.text}" if risky else cell.text
