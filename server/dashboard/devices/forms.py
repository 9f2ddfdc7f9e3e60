"""Enrol a device, bind it to a bed, take its rights away and give them back: the forms of its page.

A credential is made, shown on the answer to the form, and forgotten: the database keeps digests alone, and nothing of
it is logged. Who comes back to that page later finds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.devices.places import AT_A_BED, unchanged
from server.dashboard.door import way_in
from server.dashboard.once import shown_once
from server.dashboard.visit import Visit, visit
from server.identity import audit, devices
from server.identity.devices import Addresses
from wardlink.credential import Credential, DeviceKind, as_json
from wardlink.errors import InvalidInput, NoRight, NotSignedIn, WardlinkError
from wardlink.i18n import N_, domain, speaking

_ = domain("server").gettext

_KINDS = ("cart", "terminal", "monitor", "room")
_SURE = N_("Please confirm it with the tick.")

Typed = Mapping[str, str]


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, or shows the credential that it made."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/fleet/enrol")
    async def enrol(request: Request) -> Response:
        addresses = request.app.state.running.addresses()
        return await _answer(core, request, "/fleet", lambda v, t: _enrol(v, t, addresses))

    @router.post("/fleet/{name}/bind")
    async def bind(request: Request, name: str) -> Response:
        addresses = request.app.state.running.addresses()
        return await _answer(core, request, f"/fleet/{name}", lambda v, t: _bind(v, name, t, addresses))

    @router.post("/fleet/{name}/revoke")
    async def revoke(request: Request, name: str) -> Response:
        return await _answer(core, request, f"/fleet/{name}", lambda v, t: _revoke(v, name, t))

    @router.post("/fleet/{name}/restore")
    async def restore(request: Request, name: str) -> Response:
        return await _answer(core, request, f"/fleet/{name}", lambda v, t: _restore(v, name, t))

    return router


Work = Callable[[Visit, Typed], Credential | None]


async def _answer(core: Core, request: Request, path: str, work: Work) -> Response:
    typed = {name: str(text).strip() for name, text in (await request.form()).items()}
    return await asyncio.to_thread(_do, core, request, path, work, typed)


def _do(core: Core, request: Request, path: str, work: Work, typed: Typed) -> Response:
    back = PREFIX + quote(path)
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(back)
    with speaking(visitor.language):
        visitor.demand("device.manage")
        try:
            made = work(visitor, typed)
        except NoRight:
            raise
        except WardlinkError as fault:
            said = urlencode({"said": "refused", "why": fault.text()})
            return RedirectResponse(f"{back}?{said}", status_code=303)
        core.devices_changed()
        if made is not None:
            return _shown(visitor, made)
    return RedirectResponse(f"{back}?said=done", status_code=303)


def _enrol(visitor: Visit, typed: Typed, addresses: Addresses) -> Credential:
    kind, ward = typed.get("kind", ""), typed.get("ward", "")
    if kind not in _KINDS:
        raise InvalidInput(detail="kind")
    visitor.demand("device.manage", ward)
    id = typed.get("id", "")
    with visitor.core.db.write() as conn:
        made = devices.enrol(
            conn,
            id=id,
            kind=cast(DeviceKind, kind),
            name=typed.get("name") or id,
            ward=ward,
            bed=typed.get("bed") or None,
            now=visitor.core.clock.now(),
            addresses=addresses,
        )
        _note(visitor, conn, "device-enrolled", made.device, ward=made.ward, bed=made.bed)
    return made


def _bind(visitor: Visit, name: str, typed: Typed, addresses: Addresses) -> Credential:
    _is_sure(typed)
    with visitor.core.db.write() as conn:
        entry = unchanged(conn, visitor, name, typed.get("version", "")).entry
        made = devices.enrol(
            conn,
            id=entry.id,
            kind=cast(DeviceKind, entry.kind),
            name=entry.name,
            ward=entry.ward,
            bed=(typed.get("bed") or None) if entry.kind in AT_A_BED else None,
            now=visitor.core.clock.now(),
            addresses=addresses,
            again=True,
        )
        devices.end_sessions(conn, entry.id)
        _note(visitor, conn, "device-bound", made.device, ward=made.ward, bed=made.bed, former_bed=entry.bed)
    return made


def _revoke(visitor: Visit, name: str, typed: Typed) -> None:
    _is_sure(typed)
    with visitor.core.db.write() as conn:
        entry = unchanged(conn, visitor, name, typed.get("version", "")).entry
        if devices.revoke(conn, entry.id, now=visitor.core.clock.now()):
            _note(visitor, conn, "device-revoked", entry.id)


def _restore(visitor: Visit, name: str, typed: Typed) -> None:
    _is_sure(typed)
    with visitor.core.db.write() as conn:
        entry = unchanged(conn, visitor, name, typed.get("version", "")).entry
        if devices.restore(conn, entry.id):
            _note(visitor, conn, "device-restored", entry.id)


def _note(visitor: Visit, conn: Any, action: str, device: str, **detail: Any) -> None:
    audit.note(visitor.core, conn, visitor.person, action, f"device {device}", **detail)


def _is_sure(typed: Typed) -> None:
    if typed.get("sure") != "yes":
        raise InvalidInput(_SURE)


def _shown(visitor: Visit, made: Credential) -> Response:
    return shown_once(
        visitor,
        title=_("The credential of {device}").format(device=made.device),
        how=_("Save it as {file}, carry it to the device, and delete it here: whoever has it is the device.").format(
            file=f"{made.device}.json"
        ),
        label=_("Credential"),
        secret=orjson.dumps(as_json(made), option=orjson.OPT_INDENT_2).decode(),
        file=f"{made.device}.json",
        back=(f"/fleet/{made.device}", _("Back to the device")),
    )
