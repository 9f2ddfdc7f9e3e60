"""Doses on a doctor's word in the ward record, and by when their orders are written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wardlink.clinical.tables import load
from wardlink.messages.verbal import VerbalDose, VerbalView
from wardlink.record.kind import Fold, Kind, Said


def _given(known: VerbalView | None, said: Said) -> VerbalView:
    command = said.command
    return known or VerbalView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        given_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        device=command.device,
        received_at=said.received_at,
        **{name: getattr(said.body, name) for name in VerbalDose.model_fields},
    )


def _written(known: VerbalView | None, said: Said) -> VerbalView | None:
    if known is None or known.order is not None:
        return known
    marks = {"order": said.body.order, "written_at": said.command.entered_at, "written_by": said.command.actor}
    return known.model_copy(update=marks)


def _overdue(known: VerbalView | None, said: Said) -> VerbalView | None:
    if known is None or known.overdue_at is not None or not waits(known):
        return known
    return known.model_copy(update={"overdue_at": said.command.measured_at})


def _struck(known: VerbalView | None, said: Said) -> VerbalView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


def _verbal(command: Any, body: Any) -> str:
    return str(body.verbal)


def waits(view: VerbalView) -> bool:
    """Whether its order is still to be written."""
    return view.order is None and view.struck_at is None


def write_by(view: VerbalView) -> datetime:
    """When its order is overdue."""
    return view.given_at + timedelta(hours=load("dose_checks")["verbal"]["order"]["write_within_h"])


VERBAL = Kind(
    "verbal",
    VerbalView,
    at=lambda view: view.given_at,
    folds={
        "verbal.give": Fold(_given),
        "verbal.write": Fold(_written, target=_verbal),
        "verbal.name-overdue": Fold(_overdue, target=_verbal),
        "verbal.strike": Fold(_struck, target=_verbal),
    },
    is_open=waits,
    state=lambda view: "struck" if view.struck_at is not None else "unwritten" if view.order is None else "written",
)
