"""Changes: what the server decided, numbered per ward without gaps, in ranges that show their own edges."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import Field, ValidationError

from wardlink.errors import MessageUnreadable
from wardlink.ids import Id, Slug
from wardlink.messages.base import VERSION, Instant, Message
from wardlink.messages.calls import CallChanged
from wardlink.messages.commands import faults
from wardlink.messages.encounters import EncounterView
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.vitals import VitalsRecorded, VitalsStruck

CHANGE_BODIES: dict[str, type[Message]] = {
    "vitals.recorded": VitalsRecorded,
    "vitals.struck": VitalsStruck,
    "call.changed": CallChanged,
    "encounter.changed": EncounterView,
    "exception.opened": ExceptionView,
    "exception.closed": ExceptionView,
}


Joint = Annotated[str, Field(max_length=16)]
"""The first 16 hexadecimal digits of the hash of the change with that number; zeros before the first, empty where the
log has no such number."""


class Change(Message):
    """One decision. `command` is the command that caused it, so that a device knows its own again."""

    seq: int = Field(ge=1)
    kind: str
    at: Instant
    command: Id | None = None
    device: Slug | None = None
    bed: Slug | None = None
    encounter: Id | None = None
    body: dict[str, Any]


class ChangeRange(Message):
    """All changes that the receiver may know with `after < seq <= upto`.

    A receiver at `after` or beyond applies it and stands at `upto`; one that stands before `after` has a gap
    and fetches. `log` names the history these numbers belong to: another log means another history, and a
    replica starts anew from a snapshot. `joint_after` and `joint_upto` are what the log's hash chain is at these two
    numbers: two histories that have the same log and the same number have other joints. `more` (over HTTP): ask
    again from `upto`.
    """

    v: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    ward: Slug
    log: Id
    at: Instant
    after: int = Field(ge=0)
    upto: int = Field(ge=0)
    joint_after: Joint
    joint_upto: Joint
    changes: tuple[Change, ...] = ()
    more: bool = False


class BedView(Message):
    """A bed, occupied or not."""

    id: Slug
    label: str


class StaffView(Message):
    """A member of staff, as others may see them."""

    id: Slug
    name: str
    role: str


class Snapshot(Message):
    """Everything a device needs to begin, as of `seq`. A terminal's holds its own bed only."""

    v: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    ward: Slug
    ward_name: str
    log: Id
    seq: int = Field(ge=0)
    joint: Joint
    at: Instant
    beds: tuple[BedView, ...] = ()
    staff: tuple[StaffView, ...] = ()
    encounters: tuple[EncounterView, ...] = ()
    vitals: tuple[VitalsRecorded, ...] = ()
    calls: tuple[CallChanged, ...] = ()
    exceptions: tuple[ExceptionView, ...] = ()
    records: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)
    """By kind of record (`wardlink.record.kinds`), the views that a device needs."""


def decode_range(payload: bytes) -> ChangeRange:
    """Read a message of `changes` or an answer of the changes endpoint.

    Raises:
        MessageUnreadable: not JSON, another version, or wrong fields.
    """
    try:
        return ChangeRange.model_validate_json(payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def decode_snapshot(payload: bytes) -> Snapshot:
    """Read a snapshot.

    Raises:
        MessageUnreadable: not JSON, another version, or wrong fields.
    """
    try:
        return Snapshot.model_validate_json(payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def encode(message: ChangeRange | Snapshot) -> bytes:
    """The bytes for the wire."""
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))
