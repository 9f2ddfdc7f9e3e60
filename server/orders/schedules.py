"""When doses are due and how far from that they are on time: as a hospital writes it. Pure.

Carts and terminals know the frequencies that ship, by their words. A file may give those other times, never another
meaning; and what is given when needed stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from wardlink.clinical.dose_windows import DoseWindows, dose_windows, windows_of
from wardlink.clinical.frequencies import DAY, Frequency, Schedule, frequencies, frequency_of
from wardlink.clinical.tables import TRUST_TAGS
from wardlink.clinical.written import line_beginning, read_toml
from wardlink.errors import Fault, FileWrong
from wardlink.i18n import N_

_WRONG = N_("The frequencies and windows are wrong in line {line}: {what}")
_NO_TABLE = N_("the table {name} is missing")
_UNKNOWN = N_("{name} is not known here")
_FORM = N_("{name} is not written as it must be")
_NO_SOURCE = N_("{name}: source, as_of and trust (V, V2, K or D) say where it comes from")
_CODE = N_("{name}: a code is one to ten small letters and digits and begins with a letter")
_LABEL = N_("{code}: label says in words what it means, in 40 characters at most")
_OUR_LABEL = N_("{code}: carts and terminals call it “{label}”; another meaning needs another code")
_TIMES = N_("{code}: {name} are times of a day like 08:00, each once, in order")
_AS_MANY = N_("{code}: injection_times are as many as times")
_DAYS = N_("{code}: every_days is a whole number from 1 to 366")
_WEEKDAYS = N_("{code}: weekdays are numbers from 1 (Monday) to 7, each once, and go without every_days")
_PLAN = N_("{code}: plan is schedule or once; what is given when needed are the codes prn and sos")
_OTHER_MEANING = N_("{code} means “{label}” on carts and terminals: it must be due as often as that")
_NEEDED = N_("{code} is missing: the ward needs it")
_MINUTES = N_("{name} is a whole number of minutes from {least} to {most}")
_NO_FREQUENCY = N_("{name}: there is no frequency {code}")
_LAST = N_("{name}: the last window must ask for nothing, so that it fits whatever is left")
_OVERLAP = N_("{code}: {minutes:g} minutes on either side are too much, it is due every {apart:g} minutes")

MINUTE = timedelta(minutes=1)

_NEEDED_CODES = ("once", "prn", "sos")
"""What the program itself writes: what was said in a rescue, and what is given when needed."""
_ROW = frozenset(("label", "plan", "times", "injection_times", "every_days", "weekdays"))
_WINDOW = frozenset(("label", "either_side_min", "frequencies", "time_critical", "times_per_day_from"))
_WINDOWS = _WINDOW | {"times_per_day_up_to"}
_SOURCED = frozenset(("source", "as_of", "trust"))
_MOST_SIDE_MIN, _MOST_AFTER_MIN, _MOST_DAYS, _MOST_LABEL = 720, 1_440, 366, 40
_AT = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_IS_CODE = re.compile(r"[a-z][a-z0-9]{0,9}")


@dataclass(frozen=True)
class Schedules:
    """A whole file. `sources`: where its rows come from, each once."""

    frequencies: Mapping[str, Frequency]
    windows: DoseWindows
    sources: Sequence[str]
    as_of: date


@cache
def our_schedules() -> Schedules:
    """What ships."""
    return read_schedules(our_text())


def our_text() -> str:
    """What ships, as it is written."""
    data = files("wardlink.clinical").joinpath("data")
    return "\n".join(data.joinpath(f"{name}.toml").read_text("utf-8") for name in ("frequencies", "dose_windows"))


def read_schedules(text: str) -> Schedules:
    """What stands in this text.

    Raises:
        FileWrong: it is no TOML, or something in it is wrong; names all that is.
    """
    table = read_toml(text, wrong=_WRONG)
    faults = [Fault(sentence, line_beginning(text, row), params) for row, sentence, params in _flaws(table)]
    if faults:
        raise FileWrong(_WRONG, faults)
    rows = [*table["frequencies"].values(), *table["windows"].values(), *table["missed"].values()]
    return Schedules(
        {code: frequency_of(code, _labelled(code, row)) for code, row in table["frequencies"].items()},
        windows_of(table),
        tuple(dict.fromkeys(row["source"] for row in rows)),
        max(row["as_of"] for row in rows),
    )


def schedule_notes(before: Schedules | None, after: Schedules, _today: date) -> list[tuple[str, Mapping[str, object]]]:
    """What becomes of orders that run, of codes that go, and of windows wider than what ships."""
    known = {} if before is None else before.frequencies
    gone = [code for code in known if code not in after.frequencies]
    other = [code for code, row in after.frequencies.items() if code in known and known[code] != row]
    wider = _wider(after)
    notes: list[tuple[str, Mapping[str, object]]] = []
    if other:
        notes.append((_KEPT, {"codes": ", ".join(other)}))
    if gone:
        notes.append((_GONE, {"codes": ", ".join(gone)}))
    if wider or after.windows.missed_after > dose_windows().missed_after:
        notes.append((_WIDER, {"names": ", ".join([*wider, *_missed_later(after.windows)])}))
    return notes


_KEPT = N_(
    "Orders that run keep the times they were issued with; the new ones hold for orders issued from then on: {codes}."
)
_GONE = N_("These codes can be ordered no more: {codes}. Orders that run with them go on.")
_WIDER = N_(
    "These windows are wider than what ships: {names}. A dose counts as late or missed later. Confirm only what the "
    "hospital has decided."
)


def _missed_later(windows: DoseWindows) -> list[str]:
    return ["missed"] if windows.missed_after > dose_windows().missed_after else []


def _wider(after: Schedules) -> list[str]:
    """The windows that decide for a dose which what ships gives less time; also where a drug fell out of its window."""
    ours = dose_windows()
    kinds: list[tuple[str, ...]] = [(), *((name,) for name in sorted(ours.drug_classes | after.windows.drug_classes))]
    doses = [(row, kind) for row in after.frequencies.values() if row.plan != "on-demand" for kind in kinds]
    wider = {
        after.windows.rule_of(row, kind).name
        for row, kind in doses
        if after.windows.either_side(row, kind) > ours.either_side(row, kind)
    }
    return [rule.name for rule in after.windows.rules if rule.name in wider]


def times_text(frequency: Frequency) -> str:
    """The times of a day, those of injections behind a bar where they differ."""
    ways: tuple[tuple[time, ...], ...] = (frequency.times, frequency.injection_times)
    return " | ".join(" ".join(f"{at:%H:%M}" for at in times) for times in ways if times)


Flaw = tuple[str, str, dict[str, object]]
"""What the row begins with in which something is wrong, the sentence, and its values."""


def _flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    for name in ("frequencies", "windows", "missed"):
        rows = table.get(name)
        if not isinstance(rows, Mapping) or not rows or not all(isinstance(row, Mapping) for row in rows.values()):
            yield f"[{name}", _NO_TABLE, {"name": name}
            return
    for name in table.keys() - {"frequencies", "windows", "missed"}:
        yield f"[{name}", _UNKNOWN, {"name": name}
    found = list(_flaws_of_frequencies(table["frequencies"]))
    found += _flaws_of_windows(table["windows"], table["frequencies"])
    found += _flaws_of_missed(table["missed"])
    yield from found or _overlaps(table)


def _flaws_of_frequencies(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Flaw]:
    for code in _NEEDED_CODES:
        if code not in rows:
            yield "[frequencies", _NEEDED, {"code": code}
    for code, row in rows.items():
        at = f"[frequencies.{code}]"
        if not _IS_CODE.fullmatch(code):
            yield at, _CODE, {"name": code}
            continue
        yield from _unknown_and_unsourced(at, code, row, _ROW)
        flaws = list(_flaws_of_times(code, row))
        yield from ((at, sentence, params) for sentence, params in flaws or _flaws_of_meaning(code, row))


def _flaws_of_times(code: str, row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, object]]]:
    plan, times, given = row.get("plan", "schedule"), row.get("times", ()), row.get("injection_times", ())
    ours = frequencies().get(code)
    if plan not in ("schedule", "once") and not (ours is not None and plan == ours.plan):
        yield _PLAN, {"code": code}
        return
    for name, found in (("times", times), ("injection_times", given)):
        is_list = isinstance(found, list | tuple) and all(isinstance(at, str) and _AT.fullmatch(at) for at in found)
        if not is_list or any(one >= other for one, other in pairwise(found)):
            yield _TIMES, {"code": code, "name": name}
            return
    if (plan == "schedule") != bool(times):
        yield _TIMES, {"code": code, "name": "times"}
    if given and len(given) != len(times):
        yield _AS_MANY, {"code": code}
    every, weekdays = row.get("every_days", 1), row.get("weekdays", [])
    if type(every) is not int or not 1 <= every <= _MOST_DAYS:
        yield _DAYS, {"code": code}
        return
    are_days = isinstance(weekdays, list) and all(type(day) is int and 1 <= day <= 7 for day in weekdays)
    if not are_days or len(set(weekdays)) != len(weekdays) or (weekdays and every != 1):
        yield _WEEKDAYS, {"code": code}


def _flaws_of_meaning(code: str, row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, object]]]:
    label, ours = row.get("label"), frequencies().get(code)
    if ours is None:
        if not isinstance(label, str) or not label.isprintable() or not 0 < len(label.strip()) <= _MOST_LABEL:
            yield _LABEL, {"code": code}
        return
    if label is not None and label != ours.label:
        yield _OUR_LABEL, {"code": code, "label": ours.label}
    read = frequency_of(code, _labelled(code, row))
    if read.plan != ours.plan or _how_often(read) != _how_often(ours) or (_is_even(ours) and not _is_even(read)):
        yield _OTHER_MEANING, {"code": code, "label": ours.label}


def _how_often(frequency: Frequency) -> tuple[int, float]:
    """How often on a day on which it is due, and on how many days of a week that is."""
    return len(frequency.times), len(frequency.weekdays) or 7 / frequency.every_days


def _is_even(frequency: Frequency) -> bool:
    """Whether it is due several times a day at equal distances: every 8 hours is not three times a day."""
    ways: tuple[Schedule, ...] = ("oral", "injection")
    return len(frequency.times) > 1 and all(len(set(_apart(frequency.times_of(way)))) == 1 for way in ways)


def _labelled(code: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    ours = frequencies().get(code)
    return row if ours is None else {**row, "label": ours.label}


def _flaws_of_windows(rows: Mapping[str, Mapping[str, Any]], known: Mapping[str, Any]) -> Iterator[Flaw]:
    for name, row in rows.items():
        at = f"[windows.{name}]"
        yield from _unknown_and_unsourced(at, name, row, _WINDOWS)
        if not _is_minutes(row.get("either_side_min"), 1, _MOST_SIDE_MIN):
            yield at, _MINUTES, {"name": f"{name}.either_side_min", "least": 1, "most": _MOST_SIDE_MIN}
        for key in ("frequencies", "time_critical"):
            listed = row.get(key, ["?"])
            if not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
                yield at, _FORM, {"name": f"{name}.{key}"}
            elif key in row and key == "frequencies":
                yield from ((at, _NO_FREQUENCY, {"name": name, "code": code}) for code in listed if code not in known)
        for key in ("times_per_day_from", "times_per_day_up_to"):
            often = row.get(key, 1)
            if isinstance(often, bool) or not isinstance(often, int | float) or not often > 0:
                yield at, _FORM, {"name": f"{name}.{key}"}
    last, row = list(rows.items())[-1]
    if row.keys() & {"frequencies", "time_critical", "times_per_day_from", "times_per_day_up_to"}:
        yield f"[windows.{last}]", _LAST, {"name": last}


def _flaws_of_missed(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Flaw]:
    for name in rows.keys() - {"after"}:
        yield f"[missed.{name}]", _UNKNOWN, {"name": name}
    after = rows.get("after", {})
    yield from _unknown_and_unsourced("[missed.after]", "after", after, frozenset(("label", "after_window_min")))
    if not _is_minutes(after.get("after_window_min"), 0, _MOST_AFTER_MIN):
        params: dict[str, object] = {"name": "after_window_min", "least": 0, "most": _MOST_AFTER_MIN}
        yield "[missed.after]", _MINUTES, params


def _unknown_and_unsourced(at: str, name: str, row: Mapping[str, Any], keys: frozenset[str]) -> Iterator[Flaw]:
    for key in row.keys() - keys - _SOURCED:
        yield at, _UNKNOWN, {"name": f"{name}.{key}"}
    source = row.get("source")
    is_said = isinstance(source, str) and bool(source.strip())
    if not is_said or type(row.get("as_of")) is not date or row.get("trust") not in TRUST_TAGS:
        yield at, _NO_SOURCE, {"name": name}


def _is_minutes(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _overlaps(table: Mapping[str, Any]) -> Iterator[Flaw]:
    """Where the window of one dose would run into that of the next: nobody could say which of them was given."""
    windows = windows_of(table)
    kinds: list[tuple[str, ...]] = [(), *((name,) for name in windows.drug_classes)]
    for code, row in table["frequencies"].items():
        frequency = frequency_of(code, _labelled(code, row))
        apart, side = _least_apart(frequency), max(windows.either_side(frequency, kind) for kind in kinds)
        if apart is not None and 2 * side > apart:
            minutes = {"minutes": side / MINUTE, "apart": apart / MINUTE}
            yield f"[frequencies.{code}]", _OVERLAP, {"code": code, **minutes}


def _least_apart(frequency: Frequency) -> timedelta | None:
    ways: tuple[Schedule, ...] = ("oral", "injection")
    return min((apart for way in ways for apart in _apart(frequency.times_of(way))), default=None)


def _apart(times: Sequence[time]) -> Iterator[timedelta]:
    at = [datetime.combine(date(2000, 1, 1), each) for each in times]
    yield from (later - earlier for earlier, later in pairwise([*at, *(each + DAY for each in at[:1])]))
