"""Everything that is due about one stay. The cart, the board and the alerts all ask here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wardlink.record.assessments import ASSESSMENT
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.doses import DOSE
from wardlink.record.due.assessments import assessments
from wardlink.record.due.doses import doses, infusions, pain
from wardlink.record.due.due import Due, Facts, Source
from wardlink.record.due.reminders import reminders
from wardlink.record.due.rounds import rounds
from wardlink.record.due.skin_tests import skin_tests
from wardlink.record.due.vitals import cooling, vitals
from wardlink.record.kind import Kind
from wardlink.record.observations import OBSERVATION
from wardlink.record.orders import ORDER
from wardlink.record.reminders import REMINDER
from wardlink.record.rounds import ROUND
from wardlink.record.skin_tests import SKIN_TEST

NEEDED: tuple[Kind[Any], ...] = (ROUND, ORDER, DOSE, OBSERVATION, CHART_EVENT, SKIN_TEST, ASSESSMENT, REMINDER)
"""The kinds of records that make something due: what `Facts.records` must hold, as far as devices keep them."""

SOURCES: tuple[Source, ...] = (vitals, cooling, rounds, doses, infusions, pain, skin_tests, assessments, reminders)


def due_of(facts: Facts, now: datetime) -> tuple[Due, ...]:
    """What is due about a stay, now and later, the earliest first; nothing once the stay is over.

    Later means as far as the record says: planned doses to the end of tomorrow, of everything else the next one.
    """
    if facts.stay.status != "in-progress":
        return ()
    found = [due for source in SOURCES for due in source(facts, now)]
    return tuple(sorted(found, key=lambda due: (due.due_at, due.code, due.why or "")))
