"""Which assessments a stay is due for. Pure; the list on the cart and everything that reminds ask here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from wardlink.clinical.assessments.due import Last, next_due
from wardlink.clinical.assessments.scales import Scale, scales
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.encounters import EncounterView
from wardlink.record.assessments import standing


@dataclass(frozen=True)
class AssessmentDue:
    """A scale and when it is made next; from that instant on it is overdue. `last`: the one that stands now."""

    scale: Scale
    due_at: datetime
    last: AssessmentView | None


def assessments_due(
    stay: EncounterView,
    found: Iterable[AssessmentView],
    *,
    urgent: bool = False,
    events: Iterable[datetime] = (),
) -> tuple[AssessmentDue, ...]:
    """What is due of one stay, now and later, the earliest first.

    `found`: the assessments of the stay. `urgent`: admitted as an emergency. `events`: what asks for a new assessment
    beside a transfer from ward to ward, which the stay itself tells: the end of an operation, a fall. Of two scales
    that stand for each other the one that was made last is due, or the first of them where none was made yet.
    """
    newest = standing(found)
    asks = (*transfers(stay), *events)
    due = []
    for scale in scales().values():
        last = newest.get(scale.code)
        if _gives_way(scale, newest):
            continue
        known = None if last is None else Last(last.assessed_at, last.next_at)
        due_at = next_due(scale, known, admitted_at=stay.admitted_at, urgent=urgent, events=asks)
        if due_at is not None:
            due.append(AssessmentDue(scale, due_at, last))
    return tuple(sorted(due, key=lambda each: each.due_at))


def transfers(stay: EncounterView) -> list[datetime]:
    """When the patient came into another ward."""
    places = stay.places
    return [here.since for before, here in pairwise(places) if here.ward != before.ward]


def _gives_way(scale: Scale, newest: Mapping[str, AssessmentView]) -> bool:
    if scale.instead_of is None:
        return False
    mine, other = newest.get(scale.code), newest.get(scale.instead_of)
    if other is None:
        return mine is None and [*scales()].index(scale.instead_of) < [*scales()].index(scale.code)
    return mine is None or mine.assessed_at < other.assessed_at
