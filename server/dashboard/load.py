"""Reads a ward's board and its devices from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import col

from server.calls.service import open_calls, raised_by_family
from server.dashboard.board import Board
from server.exceptions.service import open_exceptions
from server.identity.models import Device
from server.patients.models import Bed, Ward
from server.patients.service import residents
from server.record.service import open_of
from server.vitals.latest import read_latest
from server.wards.closures import not_over
from wardlink.errors import NotFound
from wardlink.record.isolations import ISOLATION


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device that is enrolled and not revoked."""

    id: str
    kind: str
    name: str
    ward: str
    bed: str | None


def read_board(conn: Connection, ward: str, now: datetime) -> Board:
    """The board as of the last change of the ward, read in one transaction.

    Raises:
        NotFound: there is no such ward.
    """
    head = conn.execute(select(col(Ward.name), col(Ward.seq)).where(col(Ward.id) == ward)).first()
    if head is None:
        raise NotFound(what="ward", name=ward)
    beds = conn.execute(
        select(col(Bed.id), col(Bed.label)).where(col(Bed.ward) == ward).order_by(col(Bed.position), col(Bed.id))
    )
    stays = {stay.id: stay for stay in residents(conn, ward)}
    return Board(
        ward=ward,
        ward_name=head.name,
        seq=head.seq,
        beds={row.id: row.label for row in beds},
        stays=stays,
        latest={stay: read_latest(conn, stay, now) for stay in stays},
        calls={call.id: call for call in open_calls(conn, ward)},
        exceptions={found.id: found for found in open_exceptions(conn, ward)},
        by_family=set(raised_by_family(conn, ward)),
        isolations={found.id: found for found in open_of(conn, ISOLATION, stays)},
        closures=not_over(conn, ward, now),
    )


def read_again(conn: Connection, board: Board, stays: set[str], now: datetime) -> None:
    """Read anew what the board holds of these stays, as far as they are here."""
    here = stays & board.stays.keys()
    for stay in here:
        board.latest[stay] = read_latest(conn, stay, now)
    board.isolations |= {found.id: found for found in open_of(conn, ISOLATION, here)}


def read_devices(conn: Connection, ward: str | None = None) -> list[KnownDevice]:
    """The devices of a ward, or of all wards: those of beds first, in the ward's order."""
    query = (
        select(col(Device.id), col(Device.kind), col(Device.name), col(Device.ward), col(Device.bed))
        .outerjoin(Bed, (col(Bed.ward) == col(Device.ward)) & (col(Bed.id) == col(Device.bed)))
        .where(col(Device.revoked_at).is_(None))
        .order_by(col(Device.ward), col(Device.bed).is_(None), col(Bed.position), col(Device.bed), col(Device.id))
    )
    if ward is not None:
        query = query.where(col(Device.ward) == ward)
    return [KnownDevice(*row) for row in conn.execute(query)]
