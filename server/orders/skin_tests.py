"""Results of skin tests: kept as they were read, written among the allergies, and set against what was given."""

from __future__ import annotations

from collections.abc import Iterator

from server.actors import staff_only
from server.batch import Batch
from server.handlers import Handler
from server.orders.stories import Found, name_of, story_of
from server.patients.allergies import change_allergies
from server.record.collisions import note_place_and_time
from server.record.service import records_of
from server.record.writing import fold_in
from wardlink.clinical.skin_test import allergy_text, covers, reading
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.orders import OrderView
from wardlink.messages.skin_tests import ReadSkinTest, SkinTestView, StrikeSkinTest
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER
from wardlink.record.skin_tests import SKIN_TEST, is_skin_test, standing_of, that_count


def read(batch: Batch, command: Command, body: ReadSkinTest) -> int:
    """Keep a result. A positive one is an allergy from now on.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, SKIN_TEST, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    test = folded.after
    if test is None or test.encounter is None:
        return folded.seq
    if test.result == "positive":
        change_allergies(batch, command, test.encounter, add=_allergies(test))
    bed = folded.resident.bed if folded.resident else test.bed
    for kind, detail in _collisions(batch, test):
        batch.exception(
            kind, ward=folded.ward, command=command, encounter=test.encounter, bed=bed, first=False, **detail
        )
    return folded.seq


def strike(batch: Batch, command: Command, body: StrikeSkinTest) -> int:
    """A result was wrong. The allergy that it alone has shown goes with it.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, SKIN_TEST, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    test = folded.after
    if test is not None and test.encounter is not None and test.result == "positive":
        others = that_count(records_of(batch.conn, SKIN_TEST, encounter=test.encounter))
        still = {text for other in others if other.result == "positive" for text in _allergies(other)}
        gone = tuple(text for text in _allergies(test) if text not in still)
        change_allergies(batch, command, test.encounter, remove=gone)
    return folded.seq


def _allergies(test: SkinTestView) -> tuple[str, ...]:
    return tuple(dict.fromkeys(allergy_text(item, test.read_at) for item in test.items))


def _collisions(batch: Batch, test: SkinTestView) -> Iterator[Found]:
    said = {"result": test.result, "read_at": test.read_at.isoformat(), "read_by": name_of(test.by_name, test.by)}
    when = reading(test.injected_at, test.read_at)
    if when == "too-early" or (when == "too-late" and test.reason is None):
        yield "skin-test-untimely", said | {"injected_at": test.injected_at.isoformat()}
    if test.second_reader is None or (test.by.kind == "staff" and test.second_reader == test.by.id):
        yield "skin-test-one-reader", said
    for other in that_count(records_of(batch.conn, SKIN_TEST, encounter=test.encounter)):
        if other.id != test.id and other.dose == test.dose and other.result != test.result:
            told = {"other_result": other.result, "other_read_at": other.read_at.isoformat()}
            yield "skin-test-contradicts", said | told | {"other_read_by": name_of(other.by_name, other.by)}
    if test.result == "positive":
        for dose in records_of(batch.conn, DOSE, encounter=test.encounter):
            if dose.order != test.order and any(covers(mine, item) for mine in test.items for item in dose.items):
                for giving in dose.givings():
                    if giving.at >= test.injected_at:
                        yield "given-against-skin-test", story_of(giving) | said


def untested(batch: Batch, mine: DoseEvent, dose: DoseView, order: OrderView | None) -> Iterator[Found]:
    """A drug that needs a negative test was given without one, and without a reason; a positive one is an allergy."""
    passed = any(override.check.startswith("skin-test") for override in mine.overrides)
    if passed or is_skin_test(order) or not any(item.skin_test for item in dose.items):
        return
    tests = records_of(batch.conn, SKIN_TEST, encounter=dose.encounter)
    orders = records_of(batch.conn, ORDER, encounter=dose.encounter)
    others = [other for other in records_of(batch.conn, DOSE, encounter=dose.encounter) if other.id != dose.id]
    for item in dose.items:
        if item.skin_test:
            found = standing_of(item, tests, orders, others, mine.at)
            if found.word not in ("negative", "positive"):
                yield "given-without-skin-test", story_of(mine) | {"test": found.word}


HANDLERS = {"skin-test.read": Handler(read), "skin-test.strike": Handler(strike)}
