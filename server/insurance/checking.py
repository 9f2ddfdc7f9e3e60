"""What must hold inside one rule set beyond its shape: no stretch twice, none left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from server.insurance.codes import Scheme
from server.insurance.ruleset import Bonus, Critical, Outpatient, RuleSet, SchemeRules
from wardlink.i18n import N_

_ENDS_EARLY = N_("Insurance rules, {file}, line {line}: the last day lies before the first.")
_GAP = N_("Insurance rules, {file}, line {line}: nothing holds from {end} to {start}.")
_OVERLAP = N_("Insurance rules, {file}, line {line}: two rows hold from {start} to {end}.")
_EMPTY = N_("Insurance rules, {file}, line {line}: this row ends where it begins, or before.")
_NO_ROWS = N_("Insurance rules, {file}, line {line}: there are no rows.")
_NOT_LAST = N_("Insurance rules, {file}, line {line}: only the last row may have no end, and it must have none.")
_NOT_ZERO = N_("Insurance rules, {file}, line {line}: the first row must begin at 0.")
_TWO_BONUSES = N_("Insurance rules, {file}, line {line}: only one table of bonuses may be in use.")
_STATUS = N_("Insurance rules, {file}, line {line}: this scheme has no status {name}.")
_NO_STATUS = N_("Insurance rules, {file}, line {line}: the status {name} is missing.")
_SAME_TYPE = N_("Insurance rules, {file}, line {line}: two schemes have the same insutype.")


class Flaw(NamedTuple):
    """Something that does not hold, and at which entry."""

    path: tuple[str | int, ...]
    sentence: str
    params: dict[str, Any]


def flaws(rules: RuleSet) -> Iterator[Flaw]:
    """Everything that is wrong with the rule set, in the order of the file's parts."""
    if rules.effective_until is not None and rules.effective_until < rules.effective_from:
        yield Flaw(("effective_until",), _ENDS_EARLY, {})
    if rules.schemes.employee.insutype == rules.schemes.resident.insutype:
        yield Flaw(("schemes", Scheme.RESIDENT.value, "insutype"), _SAME_TYPE, {})
    for scheme in Scheme:
        yield from _in_scheme(("schemes", scheme.value), getattr(rules.schemes, scheme.value))


def _in_scheme(path: tuple[str | int, ...], scheme: SchemeRules) -> Iterator[Flaw]:
    used = [index for index, bonus in enumerate(scheme.bonuses) if bonus.in_use]
    if len(used) > 1:
        yield Flaw((*path, "bonuses", used[1], "in_use"), _TWO_BONUSES, {})
    for index, bonus in enumerate(scheme.bonuses):
        yield from _in_bonus((*path, "bonuses", index), bonus, scheme)
    if scheme.critical is not None:
        yield from _in_critical((*path, "critical", "bands"), scheme.critical)
    if scheme.outpatient is not None:
        yield from _in_outpatient((*path, "outpatient", "statuses"), scheme.outpatient, scheme)


def _in_bonus(path: tuple[str | int, ...], bonus: Bonus, scheme: SchemeRules) -> Iterator[Flaw]:
    for index, status in enumerate(bonus.statuses):
        if status not in scheme.statuses:
            yield Flaw((*path, "statuses", index), _STATUS, {"name": status.value})
    yield from _in_rows((*path, "rows"), [(row.from_age, row.below_age) for row in bonus.rows])


def _in_critical(path: tuple[str | int, ...], critical: Critical) -> Iterator[Flaw]:
    bands = critical.bands
    for index, band in enumerate(bands):
        if (band.below_fen is None) != (index == len(bands) - 1):
            yield Flaw((*path, index), _NOT_LAST, {})
            return
    if bands and bands[0].from_fen != 0:
        yield Flaw((*path, 0), _NOT_ZERO, {})
    yield from _in_rows(path, [(band.from_fen, band.below_fen) for band in bands])


def _in_rows(path: tuple[str | int, ...], rows: Sequence[tuple[int, int | None]]) -> Iterator[Flaw]:
    if not rows:
        yield Flaw(path, _NO_ROWS, {})
    for index, (start, end) in enumerate(rows):
        if end is not None and end <= start:
            yield Flaw((*path, index), _EMPTY, {})
        before = rows[index - 1][1] if index else None
        if before is None or before == start:
            continue
        if before < start:
            yield Flaw((*path, index), _GAP, {"end": before, "start": start})
        else:
            yield Flaw((*path, index), _OVERLAP, {"start": start, "end": before})


def _in_outpatient(path: tuple[str | int, ...], outpatient: Outpatient, scheme: SchemeRules) -> Iterator[Flaw]:
    for status in outpatient.statuses:
        if status not in scheme.statuses:
            yield Flaw((*path, status.value), _STATUS, {"name": status.value})
    for status in scheme.statuses:
        if status not in outpatient.statuses:
            yield Flaw(path, _NO_STATUS, {"name": status.value})
