"""What the kitchen does from its page: labels are printed, all trays are cooked or sent out. Plain posts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from server.charts.font import find_font
from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.kitchen.asked import Asked, OfWard, asked_of, of_wards
from server.dashboard.visit import Visit, visit
from server.labels.label import Label
from server.labels.making import trays
from server.labels.sheet import document
from server.meals.moving import FROM, KitchenAct, move_all
from server.meals.prints import note_print
from wardlink.errors import NotFound, NotSignedIn
from wardlink.i18n import N_, speaking

SAID: Mapping[str, str] = {
    "cook": N_("{n} trays are being cooked."),
    "dispatch": N_("{n} trays are sent out."),
    "nothing": N_("There is nothing to print."),
}


def routes(core: Core) -> APIRouter:
    """`/kitchen/{act}`: a document, or back to the page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/kitchen/{act}")
    async def acted(request: Request, act: str) -> Response:
        form = {name: str(value)[:40] for name, value in (await request.form()).items()}
        return await asyncio.to_thread(_do, core, request, act, form)

    return router


def _do(core: Core, request: Request, act: str, form: Mapping[str, str]) -> Response:
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(f"{PREFIX}/kitchen")
    with speaking(visitor.language):
        asked = asked_of(visitor, form)
        if act in ("print", "print-changed"):
            return _print(visitor, request, asked, only_changed=act == "print-changed")
        step = _STEPS.get(act)
        if step is None:
            raise NotFound(what="page", name=request.url.path[:100])
        moved = sum(move_all(core, ward, asked.slot, step, visitor.person.actor) for ward, _name in asked.wards)
    return _back(asked, act, moved)


_STEPS: Mapping[str, KitchenAct] = {act: act for act in FROM}


def _back(asked: Asked, said: str, n: int) -> Response:
    query = urlencode(asked.kept() | {"said": said, "n": str(n)})
    return RedirectResponse(f"{PREFIX}/kitchen?{query}", status_code=303)


def _print(visitor: Visit, request: Request, asked: Asked, *, only_changed: bool) -> Response:
    with visitor.core.db.read() as conn:
        wards = of_wards(conn, asked)
    made = {ward.ward: _made(ward, asked, only_changed=only_changed) for ward in wards}
    labels = [label for of_ward in made.values() for label in of_ward]
    if not labels:
        return _back(asked, "nothing", 0)
    font = find_font(request.app.state.settings.font)
    content = document(labels, font, is_sample=visitor.core.demo)
    now = visitor.core.clock.now()
    with visitor.core.db.write() as conn:
        for ward in wards:
            if made[ward.ward] or ward.changes:
                n = len(made[ward.ward])
                note_print(conn, ward.ward, ward.found, labels=n, at=now, by=visitor.person.id)
    visitor.audit("print", f"{len(labels)} tray labels, {asked.slot.meal} {asked.slot.on}")
    name = f'inline; filename="trays-{asked.slot.on}-{asked.slot.meal}.pdf"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def _made(ward: OfWard, asked: Asked, *, only_changed: bool) -> list[Label]:
    changed = {change.tray.meal.id for change in ward.changes}
    chosen = [tray for tray in ward.found.trays if tray.cooked and (not only_changed or tray.meal.id in changed)]
    return trays(chosen, asked.slot, ward.name)
