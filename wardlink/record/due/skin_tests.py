"""Skin tests that were injected and wait to be read. Source: ward domain sheet 4.6."""

from __future__ import annotations

from datetime import datetime

from wardlink.clinical.skin_test import readable_from, readable_until
from wardlink.i18n import N_
from wardlink.record.doses import DOSE
from wardlink.record.due.due import Due, Facts, lapses_after
from wardlink.record.orders import ORDER
from wardlink.record.skin_tests import SKIN_TEST, injected_at, is_skin_test, that_count

_TEXT = N_("Read the skin test: {drugs}")


def skin_tests(facts: Facts, now: datetime) -> list[Due]:
    """Every test that nobody has read, while that still tells anything."""
    tested = {order.id for order in facts.of(ORDER) if is_skin_test(order)}
    read = {test.dose for test in that_count(facts.of(SKIN_TEST))}
    stay = facts.stay
    found = []
    for dose in facts.of(DOSE):
        at = injected_at(dose)
        if at is None or dose.order not in tested or dose.id in read:
            continue
        opens_at, closes_at = readable_from(at), readable_until(at)
        if now <= closes_at + lapses_after("skin-test"):
            due = Due("skin-test", stay.id, stay.bed, opens_at, opens_at, closes_at, dose.id, _TEXT, drugs=dose.items)
            found.append(due)
    return found
