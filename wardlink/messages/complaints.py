"""Complaints, suggestions and thanks: what a patient sends, and what the bed is shown of it afterwards.

No change tells of them: what is said about a ward must not stand on the disks of its carts. The bed asks the server.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from wardlink.clinical.complaints import ComplaintKind, ComplaintState
from wardlink.ids import Id, Slug
from wardlink.messages.base import Instant, Message

LONGEST = 500
"""Characters of a patient's own words."""

OwnWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)]
CareRole = Literal["nurse", "doctor"]


class SubmitComplaint(Message):
    """Fact: a patient has said this. Its number and clock begin with it.

    `sentences`: codes of those that were ticked. `talk`: somebody shall come and listen. `office_only`: the ward shall
    not see it, the hospital's office alone. `about`: the nurse or doctor of this stay, who must not handle it.
    """

    kind: ComplaintKind
    topic: Slug
    sentences: tuple[Slug, ...] = Field(default=(), max_length=6)
    words: OwnWords = ""
    talk: bool = False
    office_only: bool = False
    about: tuple[CareRole, ...] = Field(default=(), max_length=2)


class ReopenComplaint(Message):
    """Request: the patient is not satisfied with the answer."""

    complaint: Id
    talk: bool = False


class ThankForReply(Message):
    """Request: the patient is satisfied, it can be closed."""

    complaint: Id


class ComplaintAtBed(Message):
    """A complaint as its patient's screen shows it: never what it said.

    `reply_by`: until when the hospital owes an answer; None where it owes none now.
    """

    id: Id
    kind: ComplaintKind
    topic: Slug
    state: ComplaintState
    submitted_at: Instant
    reply_by: Instant | None = None
    close_by: Instant | None = None
    reply: str | None = None
    replied_at: Instant | None = None
    replied_by: str | None = None
    office_only: bool = False


class ComplaintsAtBed(Message):
    """Those of one stay, the newest first."""

    complaints: tuple[ComplaintAtBed, ...]
