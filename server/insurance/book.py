"""All rule files together: which set holds in an area on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from server.insurance.reading import RuleFile, RulesRejected, read_file
from server.insurance.ruleset import RuleSet
from wardlink.errors import NotFound
from wardlink.i18n import N_

OUR_OWN = Path(__file__).parent / "rules"
"""The rule files that come with the program."""

_SAME_ID = N_("Insurance rules, {file}, line {line}: {other} has the same id.")
_OVERLAP = N_("Insurance rules, {file}, line {line}: {other} holds on this day too.")
_GAP = N_("Insurance rules, {file}, line {line}: nothing holds between {end}, where {other} ends, and this day.")
_NONE = N_("Insurance rules: there is no file in {file}.")


class NoRules(NotFound):
    """No rule set holds there on that day."""

    code = "no-insurance-rules"
    sentence = N_("There are no insurance rules for the area {area} on {on}. Please tell the insurance office.")


class RuleBook:
    """Rule sets by area and day. In an area one follows the other without a gap. `sets`: all of them, in order."""

    def __init__(self, found: Iterable[RuleFile]) -> None:
        """Take over these files.

        Raises:
            RulesRejected: two sets hold on one day, or none between two of them, or two have one id.
        """
        files = sorted(found, key=lambda file: (file.rules.area, file.rules.effective_from))
        _check(files)
        self.sets: Sequence[RuleSet] = [file.rules for file in files]

    def on(self, area: str, on: date) -> RuleSet:
        """The rule set that holds in `area` on this day.

        Raises:
            NoRules: none does.
        """
        for rules in reversed(self.sets):
            if rules.area == area and rules.effective_from <= on:
                if rules.effective_until is None or on <= rules.effective_until:
                    return rules
                break
        raise NoRules(area=area, on=on.isoformat())


def read_book(folder: Path = OUR_OWN) -> RuleBook:
    """The rule files of a folder.

    Raises:
        RulesRejected: a file is wrong, or they do not fit together, or there is none.
    """
    found = [read_file(path) for path in sorted(folder.glob("*.yaml"))]
    if not found:
        raise RulesRejected(_NONE, file=str(folder))
    return RuleBook(found)


def _check(files: Sequence[RuleFile]) -> None:
    ids: dict[str, str] = {}
    for file in files:
        if file.rules.id in ids:
            raise RulesRejected(_SAME_ID, file=file.file, line=file.line(("id",)), other=ids[file.rules.id])
        ids[file.rules.id] = file.file
    for first, then in pairwise(files):
        if first.rules.area != then.rules.area:
            continue
        line = then.line(("effective_from",))
        end = first.rules.effective_until
        if end is None or end >= then.rules.effective_from:
            raise RulesRejected(_OVERLAP, file=then.file, line=line, other=first.file)
        if end + timedelta(days=1) < then.rules.effective_from:
            raise RulesRejected(_GAP, file=then.file, line=line, other=first.file, end=end.isoformat())
