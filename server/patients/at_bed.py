"""What the terminal of a bed may see: what is its patient's own, and nobody else's; and who sits in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy import Connection

from server.family.acting import demand_look
from server.http import DeviceOf
from server.identity.models import Device
from server.patients.service import occupant_of
from wardlink.clinical.family import Reach
from wardlink.errors import NotAllowed
from wardlink.ids import Id
from wardlink.messages.family import HEADER


@dataclass(frozen=True)
class AtBed:
    """A terminal that asks. `family`: the consent by which its screen is open, where it is not the patient's."""

    device: Device
    family: str | None = None

    @property
    def actor(self) -> str:
        """As the audit says who looks: family under their own consent, else the terminal."""
        return f"device:{self.device.id}" if self.family is None else f"family:{self.family}"

    def demand(self, conn: Connection, encounter: str, reach: Reach, now: datetime) -> None:
        """Let it through for whoever lies in its bed now; family as far as the patient has opened it to them.

        Raises:
            NotAllowed: it is no bed's terminal, somebody else lies there, or nobody; or family may not have this.
        """
        t = self.device
        if t.kind != "terminal" or t.bed is None or occupant_of(conn, t.ward, t.bed) != encounter:
            raise NotAllowed
        if self.family is not None:
            demand_look(conn, self.family, encounter, reach, now)


def at_bed_of(device: DeviceOf, family: Annotated[Id | None, Header(alias=HEADER)] = None) -> AtBed:
    """The device that asks, and the consent that it names."""
    return AtBed(device, family)


AtBedOf = Annotated[AtBed, Depends(at_bed_of)]
