"""The care team of a stay as the bed is told of it: names and roles, nothing else of anybody."""

from __future__ import annotations

from wardlink.clinical.care_team import CareRole
from wardlink.ids import Slug
from wardlink.messages.base import Instant, Message
from wardlink.messages.records import RecordView


class CareMember(Message):
    """Somebody who looks after a patient. `shift_at`: the shift that they have taken this bed in, where it is known."""

    role: CareRole
    staff: Slug
    name: str
    shift_at: Instant | None = None


class CareTeamView(RecordView):
    """Change `care-team.changed`: one a stay, by the server; `ended`: the patient has left."""

    members: tuple[CareMember, ...] = ()
    ended: bool = False
    told_at: Instant
