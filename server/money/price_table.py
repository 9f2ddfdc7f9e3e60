"""The price list as a table for spreadsheets: a line a price, there and back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from server.money.prices import PriceList
from server.patients.import_table import Line, read_table
from wardlink.errors import Fault, FileWrong, ImportRejected
from wardlink.i18n import N_
from wardlink.money import yuan

_WRONG = N_("The price list is wrong in line {line}: {what}")
_DAY = N_("{item}: {value} is no day; write it as 2026-01-01")
_YUAN = N_("{item}: {value} is no price in yuan with at most two places")
_SHARE = N_("{item}: {value} is no whole number")
_CONTAINS = N_("{item}: write what a unit contains as mg=5;片=1")

HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("编码", "item code"),
    "national": ("国家医保编码", "national code"),
    "name_zh": ("名称", "chinese name"),
    "name_en": ("英文名称", "english name"),
    "spec": ("规格", "specification"),
    "unit": ("单位",),
    "class": ("医保类别", "类别"),
    "category": ("费用类别",),
    "self_pay_bp": ("先行自付万分比", "self pay"),
    "contains": ("每单位含量",),
    "from": ("起始日", "from day"),
    "price": ("价格", "价格（元）", "price yuan"),
}
"""The name of each column, and what else it may be called."""

_NEEDED = ("code", "name_zh", "name_en", "unit", "class", "category", "from", "price")
_TEXTS = ("national", "name_zh", "name_en", "spec", "unit", "class", "category")
_RISKY = ("=", "+", "-", "@")


def as_table(prices: PriceList) -> bytes:
    """A line for each price of each item; UTF-8 with a mark at its beginning, as spreadsheets expect."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADERS)
    for item in prices.items.values():
        contains = ";".join(f"{unit}={amount}" for unit, amount in item.contains.items())
        names = [item.code, item.national, item.name_zh, item.name_en, item.spec, item.unit, item.insurance_class]
        for price in item.prices:
            row = [*names, item.category, item.self_pay_bp, contains, price.from_on.isoformat(), yuan(price.fen)]
            # A spreadsheet would run a text that begins like a formula.
            writer.writerow([f"'{cell}" if str(cell).startswith(_RISKY) else cell for cell in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def from_table(data: bytes, before: PriceList) -> str:
    """The list in this table, as `prices.toml` is written; its classes are those of the list before.

    Raises:
        FileWrong: a line is wrong, or the list; names all that is, by the lines of the table.
    """
    try:
        lines = read_table(data, HEADERS, _NEEDED)
    except ImportRejected as wrong:
        raise FileWrong(_WRONG, [Fault(wrong.message or wrong.sentence, 1, wrong.params)]) from wrong
    items: dict[str, dict[str, Any]] = {}
    at: dict[str, int] = {}
    faults: list[Fault] = []
    for line in lines:
        code = _plain(line, "code")
        row = items.setdefault(code, {"prices": []})
        at.setdefault(code, line.number)
        try:
            row |= {name: _plain(line, name) for name in _TEXTS}
            row |= _numbers(line)
            row["prices"].append({"from": _day(line), "fen": _fen(line)})
        except _Wrong as wrong:
            params = {"item": code, "value": wrong.value[:40]}
            faults.append(Fault(wrong.sentence, line.number, params))
    if faults:
        raise FileWrong(_WRONG, faults)
    for row in items.values():
        row["prices"].sort(key=lambda price: price["from"])
    classes = {
        code: {"name_zh": zh, "name_en": en, "self_pay_bp": before.class_shares[code]}
        for code, (zh, en) in before.class_names.items()
    }
    PriceList({"classes": classes, "items": items}, lambda code: at.get(code, 1))
    return _toml(classes, items)


class _Wrong(ValueError):
    def __init__(self, sentence: str, value: str) -> None:
        self.sentence, self.value = sentence, value
        super().__init__(sentence)


def _plain(line: Line, name: str) -> str:
    text = line.cells.get(name, "")
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def _day(line: Line) -> date:
    text = _plain(line, "from")
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text)
    except ValueError as exc:
        raise _Wrong(_DAY, text) from exc


def _fen(line: Line) -> int:
    text = _plain(line, "price").replace(",", "")
    try:
        fen = Decimal(text) * 100
    except InvalidOperation as exc:
        raise _Wrong(_YUAN, text) from exc
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 < fen < 10**12:
        raise _Wrong(_YUAN, text)
    return int(fen)


def _numbers(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {}
    share, contains = _plain(line, "self_pay_bp"), _plain(line, "contains")
    if share:
        if not (share.isascii() and share.isdigit()):
            raise _Wrong(_SHARE, share)
        found["self_pay_bp"] = int(share)
    if contains:
        parts = [part.partition("=") for part in contains.replace("；", ";").split(";") if part.strip()]
        try:
            found["contains"] = {unit.strip(): Decimal(amount.strip()) for unit, _equals, amount in parts}
        except InvalidOperation as exc:
            raise _Wrong(_CONTAINS, contains) from exc
    return found


def _toml(classes: Mapping[str, Mapping[str, Any]], items: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ["# Written from a table.", ""]
    for table, rows in (("classes", classes), ("items", items)):
        for code, row in rows.items():
            lines.append(f"[{table}.{_quoted(code)}]")
            lines += [f"{name} = {_value(value)}" for name, value in row.items() if name != "prices"]
            if "prices" in row:
                prices = ", ".join(f"{{ from = {price['from']}, fen = {price['fen']} }}" for price in row["prices"])
                lines.append(f"prices = [{prices}]")
            lines.append("")
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_quoted(name)} = {amount}" for name, amount in value.items()) + " }"
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
