"""Consents for family at the server: only the patient gives one, and nothing keeps it standing after its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.projection import for_bed
from server.record.service import record_called
from tests.server.wards import DESK, NOW, NURSE, STAY_1, STAY_2, SmallWard, admission
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.encounters import Discharge, Transfer
from wardlink.messages.family import FamilyConsentView, GrantFamily, WithdrawFamily
from wardlink.record.family import FAMILY_CONSENT
from wardlink.record.kind import Said

PATIENT = Actor(kind="patient", id=STAY_1)


def grants(ward: SmallWard, **said: Any) -> Command:
    """The patient lets a daughter order meals."""
    body = {"relation": "daughter", "scopes": ["daily"]} | said
    return ward.terminal.command("family-consent.grant", body, encounter=STAY_1, actor=PATIENT)


def withdraws(ward: SmallWard, consent: str, by: Actor = PATIENT, **envelope: Any) -> Command:
    """The patient takes it back."""
    said = {"encounter": by.id if by.kind == "patient" else STAY_1, "actor": by} | envelope
    return ward.terminal.command("family-consent.withdraw", {"consent": consent}, **said)


def granted(ward: SmallWard, **said: Any) -> str:
    """A consent that stands; its id."""
    command = grants(ward, **said)
    assert ward.answer(command).outcome == "applied"
    return command.id


def consent(ward: SmallWard, name: str) -> FamilyConsentView:
    """It as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, FAMILY_CONSENT, name)
    assert found is not None
    return found[1]


def moves(ward: SmallWard) -> None:
    """The first patient lies in another bed."""
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)


def leaves(ward: SmallWard) -> None:
    """The first patient goes home."""
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)


def test_a_consent_goes_its_whole_way(ward: SmallWard) -> None:
    """Given once whatever is tapped, told to this bed alone, and taken back."""
    command = grants(ward)
    assert [ward.answer(command).outcome for _ in range(2)] == ["applied", "already-applied"]
    assert consent(ward, command.id).is_open
    ward.clock.advance(60)
    assert ward.answer(withdraws(ward, command.id)).outcome == "applied"

    found = consent(ward, command.id)
    assert (found.why, found.ended_at, found.ended_by) == ("patient", ward.clock.now(), PATIENT)
    rows = ward.changes("family-consent.changed")
    assert len(rows) == 2
    assert all(for_bed(row, "w1", "b1") is not None for row in rows)
    assert all(for_bed(row, "w1", "b2") is None for row in rows)


def test_one_person_has_one_consent(ward: SmallWard) -> None:
    """A second daughter has her own; the first has another only after hers was taken back."""
    first = granted(ward)
    granted(ward, number=2)
    assert ward.answer(grants(ward)).outcome == "refused"
    ward.answer(withdraws(ward, first))

    assert granted(ward) != first


@pytest.mark.parametrize("by", [NURSE, Actor(kind="patient", id=STAY_2)])
def test_nobody_consents_for_the_patient(ward: SmallWard, by: Actor) -> None:
    """Neither a nurse nor the neighbour gives a consent or takes one back."""
    name = granted(ward)
    other = ward.terminal.command(
        "family-consent.grant", {"relation": "son", "scopes": ["daily"]}, encounter=STAY_1, actor=by
    )

    assert ward.answer(other).outcome != "applied"
    assert ward.answer(withdraws(ward, name, by)).outcome != "applied"
    assert consent(ward, name).is_open


def test_a_consent_is_given_at_the_patients_own_bed(ward: SmallWard) -> None:
    """The terminal of another bed is turned away, and so is a cart."""
    body = {"relation": "daughter", "scopes": ["daily"]}
    for device in (ward.terminal_2, ward.cart):
        command = device.command("family-consent.grant", body, encounter=STAY_1, actor=PATIENT, bed="b1")

        assert ward.answer(command).outcome != "applied"


def test_the_bed_that_was_left_gives_no_consent(ward: SmallWard) -> None:
    """A session still open there when the patient was moved; a consent is taken back from there all the same."""
    name = granted(ward)
    back = withdraws(ward, name)
    moves(ward)

    assert ward.answer(back).outcome == "applied"
    assert ward.answer(grants(ward, relation="son")).outcome == "refused"


def test_a_child_does_not_consent_alone(ward: SmallWard) -> None:
    """On the day before the fourteenth birthday; the sentence says who does."""
    leaves(ward)
    child = new_id()
    born = admission(3, "b1", birth_on=date(2012, 11, 26))
    ward.core.execute("encounter.admit", born, ward="w1", actor=DESK, encounter=child)
    command = ward.terminal.command(
        "family-consent.grant",
        {"relation": "parent", "scopes": ["daily"]},
        encounter=child,
        actor=Actor(kind="patient", id=child),
    )

    assert ward.answer(command).outcome == "refused"


def test_a_consent_ends_with_the_bed(ward: SmallWard) -> None:
    """Moved to another bed the patient gives it anew; the bed that was left is told."""
    name = granted(ward)
    moves(ward)

    assert consent(ward, name).why == "moved"
    told = ward.changes("family-consent.changed")[-1]
    assert for_bed(told, "w1", "b1") is not None


def test_a_consent_ends_with_the_stay(ward: SmallWard) -> None:
    """Every one of them, and none is given afterwards."""
    names = [granted(ward), granted(ward, relation="son")]
    leaves(ward)

    assert [consent(ward, name).why for name in names] == ["discharged"] * 2
    assert ward.answer(grants(ward, relation="spouse")).outcome != "applied"


def test_what_was_taken_back_without_a_network_counts_from_then(ward: SmallWard) -> None:
    """The server hears of it after the patient has left: the earlier end holds."""
    name = granted(ward)
    ward.clock.advance(60)
    command = withdraws(ward, name)
    at = ward.clock.now()
    ward.clock.advance(60)
    leaves(ward)
    assert consent(ward, name).why == "discharged"
    assert ward.answer(command).outcome == "applied"

    found = consent(ward, name)
    assert (found.why, found.ended_at) == ("patient", at)


@given(st.lists(st.integers(min_value=-5, max_value=50), min_size=1, max_size=6), st.randoms())
def test_it_ends_once_whatever_the_order(minutes: list[int], luck: Any) -> None:
    """However often and in whatever order it is taken back, also by a clock that is slow: the earliest end holds."""

    def command(kind: str, body: dict[str, Any], minute: int) -> Command:
        at = NOW + timedelta(minutes=minute)
        envelope = {"ward": "w1", "device": "t1", "stream": new_id(), "n": 1, "actor": PATIENT, "encounter": STAY_1}
        return Command.model_validate(
            {"id": new_id(), "kind": kind, "measured_at": at, "entered_at": at, "body": body} | envelope
        )

    body = GrantFamily(relation="son", scopes=("daily",))
    view = FAMILY_CONSENT.fold(None, Said(command("family-consent.grant", body.model_dump(), 0), body))
    assert view is not None
    back = WithdrawFamily(consent=view.id)
    ends = [command("family-consent.withdraw", back.model_dump(), minute) for minute in minutes]
    luck.shuffle(ends)
    for end in [*ends, ends[0]]:
        view = FAMILY_CONSENT.fold(view, Said(end, back))

    assert view is not None
    assert view.ended_at == NOW + timedelta(minutes=max(0, min(minutes)))
