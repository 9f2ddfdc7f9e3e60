"""What all messages share: the version, who acts, and the limits of size."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from wardlink.ids import Slug

VERSION = 1
MAX_MESSAGE_BYTES = 64 * 1024
"""More than this in one command is refused on the device and parked on the server."""


_FIRST = datetime(1, 1, 3, tzinfo=UTC)
_LAST = datetime(9999, 12, 29, tzinfo=UTC)


def _to_utc(at: datetime) -> datetime:
    # At the ends of the calendar another time zone has no date for it.
    if not _FIRST <= at <= _LAST:
        raise ValueError("outside the calendar")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An aware instant; whatever zone it came in, it is held in UTC."""


class Message(BaseModel):
    """A frozen message that accepts no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


ActorKind = Literal["staff", "patient", "family", "device", "system"]


class Actor(Message):
    """Who acts: a member of staff, a patient's session, family with a consent, or a device on its own.

    Never inferred from the device. The id of `family` is that of the consent.
    """

    kind: ActorKind
    id: Slug

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
