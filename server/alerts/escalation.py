"""Who is asked about an alert, in which order, and how long each step may wait: as a hospital writes it. Pure.

What a hospital's file does not name holds as `alert_rules.toml` has it, which is what ships.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Any

from server.identity.roles import RIGHTS
from wardlink.clinical.alert_rules import CODES, AlertCode, Step, alert_rule, chain
from wardlink.clinical.tables import load
from wardlink.clinical.written import line_beginning, read_toml
from wardlink.errors import Fault, FileWrong
from wardlink.i18n import N_

_WRONG = N_("The escalation chains are wrong in line {line}: {what}")
_NO_TABLE = N_("the table {name} is missing")
_HEAD = N_("{name} is missing or not written as it must be")
_NO_CODE = N_("there is no alert {code}")
_NO_CHAIN = N_("{code}: there is no chain {chain}")
_SECONDS = N_("{code}: {name} is a whole number of seconds from {least} to {most}")
_UNKNOWN = N_("{name} is not known here")
_NO_ROLE = N_("{chain}: nobody of the role {role} can answer alerts")
_HOURS = N_("{chain}: the hours of {role} are two times of a day, the earlier first")
_NOBODY = N_("{chain}: at {at} nobody is asked")

_LEAST_S, _MOST_S = 10, 86_400
_TIMES = ("answer_within_s", "arrive_within_s")


@dataclass(frozen=True)
class Times:
    """What holds for the alerts of one code."""

    chain: str
    answer_within: timedelta
    arrive_within: timedelta


@dataclass(frozen=True)
class Escalation:
    """A whole file. `source`: who decided it."""

    source: str
    as_of: date
    chains: Mapping[str, Sequence[Step]]
    codes: Mapping[AlertCode, Times]

    def of(self, code: AlertCode) -> Times:
        """What holds for alerts of this code."""
        return self.codes.get(code) or _shipped(code)

    def steps(self, code: AlertCode) -> Sequence[Step]:
        """Who is asked about them, in order."""
        name = self.of(code).chain
        return self.chains[name] if name in self.chains else chain(name)


@cache
def our_escalation() -> Escalation:
    """What ships."""
    return read_escalation(our_text())


def our_text() -> str:
    """What ships, as a hospital writes it."""
    table = load("alert_rules")
    lines = [
        "# Who is asked about an alert, in which order (`chains`), and how long a step may stay unanswered and who has",
        "# taken it may be on the way (`codes`), in seconds. `hours`: when a role is there; always without them.",
        "",
        "[escalation]",
        'source = "what ships with the product; times without a source are its own defaults"',
        f"as_of = {max(row['as_of'] for row in table['codes'].values())}",
    ]
    for name, steps in table["chains"].items():
        lines += ["", f"[chains.{name}]"]
        for role, row in steps.items():
            hours = row.get("hours")
            lines.append(f"{role} = {{}}" if hours is None else f'{role} = {{ hours = ["{hours[0]}", "{hours[1]}"] }}')
    for code, row in table["codes"].items():
        lines += ["", f"[codes.{code}]", f'chain = "{row["chain"]}"']
        lines += [f"{name} = {row[name]}" for name in _TIMES]
    return "\n".join(lines) + "\n"


def read_escalation(text: str) -> Escalation:
    """What stands in this text.

    Raises:
        FileWrong: it is no TOML, or something in it is wrong; names all that is.
    """
    table = read_toml(text, wrong=_WRONG)
    faults = [Fault(sentence, line_beginning(text, row), params) for row, sentence, params in _flaws(table)]
    if faults:
        raise FileWrong(_WRONG, faults)
    head = table["escalation"]
    chains = {
        name: tuple(Step(role, _hours(row)) for role, row in steps.items()) for name, steps in table["chains"].items()
    }
    codes = {
        code: Times(row["chain"], timedelta(seconds=row[_TIMES[0]]), timedelta(seconds=row[_TIMES[1]]))
        for code, row in table.get("codes", {}).items()
    }
    return Escalation(head["source"], head["as_of"], chains, codes)


Flaw = tuple[str, str, dict[str, object]]
"""What the row begins with in which something is wrong, the sentence, and its values."""


def _flaws(table: Mapping[str, Any]) -> Iterator[Flaw]:
    for name in ("escalation", "chains"):
        if not isinstance(table.get(name), Mapping) or not table[name]:
            yield f"[{name}", _NO_TABLE, {"name": name}
            return
    for name in table.keys() - {"escalation", "chains", "codes"}:
        yield f"[{name}", _UNKNOWN, {"name": name}
    head = table["escalation"]
    if not isinstance(head.get("source"), str) or not head["source"].strip():
        yield "[escalation]", _HEAD, {"name": "source"}
    if type(head.get("as_of")) is not date:
        yield "[escalation]", _HEAD, {"name": "as_of"}
    for name, steps in table["chains"].items():
        yield from _flaws_of_chain(name, steps)
    codes = table.get("codes", {})
    if not isinstance(codes, Mapping):
        yield "[codes", _HEAD, {"name": "codes"}
        return
    for code, row in codes.items():
        yield from _flaws_of_code(code, row, {*table["chains"], *load("alert_rules")["chains"]})


def _flaws_of_chain(name: str, steps: Any) -> Iterator[Flaw]:
    row = f"[chains.{name}]"
    if not isinstance(steps, Mapping) or not steps:
        yield row, _HEAD, {"name": name}
        return
    found = []
    for role, step in steps.items():
        if role not in RIGHTS["alert.answer"]:
            yield row, _NO_ROLE, {"chain": name, "role": role}
        try:
            hours = _hours(step)
        except (AttributeError, TypeError, ValueError):
            yield row, _HOURS, {"chain": name, "role": role}
            return
        if hours is not None and hours[0] >= hours[1]:
            yield row, _HOURS, {"chain": name, "role": role}
        found.append(Step(role, hours))
    bounds = {time(), *(at for step in found if step.hours is not None for at in step.hours)}
    for at in sorted(bounds):
        if not any(step.is_there(at) for step in found):
            yield row, _NOBODY, {"chain": name, "at": f"{at:%H:%M}"}
            return


def _flaws_of_code(code: str, row: Any, chains: set[str]) -> Iterator[Flaw]:
    at = f"[codes.{code}]"
    if code not in CODES:
        yield at, _NO_CODE, {"code": code}
        return
    if not isinstance(row, Mapping):
        yield at, _HEAD, {"name": code}
        return
    for name in row.keys() - {"chain", *_TIMES}:
        yield at, _UNKNOWN, {"name": f"{code}.{name}"}
    if row.get("chain") not in chains:
        yield at, _NO_CHAIN, {"code": code, "chain": row.get("chain", "")}
    for name in _TIMES:
        seconds = row.get(name)
        if type(seconds) is not int or not _LEAST_S <= seconds <= _MOST_S:
            yield at, _SECONDS, {"code": code, "name": name, "least": _LEAST_S, "most": _MOST_S}


def escalation_notes(
    _before: Escalation | None, after: Escalation, _today: date
) -> list[tuple[str, Mapping[str, object]]]:
    """Which alerts would wait longer than with what ships."""
    slower = [code for code in CODES if _is_slower(after.of(code), _shipped(code))]
    return [(_SLOWER, {"codes": ", ".join(slower)})] if slower else []


_SLOWER = N_("These alerts may wait longer than with what ships: {codes}. Confirm only what the hospital has decided.")


def _is_slower(one: Times, other: Times) -> bool:
    return one.answer_within > other.answer_within or one.arrive_within > other.arrive_within


def _shipped(code: AlertCode) -> Times:
    rule = alert_rule(code)
    return Times(rule.chain, rule.answer_within, rule.arrive_within)


def _hours(row: Any) -> tuple[time, time] | None:
    hours = row.get("hours")
    if hours is None:
        return None
    begin, end = hours
    return time.fromisoformat(begin), time.fromisoformat(end)
