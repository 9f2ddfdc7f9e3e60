"""What the terminal of one bed may know of its ward's changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardlink.record.kinds import KINDS

_FOR_BEDS = frozenset({"vitals.recorded", "vitals.struck", "call.changed", "encounter.changed"}) | {
    kind.change for kind in KINDS if kind.for_bed
}

_FOR_EVERY_BED = frozenset(kind.change for kind in KINDS if kind.for_every_bed)


def is_for_every_bed(row: Mapping[str, Any]) -> bool:
    """Whether all terminals of the ward hear of this change."""
    return row["kind"] in _FOR_EVERY_BED


def beds_concerned(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The beds whose terminals hear of this change.

    A transfer inside the ward concerns the bed that was left as well; the row names the new bed, and the
    log carries a change of its own for the old one.
    """
    if row["kind"] not in _FOR_BEDS or row["bed"] is None:
        return ()
    return (row["bed"],)


def for_bed(row: Mapping[str, Any], ward: str, bed: str) -> Mapping[str, Any] | None:
    """This change as the terminal of `bed` may see it, or None."""
    return row if row["ward"] == ward and (is_for_every_bed(row) or bed in beds_concerned(row)) else None
