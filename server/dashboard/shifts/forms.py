"""The forms of a roster: its cells, last week's once more, and a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.posted import posted
from server.dashboard.sent_file import file_fields, sent_file
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.roster import acts
from server.roster.acts import Change
from server.roster.file import EMPTY, Taken, take
from wardlink.clinical.roster import code_text, codes, monday
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, domain

_ = domain("server").gettext

_MOST_CELLS = 3_500
_MOST_KEPT = 200
_NO_CELL = N_("This is no cell of a roster.")


def cell_name(staff: str, day: date) -> str:
    """A cell, as an address names it."""
    return f"{staff}.{day.isoformat()}"


def seen_name(staff: str, day: date, code: str) -> str:
    """A cell as a form names it: with what its sender saw in it."""
    return f"{cell_name(staff, day)}.{code}"


def more(here: str) -> None:
    """Last week's roster once more, and a file."""
    with tag("form", method="post", action=f"{here}/copy", cls="ask"):
        tag("h2", _("Copy last week"))
        tag("p", _("Fills what is empty in this week; what is entered already stays."))
        with tag("div", cls="actions"):
            tag("button", _("Copy last week"), type="submit", cls="button")
    with tag("form", method="post", action=f"{here}/import", enctype="multipart/form-data", cls="ask"):
        tag("h2", _("From a file"))
        text = _(
            "CSV as it is exported here: a column with the staff number and one for each day. In a cell stands one of:"
            " {words}. An empty cell changes nothing; {empty} empties the day."
        )
        tag("p", text.format(words=_(", ").join(code_text(code) for code in codes()), empty=EMPTY))
        file_fields()


def routes(core: Core) -> APIRouter:
    """Each form leads back to its week, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/shifts/{ward}/{day}/enter")
    async def enter(request: Request, ward: str, day: str) -> Response:
        form = await request.form(max_fields=_MOST_CELLS)
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
        changed = _changed(sent)
        kept = changed if len(changed) <= _MOST_KEPT else {}

        def work(visitor: Visit) -> None:
            visitor.demand("roster.write", ward)
            acts.enter(core, visitor.person, ward, _changes(sent))

        path = f"/shifts/{ward[:40]}/{day[:10]}"
        return await asyncio.to_thread(posted, core, request, path, work, typed=kept)

    @router.post("/shifts/{ward}/{day}/copy")
    async def copy(request: Request, ward: str, day: str) -> Response:
        def work(visitor: Visit) -> None:
            visitor.demand("roster.write", ward)
            acts.copy_week(core, visitor.person, ward, _day(day))

        return await asyncio.to_thread(posted, core, request, f"/shifts/{ward[:40]}/{day[:10]}", work)

    @router.post("/shifts/{ward}/{day}/import")
    async def taken(request: Request, ward: str, day: str) -> Response:
        def work(visitor: Visit, data: bytes, only_look: bool) -> str:
            return _said(take(core, visitor.person, ward, _day(day), data, only_look=only_look), only_look)

        path = f"/shifts/{ward[:40]}/{day[:10]}"
        return await sent_file(core, request, path, demand=lambda v: v.demand("roster.write", ward), work=work)

    return router


def _day(typed: str) -> date:
    try:
        return monday(date.fromisoformat(typed))
    except ValueError:
        raise NotFound(what="day", name=typed[:40]) from None


def _changed(sent: Mapping[str, str]) -> dict[str, str]:
    """What is another than was seen, by the cell's name."""
    found = {}
    for name, code in sent.items():
        cell, _dot, was = name.rpartition(".")
        if code != was:
            found[cell[:60]] = code[:20]
    return found


def _changes(sent: Mapping[str, str]) -> list[Change]:
    changes = []
    for name, code in sent.items():
        parts = name.split(".")
        if len(parts) != 3:
            raise InvalidInput(_NO_CELL)
        staff, on, was = parts
        if code != was:
            try:
                changes.append(Change(staff, date.fromisoformat(on), was, code))
            except ValueError:
                raise InvalidInput(_NO_CELL) from None
    return changes


def _said(taken: Taken, only_look: bool) -> str:
    if only_look:
        words = _(
            "Only looked at; nothing was changed. {cells} cells would change; the file speaks of {people} people."
        )
    else:
        words = _("Entered: {cells} cells have changed; the file speaks of {people} people.")
    return words.format(cells=taken.changed, people=taken.people)
