"""What a patient is at risk of, derived from assessments, skin tests and allergies."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.clinical.sets import NOW
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.isolation import Precaution, precautions
from wardlink.i18n import speaking
from wardlink.ids import new_id
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.base import Actor
from wardlink.messages.isolations import IsolationView
from wardlink.messages.orders import OrderedDrug
from wardlink.messages.skin_tests import SkinTestView
from wardlink.record.risks import Risk, every_sign, risks_of
from wardlink.terminal.cells import width

NURSE = Actor(kind="staff", id="n-lijing")


def found(scale: str, band: str, at: datetime = NOW, **fields: Any) -> AssessmentView:
    """An assessment with that result."""
    return AssessmentView(
        id=new_id(), scale=scale, version="1", answers={}, band=band, assessed_at=at, entered_at=at, by=NURSE, **fields
    )


def read(result: str, **fields: Any) -> SkinTestView:
    """A penicillin test that was read."""
    drug = OrderedDrug(
        drug="penicillin-test",
        name_zh="青霉素皮试液",
        name_en="penicillin test solution",
        strength="500 U/mL",
        ingredient="penicillin",
        classes=("penicillin",),
        dose=0.1,
        unit="mL",
    )
    known: dict[str, Any] = {"dose": new_id(), "order": new_id(), "items": (drug,), "injected_at": NOW, "read_at": NOW}
    known |= {"result": result, "before_mm": 3, "after_mm": 12, "by": NURSE, "device": "c1"}
    return SkinTestView(id=new_id(), **(known | fields))


def codes(risks: tuple[Risk, ...]) -> list[str]:
    """What was found, in its order."""
    return [risk.code for risk in risks]


def test_every_marked_level_is_a_risk_and_no_other() -> None:
    """The table of each scale says which; of a level that it does not know nothing is said."""
    for code, scale in scales().items():
        for band in scale.bands:
            risks = risks_of((), [found(code, band.code)], [])
            assert bool(risks) is band.marked, (code, band.code)
    assert risks_of((), [found("morse", "unheard-of"), found("later-scale", "high")], []) == ()


def test_the_newest_that_stands_counts() -> None:
    """A fall risk that has gone is gone; struck out, the one before it counts again."""
    before, after = found("morse", "high", NOW - timedelta(hours=9)), found("morse", "low")
    struck = after.model_copy(update={"struck_at": NOW})

    assert codes(risks_of((), [after, before], [])) == []
    assert codes(risks_of((), [struck, before], [])) == ["morse"]


def test_the_weightiest_comes_first_whatever_was_said_first() -> None:
    """Self-harm, then what must not be given, then red levels, then yellow ones."""
    parts = [found("frail", "frail"), found("morse", "high"), found("psych", "emergency"), found("braden", "moderate")]
    wanted = ["self-harm", "skin-test-positive", "allergy", "morse"]

    orders = {tuple(codes(risks_of(("乳胶",), some, [read("positive")]))) for some in permutations(parts)}

    assert len(orders) == 1
    assert list(next(iter(orders)))[:4] == wanted


def test_two_scales_of_one_sign_are_one_risk() -> None:
    """Caprini and Padua both watch for clots: one sign, told by the weightier of them."""
    risks = risks_of((), [found("caprini", "moderate"), found("padua", "high")], [])

    assert [risk.sign for risk in risks] == ["VT"]


@pytest.mark.parametrize(
    ("allergies", "tests", "wanted"),
    [
        ((), [], []),
        (("头孢类",), [], [("allergy", "头孢类")]),
        ((), ["negative"], []),
        ((), ["doubtful"], []),
        (("青霉素类皮试阳性（2026-11-20）",), [], [("skin-test-positive", "青霉素类皮试阳性（2026-11-20）")]),
    ],
)
def test_a_positive_test_has_a_sign_of_its_own(
    allergies: tuple[str, ...], tests: list[str], wanted: list[tuple[str, str]]
) -> None:
    """Also long after the device has let go of the test: the allergy that it wrote says it."""
    risks = risks_of(allergies, [], [read(result) for result in tests])

    assert [(risk.code, risk.said_text()) for risk in risks] == wanted


def test_a_positive_test_counts_before_the_server_has_heard_of_it() -> None:
    """And not any more once it was struck out."""
    test = read("positive")

    assert codes(risks_of(("乳胶",), [], [test])) == ["skin-test-positive", "allergy"]
    assert codes(risks_of((), [], [test.model_copy(update={"struck_at": NOW})])) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_two_risks_share_a_sign(language: str) -> None:
    """The sign alone tells, without its colour: at most three cells, and each with its word."""
    with speaking(language):
        signs = every_sign()

    assert len({sign for sign, _mark in signs}) == len(signs)
    assert len({mark for _sign, mark in signs}) == len(signs)
    assert all(width(sign) <= 3 for sign, _mark in signs)
    assert {"morse", "braden", "nrs2002", "psych"} <= {
        code for code, s in scales().items() if any(b.marked for b in s.bands)
    }


def isolated(precaution: Precaution, **fields: Any) -> IsolationView:
    """A patient is isolated like this."""
    known: dict[str, Any] = {"precaution": precaution, "reason": "MRSA", "started_at": NOW, "by": NURSE, "device": "c1"}
    return IsolationView(id=new_id(), **(known | fields))


def test_isolation_stands_before_every_risk_the_strictest_first() -> None:
    """In whatever order it was told; of two of one kind one sign stands, and an end or a strike takes its own away."""
    held = [isolated("contact"), isolated("airborne"), isolated("contact")]
    over = [isolated("droplet", ended_at=NOW), isolated("protective", struck_at=NOW)]
    for some in permutations([*held, *over]):
        risks = risks_of(("乳胶",), [found("morse", "high")], [], some)

        assert codes(risks) == ["airborne", "contact", "allergy", "morse"]
        assert {risk.said for risk in risks[:2]} == {"MRSA"}


def test_every_precaution_has_a_sign_of_its_own() -> None:
    """In both languages: whoever stands at the door must not take one for another."""
    for speaks in ("zh_CN", "en"):
        with speaking(speaks):
            signs = [risks_of((), [], [], [isolated(code)])[0].sign_text() for code in precautions()]
            others = [sign for sign, _mark in every_sign()]

        assert len({*signs}) == len(signs)
        assert len({*others}) == len(others)
