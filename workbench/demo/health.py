"""Whether a running demo is well: its pages answer, its monitors speak, its books are whole, nothing was put aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx2
from sqlalchemy import Table, func, select

from server.chain import ChainCheck, verify_changes
from server.db import Database
from server.exceptions.models import ExceptionRow
from server.identity import audit
from server.identity.models import Device
from server.models import ChangeRow, Parked
from server.money.ledger import unbalanced
from wardlink.i18n import domain

_ = domain("commands").gettext

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]
_PARKED: Table = Parked.__table__  # type: ignore[attr-defined]

ANSWERS_WITHIN_S = 5.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, in words, and whether it was well."""

    what: str
    is_well: bool


class Books:
    """The server's database, read beside the running server."""

    def __init__(self, url: str, ward: str) -> None:
        self._db = Database(url)
        self._ward = ward

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def sets_by_monitor(self) -> dict[str, int]:
        """How many sets of each monitor are recorded."""
        with self._db.read() as conn:
            query = (
                select(_DEVICE.c.id, func.count(_CHANGE.c.seq))
                .outerjoin(
                    _CHANGE,
                    (_CHANGE.c.device == _DEVICE.c.id)
                    & (_CHANGE.c.ward == self._ward)
                    & (_CHANGE.c.kind == "vitals.recorded"),
                )
                .where(_DEVICE.c.kind == "monitor")
                .group_by(_DEVICE.c.id)
            )
            return {row[0]: row[1] for row in conn.execute(query)}

    def checks(self) -> Iterator[Check]:
        """Whether the chains are whole, and nothing waits for a person that should not."""
        with self._db.read() as conn:
            yield _chain(_("The change log is whole: {rows} changes."), verify_changes(conn, self._ward))
            yield _chain(_("The access audit is whole: {rows} entries."), audit.verify(conn))
            crooked = unbalanced(conn)
            parked = conn.execute(select(func.count()).select_from(_PARKED)).scalar_one()
            open_ = conn.execute(
                select(func.count()).select_from(_EXCEPTION).where(_EXCEPTION.c.closed_at.is_(None))
            ).scalar_one()
        yield Check(_("Entries of the ledger that do not balance: {count}.").format(count=len(crooked)), not crooked)
        yield Check(_("Messages that could not be taken in: {count}.").format(count=parked), parked == 0)
        yield Check(_("Open exceptions: {count}.").format(count=open_), open_ == 0)


def grown(before: Mapping[str, int], now: Mapping[str, int]) -> Check:
    """Whether every monitor has been heard between the two looks."""
    silent = sorted(device for device, count in now.items() if count <= before.get(device, 0))
    if silent:
        return Check(_("Monitors that were not heard: {devices}.").format(devices=", ".join(silent)), False)
    words = _("All {count} monitors were heard, {sets} sets more.")
    return Check(words.format(count=len(now), sets=sum(now.values()) - sum(before.values())), True)


def answers(what: str, address: str, *, token: str | None = None) -> Check:
    """Whether a page answers with 200, after the redirects of its door."""
    try:
        with httpx2.Client(timeout=ANSWERS_WITHIN_S, follow_redirects=True, trust_env=False) as client:
            found: int | str = client.get(address, params={"token": token} if token else None).status_code
    except httpx2.HTTPError as exc:
        found = type(exc).__name__
    return Check(_("{what} answers: {found}.").format(what=what, found=found), found == 200)


def channel(server: str, badge: str, pin: str) -> Check:
    """Whether the server takes payments through the sandbox gateway, as a cashier finds out."""
    try:
        with httpx2.Client(base_url=f"{server}/api/v1", timeout=ANSWERS_WITHIN_S, trust_env=False) as client:
            token = client.post("/sign-in", json={"badge": badge, "pin": pin}).json()["token"]
            signed = {"Authorization": f"Bearer {token}"}
            ways = client.get("/pay/channels", headers=signed).json()["channels"]
            client.post("/sign-out", headers=signed)
    except (httpx2.HTTPError, ValueError, KeyError) as exc:
        return Check(_("Ways to pay: {found}.").format(found=type(exc).__name__), False)
    return Check(_("Ways to pay: {found}.").format(found=", ".join(ways)), ways == ["sandbox"])


def _chain(words: str, check: ChainCheck) -> Check:
    if check.whole:
        return Check(words.format(rows=check.rows), True)
    return Check(_("A chain is broken at number {number}.").format(number=check.broken_at), False)
