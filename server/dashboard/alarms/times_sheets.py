"""Response times as tables: how many, what became of them, and how long they waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection

from server.alerts.escalating import escalation_at
from server.dashboard.alarms.asked import Asked
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import NOTHING, reason_text
from server.kpis.response import By, Key, Line, Until, alerts, calls, together
from wardlink.clinical.alert_rules import CODES, PRIORITIES, AlertCode, Priority, alert_rule
from wardlink.i18n import domain
from wardlink.messages.alert_words import priority_text

_ = domain("server").gettext

SHARES = (50, 90)

Lines = Mapping[Key, Line]


@dataclass(frozen=True)
class Found:
    """What was counted."""

    calls: Lines
    alerts: Lines


def read(conn: Connection, asked: Asked, now: datetime, *, by: By, until: Until) -> Found:
    """Count what an address asks for. Reads the database."""
    of_calls = calls(conn, asked.wards, asked.days, by, until)
    return Found(of_calls, alerts(conn, asked.wards, asked.days, by, until, escalation_at(conn, now)))


def calls_sheet(lines: Lines, by: By, until: Until, now: datetime) -> Sheet:
    """A line a class, kind, hour or day of calls, and all of them together."""
    named = {key: _call_text(by, key) for key in sorted(lines)}
    return _sheet(lines, named, by, until, now, of_calls=True)


def alerts_sheet(lines: Lines, by: By, until: Until, now: datetime) -> Sheet:
    """The same of alerts, those of calls left aside."""
    order = sorted(lines, key=lambda key: _alert_place(by, key))
    return _sheet(lines, {key: _alert_text(by, key) for key in order}, by, until, now, of_calls=False)


def seconds_text(value: float | None) -> str:
    """A wait as it is read: seconds, or minutes, hours or days where it is long."""
    if value is None:
        return NOTHING
    if value < 600:
        return _("{n} s").format(n=round(value))
    if value < 10 * 3_600:
        return _("{n} min").format(n=round(value / 60))
    hours = round(value / 3_600)
    return _("{n} h").format(n=hours) if hours < 72 else _("{n} days").format(n=round(hours / 24))


def _sheet(lines: Lines, named: Mapping[Key, str], by: By, until: Until, now: datetime, *, of_calls: bool) -> Sheet:
    is_timed = by in ("class", "kind")
    columns = (
        Column("line", _label(by, of_calls=of_calls)),
        Column("n", _("How many"), "number"),
        Column("met", _("Answered") if until == "answered" else _("Somebody there"), "number"),
        Column("open", _("Still waiting"), "number"),
        Column("oldest", _("Longest still waiting"), "number"),
        Column("ended", _("Ended unanswered") if until == "answered" else _("Ended, nobody there"), "number"),
        *((Column("back", _("Taken back by the patient"), "number"),) if of_calls else ()),
        *(Column(f"p{share}", f"P{share}", "number") for share in SHARES),
        Column("longest", _("Longest"), "number"),
        *((Column("in_time", _("In time"), "number"),) if is_timed else ()),
    )
    rows = [Row("-".join(key), {"line": Cell(text)} | _cells(lines[key], now)) for key, text in named.items()]
    if len(rows) > 1:
        rows.append(Row("all", {"line": Cell(_("All"))} | _cells(together(lines.values()), now), cls="total"))
    return Sheet(columns, tuple(rows))


def _cells(line: Line, now: datetime) -> dict[str, Cell]:
    cells = {
        "n": Cell(str(line.n)),
        "met": Cell(str(line.met)),
        "open": Cell(str(line.is_open)),
        "oldest": Cell(seconds_text(_age_s(line, now))),
        "ended": Cell(str(line.ended)),
        "back": Cell(str(line.taken_back)),
        "longest": Cell(seconds_text(line.longest)),
    }
    if line.in_time is not None and line.n:
        cells["in_time"] = Cell(f"{100 * line.in_time / line.n:.0f} %")
    for share in SHARES:
        wait = line.percentile(share)
        # A dash is for no call at all: here there are some, and too many of them without an answer.
        cells[f"p{share}"] = Cell(_("not reached") if wait is None and line.n else seconds_text(wait))
    return cells


def file_sheet(asked: Asked, found: Mapping[Until, Found], now: datetime) -> Sheet:
    """Everything for a file: both ends of the wait, calls and alerts, with waits in seconds."""
    columns = (
        Column("since", _("From")),
        Column("until", _("To")),
        Column("wards", _("Ward")),
        Column("of", _("Of")),
        Column("end", _("Time until")),
        Column("line", _("Line")),
        Column("n", _("How many")),
        Column("met", _("Met")),
        Column("open", _("Still waiting")),
        Column("oldest", _("Longest still waiting, s")),
        Column("ended", _("Ended without it")),
        Column("back", _("Taken back by the patient")),
        *(Column(f"p{share}", _("P{share}, s").format(share=share)) for share in SHARES),
        Column("longest", _("Longest, s")),
        Column("in_time", _("In time")),
    )
    rows: list[Row] = []
    fixed = {
        "since": Cell(asked.since.isoformat()),
        "until": Cell(asked.until.isoformat()),
        "wards": Cell(" ".join(asked.wards)),
    }
    for end, both in found.items():
        for of, lines, sheet in (
            (_("calls"), both.calls, calls_sheet(both.calls, asked.by, end, now)),
            (_("alerts"), both.alerts, alerts_sheet(both.alerts, asked.by, end, now)),
        ):
            by_key = {"-".join(key): line for key, line in lines.items()} | {"all": together(lines.values())}
            for row in sheet.rows:
                told = fixed | {"of": Cell(of), "end": Cell(end_text(end)), "line": row.cells["line"]}
                rows.append(Row(f"{end}-{of}-{row.key}", told | _plain(by_key[row.key], now)))
    return Sheet(columns, tuple(rows))


def _plain(line: Line, now: datetime) -> dict[str, Cell]:
    def number(value: float | None) -> Cell:
        return Cell("" if value is None else str(round(value)))

    counts = {"n": line.n, "met": line.met, "open": line.is_open, "ended": line.ended, "back": line.taken_back}
    cells = {name: number(value) for name, value in counts.items()}
    cells |= {f"p{share}": number(line.percentile(share)) for share in SHARES}
    return cells | {
        "oldest": number(_age_s(line, now)),
        "longest": number(line.longest),
        "in_time": number(line.in_time),
    }


def end_text(until: Until) -> str:
    """Until when the time runs."""
    return _("the first answer") if until == "answered" else _("somebody is there")


def by_texts() -> Sequence[tuple[By, str]]:
    """What a line may be about."""
    return (("class", _("Class")), ("kind", _("Kind")), ("hour", _("Hour of the day")), ("day", _("Day")))


def _age_s(line: Line, now: datetime) -> float | None:
    return None if line.open_since is None else max(0.0, (now - line.open_since).total_seconds())


def _label(by: By, *, of_calls: bool) -> str:
    if by == "class":
        return _("Class") if of_calls else _("Priority")
    return {"kind": _("Kind"), "hour": _("Hour of the day"), "day": _("Day")}[by]


def _call_text(by: By, key: Key) -> str:
    if by == "kind":
        return _("{cls}, {reason}").format(cls=key[0], reason=reason_text(key[1] or None))
    return _when(by, key)


def _alert_text(by: By, key: Key) -> str:
    if by == "class":
        return priority_text(cast("Priority", key[0]))
    if by == "kind":
        return alert_rule(cast("AlertCode", key[1])).text()
    return _when(by, key)


def _alert_place(by: By, key: Key) -> tuple[int, Key]:
    if by == "class":
        return PRIORITIES.index(cast("Priority", key[0])), key
    return (CODES.index(cast("AlertCode", key[1])) if by == "kind" else 0), key


def _when(by: By, key: Key) -> str:
    return f"{key[0]}:00–{key[0]}:59" if by == "hour" else key[0]
