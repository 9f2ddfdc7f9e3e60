"""Assessments in the ward record: weighed as they are folded, kept while they stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.assessments.answering import in_order
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.assessments.weighing import weigh
from wardlink.ids import new_id
from wardlink.messages.assessments import AssessmentView, RecordAssessment, StrikeAssessment
from wardlink.messages.base import Actor, Message
from wardlink.messages.commands import Command
from wardlink.record.assessments import ASSESSMENT, standing
from wardlink.record.kind import Said

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HIGH = dict(in_order(scales()["morse"], 25, 15, 15, 20, 10, 0))


def said(kind: str, body: Message, *, hours: int = 0, by: str = "n1") -> Said:
    """A command, `hours` after `NOW`."""
    at = NOW + timedelta(hours=hours)
    command = Command(
        id=new_id(), kind=kind, ward="w1", device="c1", stream=new_id(), n=1, actor=Actor(kind="staff", id=by),
        encounter=new_id(), measured_at=at, entered_at=at, body=body.model_dump(mode="json", exclude_none=True),
    )  # fmt: skip
    return Said(command, body)


def made(answers: dict[str, str], scale: str = "morse", *, hours: int = 0) -> AssessmentView:
    """What a recorded assessment is."""
    body = RecordAssessment(scale=scale, version="1", answers=answers)
    view = ASSESSMENT.fold(None, said("assessment.record", body, hours=hours))
    assert view is not None
    return view


def test_the_record_weighs_what_was_answered() -> None:
    """Total, level, table of levels and the next date come from the answers alone."""
    view = made(HIGH)

    assert (view.total, view.band, view.cut, view.version) == (85, "high", "over-45", "1")
    assert view.next_at == NOW + timedelta(hours=24)
    assert view.answers == HIGH


@given(
    st.sampled_from([*scales(), "a-later-scale"]),
    st.dictionaries(st.text(min_size=1, max_size=10), st.text(min_size=1, max_size=10), max_size=5),
)
def test_what_this_software_does_not_understand_is_kept_as_it_was_said(scale: str, answers: dict[str, str]) -> None:
    """A newer cart, or a wrong answer: nothing is dropped and no total made up; the fold never raises."""
    view = made(answers, scale)

    assert view.answers == answers
    known = scales().get(scale)
    assert view.totals == ({} if known is None else dict(weigh(known, answers).totals))
    assert len(ASSESSMENT.state(view)) <= 20


def test_said_twice_or_struck_twice_the_first_word_stands() -> None:
    """The same command changes nothing; of two strikes the first one's reason is kept; the answers stay."""
    command = said("assessment.record", RecordAssessment(scale="morse", version="1", answers=HIGH))
    first = ASSESSMENT.fold(None, command)
    assert first is not None
    strikes = [said("assessment.strike", StrikeAssessment(assessment=first.id, reason=why)) for why in ("录错", "重复")]

    again = ASSESSMENT.fold(first, command)
    struck = ASSESSMENT.fold(ASSESSMENT.fold(first, strikes[0]), strikes[1])

    assert again == first
    assert struck is not None
    assert (struck.struck_reason, struck.answers, struck.totals) == ("录错", first.answers, first.totals)


def test_a_strike_alone_makes_no_assessment() -> None:
    """Nothing is made up of what nobody knows."""
    strike = said("assessment.strike", StrikeAssessment(assessment=new_id(), reason="x"))

    assert ASSESSMENT.fold(None, strike) is None


def test_it_is_kept_as_long_as_it_stands() -> None:
    """However old: the newest of each scale must be on every cart, also after the newer one was struck out."""
    view = made(HIGH)
    struck = ASSESSMENT.fold(view, said("assessment.strike", StrikeAssessment(assessment=view.id, reason="x")))
    assert struck is not None
    later = NOW + timedelta(days=60)

    assert ASSESSMENT.is_kept(view, later)
    assert not ASSESSMENT.is_kept(struck, later)
    assert not ASSESSMENT.for_bed


def test_the_newest_that_was_not_struck_stands() -> None:
    """By when the patient was assessed, not by when it was typed."""
    first, second = made(HIGH), made(HIGH, hours=24)
    struck = second.model_copy(update={"struck_at": NOW})
    other = made(dict(in_order(scales()["braden"], 3, 3, 2, 3, 3, 2)), "braden")

    assert standing([second, first, other]) == {"morse": second, "braden": other}
    assert standing([struck, first]) == {"morse": first}
