"""The list at `/files`: a row a kind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi import Request

from server.dashboard import tables
from server.dashboard.files.standing import Standing, minute_text, standing_of
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.house.acts import House
from wardlink.i18n import domain

_ = domain("server").gettext


async def page(house: House, visit: Visit, request: Request) -> None:
    """What the visitor may put in new versions of."""
    names = [name for name, file in house.files.items() if visit.may(file.kind.right)]
    found = await asyncio.to_thread(lambda: [standing_of(house, name) for name in names])
    with framed(visit, _("Hospital's files"), here="files"):
        with tag("div", cls="page-head"):
            tag("h1", _("Hospital's files"))
            tag("p", _("What the hospital writes itself: what holds now, what waits for its day, and what was before."))
        say(request)
        tables.show(_sheet(found), label=_("Hospital's files"), nothing=_("Nothing found."))


def _sheet(found: Sequence[Standing]) -> Sheet:
    columns = (
        Column("kind", _("Kind")),
        Column("holds", _("What holds now"), "wide"),
        Column("since", _("Since")),
        Column("by", _("Put in by")),
        Column("waits", _("Waits for its day")),
        Column("state", _("State")),
    )
    return Sheet(columns, tuple(_row(each) for each in found))


def _row(each: Standing) -> Row:
    kind = each.file.kind
    label = kind.label
    cells = {
        "kind": Cell(_(label), href=address(f"/files/{kind.name}")),
        "holds": Cell(each.holds_text()),
        "since": Cell(each.since_text()),
        "by": Cell(each.by_text()),
        "waits": Cell(
            "; ".join(
                _("Version {no} from {at}").format(no=version.no, at=minute_text(version.effective_at))
                for version in each.waiting
            )
        ),
        "state": Cell(_("in order")) if each.file.fault is None else Cell(_("faulty: what was before holds"), "bad"),
    }
    return Row(kind.name, cells)
