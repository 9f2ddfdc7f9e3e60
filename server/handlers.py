"""Which function applies which command. Every entrance, MQTT or HTTP, comes through this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.batch import Batch
    from wardlink.messages.commands import Command

Apply = Callable[["Batch", "Command", Any], int | None]
"""Applies one command inside a batch; returns the number of the change it made, if it made one.

Must be idempotent by the command's id together with the gate in front of it, and must not commit.
"""


@dataclass(frozen=True)
class Handler:
    """How a kind of command is applied.

    `reads`: it reads the database; what is pending is written first and it runs in a savepoint of its own.
    A handler that does not read may fail only before it has touched the batch.
    `request`: it may be refused; otherwise it is a fact, and a failure parks it.
    `devices`: kinds of devices that may send it; the server's own entrances may send everything.
    """

    apply: Apply
    reads: bool = True
    request: bool = False
    devices: frozenset[str] = frozenset({"cart"})


@lru_cache(maxsize=1)
def all_handlers() -> dict[str, Handler]:
    """Every handler, by kind of command."""
    from server.alerts.handlers import HANDLERS as alerts
    from server.assessments.handlers import HANDLERS as assessments
    from server.calls.handlers import HANDLERS as calls
    from server.complaints.handlers import HANDLERS as complaints
    from server.consults.handlers import HANDLERS as consults
    from server.ecg.handlers import HANDLERS as ecg
    from server.exceptions.handlers import HANDLERS as exceptions
    from server.family.handlers import HANDLERS as family
    from server.guides.handlers import HANDLERS as guides
    from server.handovers.handlers import HANDLERS as handovers
    from server.identity.handlers import HANDLERS as identity
    from server.lessons.handlers import HANDLERS as lesson_texts
    from server.meals.serving import HANDLERS as meals
    from server.orders.handlers import HANDLERS as orders
    from server.patients.handlers import HANDLERS as patients
    from server.record.dose_asks import HANDLERS as dose_asks
    from server.record.handlers import HANDLERS as record
    from server.record.isolations import HANDLERS as isolations
    from server.record.lessons import HANDLERS as lessons
    from server.rehabilitation.handlers import HANDLERS as rehabilitation
    from server.requests.handlers import HANDLERS as requests
    from server.survey.handlers import HANDLERS as survey
    from server.vitals.attribution import HANDLERS as attribution
    from server.vitals.handlers import HANDLERS as vitals
    from server.vitals.pairing import HANDLERS as pairing
    from server.wards.handlers import HANDLERS as wards

    return {
        **alerts,
        **assessments,
        **attribution,
        **calls,
        **dose_asks,
        **complaints,
        **consults,
        **rehabilitation,
        **family,
        **ecg,
        **exceptions,
        **guides,
        **handovers,
        **isolations,
        **identity,
        **lessons,
        **lesson_texts,
        **meals,
        **orders,
        **pairing,
        **patients,
        **record,
        **requests,
        **survey,
        **vitals,
        **wards,
    }
