"""What people write into the cells of an admission, as the values of an admission. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from server.words import plain
from wardlink.clock import WARD_ZONE
from wardlink.errors import InvalidInput
from wardlink.i18n import N_
from wardlink.messages.encounters import Admit

_SEXES = {
    **dict.fromkeys(("男", "男性", "male", "m"), "male"),
    **dict.fromkeys(("女", "女性", "female", "f"), "female"),
    **dict.fromkeys(("其他", "other"), "other"),
    **dict.fromkeys(("未知", "不详", "unknown"), "unknown"),
}
_LEVELS = {
    **dict.fromkeys(("特级", "特级护理", "special"), "special"),
    **dict.fromkeys(("一级", "一级护理", "i级", "1", "level1", "level 1"), "level1"),
    **dict.fromkeys(("二级", "二级护理", "ii级", "2", "level2", "level 2"), "level2"),
    **dict.fromkeys(("三级", "三级护理", "iii级", "3", "level3", "level 3"), "level3"),
}
_ANSWERS = {
    **dict.fromkeys(("是", "有", "yes", "y", "true", "1"), True),
    **dict.fromkeys(("否", "无", "no", "n", "false", "0"), False),
}
_SCALES = {"1": 1, "2": 2, "scale1": 1, "scale2": 2, "标准1": 1, "标准2": 2}
_NOTHING = frozenset({"无", "否认", "none", "no", "-", "/"})

_CHOICE = N_("“{value}” is none of: {choices}.")
_DATE = N_("This is no date. Write it as 1950-03-08.")
_TIME = N_("This is no time. Write it as 2026-11-25 08:30.")
_MISSING = N_("This cell is empty.")
_SHAPE = N_("This cannot be right; please check it.")

_DATE_SHAPE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


class Bad(Exception):
    """A cell that cannot be taken over: the name of its column, and why."""

    def __init__(self, column: str, why: InvalidInput) -> None:
        super().__init__(column)
        self.column = column
        self.why = why


def admission(cells: Mapping[str, str]) -> Admit:
    """The admission that a line says; its bed is still as it was written.

    Raises:
        Bad: the first cell that cannot be taken over.
    """
    values: dict[str, Any] = {}
    for name, value in cells.items():
        if name not in _READERS:
            continue
        try:
            values[name] = _READERS[name](value)
        except InvalidInput as why:
            raise Bad(name, why) from why
    # Which bed is meant by a label only the database knows.
    values["bed"] = "x"
    try:
        return Admit.model_validate(values)
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_context=False, include_input=False)[0]
        column = str(error["loc"][0])
        raise Bad(column, InvalidInput(_MISSING if error["type"] == "missing" else _SHAPE)) from exc


def admitted_at(cells: Mapping[str, str]) -> datetime | None:
    """When, by the ward's clock unless the cell names another zone; None if nothing is said.

    Raises:
        Bad: it is no time.
    """
    text = cells.get("admitted_at")
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
        return at if at.tzinfo else at.replace(tzinfo=WARD_ZONE)
    except ValueError as exc:
        raise Bad("admitted_at", InvalidInput(_TIME)) from exc


def _one_of(table: Mapping[str, Any], choices: str) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        found = table.get(value.strip().lower())
        if found is None:
            raise InvalidInput(_CHOICE, value=value[:20], choices=choices)
        return found

    return read


def _day(value: str) -> date:
    shape = _DATE_SHAPE.fullmatch(value)
    try:
        return date(*map(int, shape.groups())) if shape else date.fromisoformat(value)
    except ValueError as exc:
        raise InvalidInput(_DATE) from exc


def _several(value: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r"[;；、,，]", value))
    return tuple(plain(part, most=60) for part in parts if part and part.lower() not in _NOTHING)


def _text(most: int) -> Callable[[str], str]:
    return lambda value: plain(value, most=most)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "admission_no": _text(20),
    "mrn": _text(32),
    "name": _text(60),
    "sex": _one_of(_SEXES, "男, 女, 其他, 未知 / male, female, other, unknown"),
    "birth_on": _day,
    "id_last4": lambda value: value.upper(),
    "level": _one_of(_LEVELS, "特级, 一级, 二级, 三级 / special, level1, level2, level3"),
    "diet": _text(30),
    "allergies": _several,
    "spo2_scale": _one_of(_SCALES, "1, 2"),
    "pregnant": _one_of(_ANSWERS, "是, 否 / yes, no"),
    "nurse": _text(40),
    "doctor": _text(40),
}
