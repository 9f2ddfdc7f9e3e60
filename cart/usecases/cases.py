"""Cases that wait for a person: facts that collided, and what was done about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.i18n import N_
from wardlink.messages.exceptions import CloseException, ExceptionView

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command

CLOSE_REASONS = (
    N_("checked, the entry is right"),
    N_("checked, the entry was struck out"),
    N_("clock of the device was set"),
    N_("told the technician"),
)


def open_cases(exceptions: Iterable[ExceptionView]) -> list[ExceptionView]:
    """Those that nobody has closed, oldest first."""
    return sorted((e for e in exceptions if e.closed_at is None), key=lambda e: (e.opened_at, e.id))


def timeline(case: ExceptionView) -> list[tuple[datetime, str, str]]:
    """What happened, in order: the instant, what, and by which clock it is told."""
    steps = [
        (case.measured_at, N_("measured"), N_("by the clock of the device")),
        (case.entered_at, N_("entered"), N_("by the clock of the device")),
        (case.received_at, N_("received"), N_("by the clock of the server")),
        (case.opened_at, N_("case opened"), N_("by the clock of the server")),
    ]
    return sorted(((at, what, clock) for at, what, clock in steps if at is not None), key=lambda step: step[0])


def close(ward: Ward, session: Session, case: ExceptionView, reason: str) -> Command:
    """Close a case with what was found and done."""
    return ward.record(
        "exception.close",
        CloseException(exception=case.id, reason=reason),
        actor=session.actor,
        encounter=case.encounter,
        bed=case.bed,
    )
