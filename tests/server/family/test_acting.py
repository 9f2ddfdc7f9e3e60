"""What family do and see: as far as the patient has opened it to them, and refused in words beyond."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.handlers import all_handlers
from tests.server.family.bed import Bed
from tests.server.wards import NOW, STAY_1, STAY_2
from wardlink.clinical.family import SCOPES, commands
from wardlink.messages.base import Actor

CLEANING = ("request.place", {"category": "cleaning", "code": "floor"})
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "daily": CLEANING,
    "medical": ("consult.request", {"specialty": "pain"}),
    "patient": ("complaint.submit", {"kind": "complaint", "topic": "manner", "talk": True}),
}
"""A command for each reach that has one."""

LOOKS = {
    "money": ("bill", "payments"),
    "medical": ("results", "results/new", "ecg/released", "consult-slots/pain"),
    "patient": ("complaints", "survey"),
}


def test_every_command_of_the_bed_is_decided() -> None:
    """A kind that a terminal may send stands in the table, and nothing else does."""
    sent = {kind for kind, handler in all_handlers().items() if "terminal" in handler.devices}

    assert set(commands()) == sent


@pytest.mark.parametrize("scope", SCOPES)
def test_what_was_opened_is_taken_and_nothing_else(bed: Bed, scope: str) -> None:
    """A request beyond it is refused, with a sentence in both languages."""
    consent = bed.grant(scopes=[scope], separately=scope == "medical")
    for reach, (kind, body) in ASKED.items():
        answer = bed.says(consent, kind, body)

        if reach == scope:
            assert answer.outcome == "applied", (reach, answer)
        else:
            assert (answer.outcome, answer.reason_en) == ("refused", "The patient has not opened this to family.")
            assert answer.reason_zh == "患者没有对家属开放这一项。"


@pytest.mark.parametrize("scope", SCOPES)
def test_what_was_opened_can_be_seen_and_nothing_else(bed: Bed, scope: str) -> None:
    """Each look is written down under the family's own name."""
    consent = bed.grant(scopes=[scope], separately=scope == "medical")
    for reach, paths in LOOKS.items():
        for path in paths:
            answer = bed.ask("GET", f"/encounters/{STAY_1}/{path}", headers={"Wardlink-Family": consent})

            assert answer.status_code == (200 if reach == scope else 403), (scope, path)
    actors = {actor for actor, action, _, _ in bed.desk.audited() if action in ("view", "list")}
    assert actors <= {f"family:{consent}"}
    assert bool(actors) == (scope in LOOKS)


def test_a_question_about_the_bill_is_for_who_may_read_it(bed: Bed) -> None:
    """Though it is sent as any other request."""
    consent = bed.grant(scopes=["daily"])
    answer = bed.says(consent, "request.place", {"category": "query", "code": "line"})

    assert (answer.outcome, answer.reason_en) == ("refused", "The patient has not opened this to family.")


def test_what_was_taken_back_asks_for_nothing_more(bed: Bed) -> None:
    """Also where it was made before and came later; a look is refused as well."""
    consent = bed.grant(scopes=["daily", "money"])
    bed.withdraw(consent)
    answer = bed.says(consent, *CLEANING, measured_at=NOW)
    looked = bed.ask("GET", f"/encounters/{STAY_1}/bill", headers={"Wardlink-Family": consent})

    assert (answer.outcome, looked.status_code) == ("refused", 403)
    assert answer.reason_en == "The patient's consent is over. Please ask the patient, or the nurse."


def test_it_is_over_when_the_patient_said(bed: Bed) -> None:
    """The same request before and after."""
    consent = bed.grant(until=(NOW + timedelta(hours=1)).isoformat())
    assert bed.says(consent, *CLEANING).outcome == "applied"
    bed.ward.clock.advance(3600)

    assert bed.says(consent, *CLEANING).outcome == "refused"


def test_a_lesson_that_was_read_in_time_counts(bed: Bed) -> None:
    """It waited on the terminal; what was read after the end does not."""
    consent = bed.grant()
    bed.ward.clock.advance(120)
    bed.withdraw(consent)
    early = bed.says(consent, "lesson.read", {"lesson": "low-salt"}, measured_at=NOW + timedelta(seconds=60))
    late = bed.says(consent, "lesson.read", {"lesson": "low-salt"}, measured_at=NOW + timedelta(seconds=120))

    assert (early.outcome, late.outcome) == ("applied", "refused")


@pytest.mark.parametrize(
    "envelope", [{"encounter": STAY_2}, {"encounter": None}, {"actor": Actor(kind="family", id=STAY_1)}]
)
def test_a_consent_is_of_one_stay(bed: Bed, envelope: dict[str, Any]) -> None:
    """Not of the neighbour's, of none, and no stay is a consent."""
    assert bed.says(bed.grant(), *CLEANING, **envelope).outcome == "refused"


def test_only_the_terminal_speaks_for_family(bed: Bed) -> None:
    """Not a cart, and not the terminal of another bed."""
    actor = Actor(kind="family", id=bed.grant())
    for device in (bed.ward.cart, bed.ward.terminal_2):
        command = device.command(*CLEANING, encounter=STAY_1, actor=actor)

        assert bed.ward.answer(command).outcome == "refused"


def test_a_call_is_never_lost(bed: Bed) -> None:
    """Whoever presses, and whatever has become of the consent."""
    consent = bed.grant()
    bed.withdraw(consent)

    assert bed.says(consent, "call.raise", {}).outcome == "applied"


def test_no_patient_makes_a_guardian(bed: Bed) -> None:
    """The ward does; the sentence says so. Nor does family let anybody in."""
    said = {"relation": "guardian", "scopes": ["daily"]}
    command = bed.ward.terminal.command(
        "family-consent.grant", said, encounter=STAY_1, actor=Actor(kind="patient", id=STAY_1)
    )
    answer = bed.ward.answer(command)

    assert (answer.outcome, answer.reason_en) == ("refused", "A guardian is entered by the ward. Please ask the nurse.")
    assert bed.says(bed.grant(), "family-consent.grant", {"relation": "son", "scopes": ["daily"]}).outcome == "refused"


@pytest.mark.parametrize("name", ["a\u202eb", "x\n", "李" * 21, "\u001b[2J"])
def test_a_name_is_one_readable_line(bed: Bed, name: str) -> None:
    """What is none is not read; a blank around it is taken off."""
    body = {"relation": "son", "name": f"a{name}b", "scopes": ["daily"]}
    command = bed.ward.terminal.command(
        "family-consent.grant", body, encounter=STAY_1, actor=Actor(kind="patient", id=STAY_1)
    )

    assert bed.ward.answer(command).outcome in ("parked", "refused")


def test_family_may_order_for_who_may_not_alone() -> None:
    """M15: under sixteen, confused or in distress the patient cannot order; family can, until the same cut-off."""
    from datetime import date

    from wardlink.clinical.meals.eater import Eater
    from wardlink.clinical.meals.rules import of_slot
    from wardlink.clinical.meals.times import Slot

    slot = Slot(date(2026, 11, 26), "lunch")
    young = Eater(diets=("regular",), young=True)
    rules = {by: [f.rule for f in of_slot(young, slot, NOW, by=by)] for by in ("patient", "family", "nurse")}  # type: ignore[arg-type]
    late = [f.rule for f in of_slot(young, slot, slot.cutoff_at, by="family")]

    assert rules == {"patient": ["M15"], "family": [], "nurse": []}
    assert late == ["M06"]
