"""What is written about bills and differences: compare a day, with the channel's bill or a file; sign it; work off."""

from __future__ import annotations

from io import BytesIO

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from server.dashboard import PREFIX
from server.dashboard.cashier import acts
from server.dashboard.cashier.bills import FAULTS, day_asked
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.visit import Visit
from server.identity import audit
from server.reconcile import closing
from server.reconcile.resolving import RESOLUTIONS, Resolution
from server.reconcile.rows import RunView
from server.reconcile.service import DONE
from wardlink.errors import InvalidInput
from wardlink.i18n import N_, domain

_ = domain("server").gettext

MOST_BYTES = 64 * 1024 * 1024
"""A day of 100,000 lines has about 30 MB."""

_TOO_LARGE = N_("This file is larger than any day's bill.")
_NO_FILE = N_("Please choose the bill's file.")
_NO_READER = N_("Bills of this channel cannot be read from a file.")


def routes(desk: CashDesk) -> APIRouter:
    """The forms below `/reconcile`."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/reconcile/{channel}/{on}/run")
    async def run(request: Request, channel: str, on: str) -> Response:
        return await _answer(desk, request, channel, on, lambda v, _t: _run(desk, v, channel, on))

    @router.post("/reconcile/{channel}/{on}/upload")
    async def upload(request: Request, channel: str, on: str) -> Response:
        given = (await request.form()).get("bill")
        data = await given.read(MOST_BYTES + 1) if isinstance(given, UploadFile) else b""
        return await _answer(desk, request, channel, on, lambda v, _t: _compare(desk, v, channel, on, data))

    @router.post("/reconcile/{channel}/{on}/sign")
    async def sign(request: Request, channel: str, on: str) -> Response:
        return await _answer(desk, request, channel, on, lambda v, _t: _sign(desk, v, channel, on))

    @router.post("/reconcile/difference/{id}/close")
    async def close(request: Request, id: str) -> Response:
        path = f"/reconcile/difference/{id[:40]}"
        return await acts.answer(desk, request, path, "pay.reconcile", lambda v, t: _close(desk, v, id[:40], t))

    return router


async def _answer(desk: CashDesk, request: Request, channel: str, on: str, act: acts.Act) -> Response:
    path = f"/reconcile/{channel[:20]}/{on[:10]}"
    return await acts.answer(desk, request, path, "pay.reconcile", act)


def _run(desk: CashDesk, visitor: Visit, channel: str, on: str) -> str:
    name, day = day_asked(channel, on)
    _note(desk, visitor, f"bill {name} {day}")
    return _told(desk.reconciliation.run(name, day))


def _compare(desk: CashDesk, visitor: Visit, channel: str, on: str, data: bytes) -> str:
    name, day = day_asked(channel, on)
    reader = desk.reconciliation.readers.get(name)
    if reader is None:
        raise InvalidInput(_NO_READER)
    if not data:
        raise InvalidInput(_NO_FILE)
    if len(data) > MOST_BYTES:
        raise InvalidInput(_TOO_LARGE)
    _note(desk, visitor, f"bill {name} {day} from a file")
    return _told(desk.reconciliation.run_rows(name, day, reader(BytesIO(data))))


def _sign(desk: CashDesk, visitor: Visit, channel: str, on: str) -> str:
    name, day = day_asked(channel, on)
    closing.sign(desk.core, visitor.person, name, day)
    return _("The day is signed.")


def _close(desk: CashDesk, visitor: Visit, id: str, typed: acts.Typed) -> str:
    way = _way(typed.get("way", ""))
    closing.close(
        desk.core,
        visitor.person,
        id,
        acts.reason_of(typed),
        way=way,
        admission_no=typed.get("admission_no", "") if way == "taken" else "",
    )
    return _("It is worked off.")


def _way(typed: str) -> Resolution:
    for way in RESOLUTIONS:
        if way == typed:
            return way
    raise InvalidInput(detail=_("how it was worked off"))


def _note(desk: CashDesk, visitor: Visit, what: str) -> None:
    with desk.core.db.write() as conn:
        audit.note(desk.core, conn, visitor.person, "reconcile-run", what)


def _told(run: RunView) -> str:
    if run.status != DONE:
        return _("The day could not be compared: {why}.").format(why=_(FAULTS.get(run.status, run.status)))
    return _("Compared: {lines} lines, {matched} fit.").format(lines=run.lines, matched=run.matched)
