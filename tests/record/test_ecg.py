"""Strips in the ward record: their parts make the strip again, what is said of them is kept whatever comes first."""

from __future__ import annotations

from array import array
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.ecg.strips import AT
from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command
from wardlink.messages.ecg import MOST_IN_PART, EcgView
from wardlink.record.ecg import ECG, ECG_PART, digest_of, parts_of, strip_of
from wardlink.record.kind import Said

STRIP_ID = new_id()
FACTS: dict[str, Any] = {
    "source": "room",
    "leads": ["II"],
    "rate_hz": 500.0,
    "uv_per_unit": 1.0,
    "length": 10,
    "digest": "d",
}


def said(kind: str, body: dict[str, Any], *, id: str | None = None, who: str = "n1") -> Said:
    """A command about the strip."""
    command = Command(
        id=id or new_id(),
        kind=kind,
        ward="w1",
        device="c1",
        stream=new_id(),
        n=1,
        actor=Actor(kind="staff", id=who),
        measured_at=AT,
        entered_at=AT,
        body=body,
    )
    return Said(command, parse_body(kind, body), "李静")


def after(*saids: Said) -> EcgView:
    """The strip after these."""
    view = None
    for each in (said("ecg.record", FACTS, id=STRIP_ID), *saids):
        view = ECG.fold(view, each)
    assert view is not None
    return view


SEE = said("ecg.see", {"strip": STRIP_ID, "reports": 0})
SEE_REPORT = said("ecg.see", {"strip": STRIP_ID, "reports": 1}, who="n2")
REPORT = said("ecg.report", {"strip": STRIP_ID, "text": "窦性心律"})
STRIKE = said("ecg.strike", {"strip": STRIP_ID, "reason": "病人错误"})


@given(
    st.lists(st.integers(MISSING, 32767), min_size=1, max_size=40),
    st.sampled_from([1, 3, MOST_IN_PART, MOST_IN_PART + 1]),
    st.randoms(),
)
def test_the_parts_make_the_strip_again(values: list[int], times: int, chance: Any) -> None:
    """In any order, of any length; and none holds more than it may."""
    samples = array("h", (values * times)[: 2 * MOST_IN_PART + 1])
    strip = Strip(AT, 500, 1, {"II": samples, "V1": samples[::-1]})
    facts = {"leads": ("II", "V1"), "length": len(samples), "digest": digest_of(strip)}
    view = after().model_copy(update=facts)
    parts = list(parts_of(view.id, strip, encounter=None, bed=None))
    chance.shuffle(parts)

    assert strip_of(view, parts) == strip
    assert max(part.length for part in parts) <= MOST_IN_PART
    assert len({part.id for part in parts}) == len(parts)
    assert strip_of(view, parts[1:]) is None


def test_parts_of_other_strips_are_passed_over() -> None:
    """They may lie beside it."""
    strip = Strip(AT, 500, 1, {"II": array("h", range(10))})
    other = parts_of(new_id(), Strip(AT, 500, 1, {"II": array("h", [7] * 10)}), encounter=None, bed=None)

    view = after().model_copy(update={"digest": digest_of(strip)})

    assert strip_of(view, [*other, *parts_of(STRIP_ID, strip, encounter=None, bed=None)]) == strip
    assert strip_of(view, other) is None


def test_samples_that_are_not_those_that_were_taken_make_no_strip() -> None:
    """One unit in one sample, or text that is no sample at all: an error, never a curve that looks right."""
    strip = Strip(AT, 500, 1, {"II": array("h", range(10))})
    view = after().model_copy(update={"digest": digest_of(strip)})
    (part,) = parts_of(STRIP_ID, Strip(AT, 500, 1, {"II": array("h", [*range(9), 10])}), encounter=None, bed=None)

    for wrong in (part, part.model_copy(update={"samples": "AAAA"})):
        with pytest.raises(ValueError, match="samples"):
            strip_of(view, [wrong])


def test_a_part_has_the_instant_of_its_strip() -> None:
    """So that strips are let go of whole."""
    strip = Strip(AT, 500, 1, {"II": array("h", [1]), "V1": array("h", [1])})

    assert {ECG_PART.at(part) for part in parts_of(STRIP_ID, strip, encounter=None, bed=None)} == {AT}


def test_the_same_twice_changes_nothing() -> None:
    """Whatever it is."""
    for each in (SEE, REPORT, STRIKE, said("ecg.record", FACTS, id=STRIP_ID)):
        assert after(each, each) == after(each)


def test_who_reads_it_first_stands_until_there_is_more_to_read() -> None:
    """A second nurse changes nothing, unless a report came between."""
    again = said("ecg.see", {"strip": STRIP_ID, "reports": 0}, who="n2")

    assert after(SEE, again).seen_by == Actor(kind="staff", id="n1")
    assert after(SEE, REPORT).is_new
    seen = after(SEE, REPORT, SEE_REPORT)
    assert (seen.is_new, seen.seen_by) == (False, Actor(kind="staff", id="n2"))


def test_an_old_word_makes_no_read_report_new() -> None:
    """A cart that saw the strip alone is heard after one that saw its report."""
    assert after(REPORT, SEE_REPORT, SEE) == after(REPORT, SEE_REPORT)


def test_reports_are_kept_in_whatever_order_they_come() -> None:
    """Each with who said it."""
    reports = [
        said("ecg.report", {"strip": STRIP_ID, "text": text}, who=who) for text, who in (("a", "d1"), ("b", "d2"))
    ]

    assert len({after(*order) for order in permutations(reports)}) == 1


def test_nothing_is_made_of_a_strip_that_nobody_knows() -> None:
    """What is said of it alone is no strip."""
    for each in (SEE, REPORT, STRIKE):
        assert ECG.fold(None, each) is None
