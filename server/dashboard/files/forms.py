"""The forms of the hospital's files, and the files themselves to be saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.fields import instant_typed
from server.dashboard.files.version import number_of
from server.dashboard.posted import posted
from server.dashboard.visit import Visit, visit
from server.house.acts import House
from server.house.drafts import Draft
from server.house.texts import MOST_BYTES
from wardlink.errors import InvalidInput, NotFound, NotSignedIn
from wardlink.i18n import N_, speaking

_NO_FILE = N_("Please choose the file.")


def routes(house: House) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    core = house.core

    async def done(request: Request, path: str, work: Callable[[Visit], None], then: str | None = None) -> Response:
        return await asyncio.to_thread(posted, core, request, path, work, then=then)

    @router.post("/files/{kind}/look")
    async def look(request: Request, kind: str) -> Response:
        sent = (await request.form()).get("file")
        data = await sent.read(MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
        name = (sent.filename or "" if isinstance(sent, UploadFile) else "")[-100:]
        # Who sends it is known once they are let in; where it will lie is said before.
        place = Draft(kind, "", name, data)

        def work(visitor: Visit) -> None:
            visitor.demand(house.kind(kind).right)
            if not name:
                raise InvalidInput(_NO_FILE)
            draft = Draft(kind, visitor.person.id, name, data, place.id)
            house.looked(draft)
            house.drafts.keep(draft)

        path = f"/files/{kind[:40]}"
        return await done(request, path, work, then=f"{path}/look/{place.id}")

    @router.post("/files/{kind}/confirm")
    async def confirm(request: Request, kind: str) -> Response:
        typed = _typed(await request.form())
        draft = typed.get("draft", "")[:40]

        def work(visitor: Visit) -> None:
            visitor.demand(house.kind(kind).right)
            house.confirm(
                visitor.person,
                kind,
                draft,
                saw=typed.get("seen", ""),
                note=typed.get("note", ""),
                effective_at=instant_typed(typed.get("from", "")),
            )

        path = f"/files/{kind[:40]}"
        kept = {name: typed[name] for name in ("from", "note") if typed.get(name)}
        return await asyncio.to_thread(posted, core, request, f"{path}/look/{draft}", work, then=path, typed=kept)

    @router.post("/files/{kind}/{no}/again")
    async def again(request: Request, kind: str, no: str) -> Response:
        typed = _typed(await request.form())

        def work(visitor: Visit) -> None:
            visitor.demand(house.kind(kind).right)
            saw, note = typed.get("seen", ""), typed.get("note", "")
            house.again(visitor.person, kind, number_of(no), saw=saw, note=note)

        path = f"/files/{kind[:40]}"
        return await done(request, f"{path}/{no[:40]}", work, then=path)

    @router.post("/files/{kind}/{no}/take-back")
    async def take_back(request: Request, kind: str, no: str) -> Response:
        def work(visitor: Visit) -> None:
            visitor.demand(house.kind(kind).right)
            house.take_back(visitor.person, kind, number_of(no))

        return await done(request, f"/files/{kind[:40]}/{no[:40]}", work)

    @router.get("/files/{kind}/{no}.toml")
    @router.get("/files/{kind}/{no}.yaml")
    def saved(request: Request, kind: str, no: str) -> Response:
        try:
            visitor = visit(core, request)
        except NotSignedIn:
            return way_in(request.url.path)
        found = house.kind(kind)
        visitor.demand(found.right)
        with speaking(visitor.language):
            text = house.text(kind, None if no == "now" else number_of(no))
        visitor.audit("export", f"{kind} version {no}"[:200])
        return _saved(text.encode(), f"wardlink-{kind}-{no}.{found.suffix}", "text/plain")

    @router.get("/files/{kind}/{no}.csv")
    def as_table(request: Request, kind: str, no: str) -> Response:
        try:
            visitor = visit(core, request)
        except NotSignedIn:
            return way_in(request.url.path)
        found = house.kind(kind)
        visitor.demand(found.right)
        if found.as_table is None:
            raise NotFound(what="page", name=request.url.path[:100])
        data = found.as_table(found.read(house.text(kind, None if no == "now" else number_of(no))))
        visitor.audit("export", f"{kind} version {no}, table"[:200])
        return _saved(data, f"wardlink-{kind}-{no}.csv", "text/csv")

    return router


def _saved(data: bytes, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=f"{media}; charset=utf-8", headers=headers)


def _typed(form: FormData) -> Mapping[str, str]:
    return {name: value.strip()[:300] for name, value in form.items() if isinstance(value, str)}
