"""Intake, output and single measurements on the server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.record.service import record_called
from server.snapshot import render_snapshot
from tests.server.wards import OTHER_NURSE, STAY_1, SmallWard
from wardlink.messages.base import Message
from wardlink.messages.changes import decode_snapshot
from wardlink.messages.fluids import RecordFluid, StrikeFluid
from wardlink.messages.observations import RecordObservation, StrikeObservation
from wardlink.record.kinds import BY_NAME

URINE = RecordFluid(direction="output", kind="urine", volume_ml=350)
GLUCOSE = RecordObservation(what="glucose", value=7.8, slot="fasting")
SUBJECTS = [
    pytest.param("fluid", URINE, lambda id, why: StrikeFluid(fluid=id, reason=why), id="fluid"),
    pytest.param("observation", GLUCOSE, lambda id, why: StrikeObservation(observation=id, reason=why), id="measured"),
]


@pytest.mark.parametrize(("name", "fact", "strike"), SUBJECTS)
def test_it_is_kept_once_and_struck_once(ward: SmallWard, name: str, fact: Message, strike: object) -> None:
    """However often it is sent; two nurses on two carts strike it out, and the first word stands."""
    command = ward.cart.command(f"{name}.record", fact, encounter=STAY_1)
    outcomes = [ward.answer(command).outcome for _ in range(2)]
    assert callable(strike)
    ward.take(ward.cart.command(f"{name}.strike", strike(command.id, "录错"), encounter=STAY_1))
    ward.take(ward.cart_2.command(f"{name}.strike", strike(command.id, "重复"), encounter=STAY_1, actor=OTHER_NURSE))

    with ward.db.read() as conn:
        found = record_called(conn, BY_NAME[name], command.id)

    assert outcomes == ["applied", "already-applied"]
    assert found is not None
    assert found[1].model_dump().items() >= fact.model_dump().items()
    assert found[1].model_dump()["struck_reason"] == "录错"
    assert ward.exceptions() == []


@pytest.mark.parametrize(("name", "fact", "strike"), SUBJECTS)
@pytest.mark.parametrize(("bed", "held"), [(None, True), ("b1", False)])
def test_carts_hold_it_and_terminals_do_not(
    ward: SmallWard, name: str, fact: Message, strike: object, bed: str | None, held: bool
) -> None:
    """Two days later still."""
    ward.take(ward.cart.command(f"{name}.record", fact, encounter=STAY_1))
    ward.clock.advance(timedelta(days=2).total_seconds())

    with ward.db.read() as conn:
        snapshot = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now(), bed=bed))

    assert (name in snapshot.records) is held
