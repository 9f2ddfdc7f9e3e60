"""One kind at `/files/{kind}`: what holds, in a form that can be read; the way in for a new version; and what was."""

from __future__ import annotations

import asyncio

from fastapi import Request

from server.dashboard import tables
from server.dashboard.fields import send_button
from server.dashboard.files.contents import facts_of, sheet_of
from server.dashboard.files.standing import Standing, minute_text, standing_of
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import actor_text
from server.house.acts import House
from server.house.keeping import Version
from wardlink.clock import ward_date
from wardlink.i18n import domain

_ = domain("server").gettext


async def page(house: House, visit: Visit, request: Request) -> None:
    """What holds, and what was."""
    kind = house.kind(request.path_params["kind"])
    visit.demand(kind.right)
    found = await asyncio.to_thread(standing_of, house, kind.name)
    typed, number = request.query_params.get("q", "").strip()[:100], tables.page_of(request.query_params.get("page"))
    here, label = address(f"/files/{kind.name}"), kind.label
    with framed(visit, _(label), here="files"):
        with tag("div", cls="page-head"):
            tag("h1", _(label))
            tag("p", found.holds_text())
            with tag("span", cls="tools"):
                tag("a", _("All files"), cls="button", href=address("/files"))
                tag("a", _("Download what holds"), cls="button", href=f"{here}/now.{kind.suffix}", download="")
                if kind.as_table is not None:
                    tag("a", _("As a table (CSV)"), cls="button", href=f"{here}/now.csv", download="")
        say(request)
        _notices(found)
        facts(
            [
                (_("Holds since"), found.since_text()),
                (_("Put in by"), found.by_text()),
                *([] if found.held is None else facts_of(kind.name, found.held)),
            ]
        )
        if found.file.path is None:
            for sent in house.drafts.of(kind.name, visit.person.id):
                with tag("p", cls="notice"):
                    tag("a", _("Sent and not confirmed: {file}").format(file=sent.file), href=f"{here}/look/{sent.id}")
            _send_form(here)
        _history(found, here)
        if found.held is not None:
            tag("h2", _("What stands in it"), cls="under")
            tables.search(here, typed, {})
            whole = sheet_of(kind.name, found.held, ward_date(visit.core.clock.now())).having(typed)
            begin = (number - 1) * tables.PER_PAGE
            shown = Sheet(whole.columns, whole.rows[begin : begin + tables.PER_PAGE])
            tables.show(shown, label=_("What stands in it"), nothing=_("Nothing found."))
            tables.turn_pages(here, {"q": typed} if typed else {}, number, total=len(whole.rows))


def facts(rows: list[tuple[str, str]]) -> None:
    """Labels with what they say."""
    with tag("dl", cls="facts"):
        for label, text in rows:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _notices(found: Standing) -> None:
    file = found.file
    if file.path is not None:
        text = _(
            "The setting {setting} of the server names the file that holds. The technician takes the setting away "
            "before versions can be kept here."
        )
        tag("p", text.format(setting=file.kind.setting), cls="notice")
    elif file.is_ours:
        text = _(
            "Nobody has put in a file of this hospital yet: a sample holds. Download it, change it, and send it back."
        )
        tag("p", text, cls="notice")
    if file.fault is not None:
        with tag("div", cls="notice bad"):
            tag("p", _("What should hold now is faulty; what was before holds."))
            tag("p", file.fault.text())
    for version in found.waiting:
        text = _("Version {no} waits: it holds from {at}.")
        tag("p", text.format(no=version.no, at=minute_text(version.effective_at)), cls="notice")


def _send_form(here: str) -> None:
    with tag("form", method="post", action=f"{here}/look", enctype="multipart/form-data", cls="ask"):
        tag("h2", _("A new version"))
        tag("p", _("It is looked at first. Nothing holds before you have confirmed it."))
        with tag("label"):
            tag("span", _("File"))
            tag("input", type="file", name="file", required=True)
        send_button(_("Look at the file"))


def _history(found: Standing, here: str) -> None:
    columns = (
        Column("no", _("Version"), "number"),
        Column("state", _("State")),
        Column("from", _("Holds from")),
        Column("at", _("Put in")),
        Column("by", _("Put in by")),
        Column("note", _("Why"), "wide"),
    )
    rows = [_version(found, version, here) for version in found.versions]
    rows.append(
        Row(
            "0",
            {
                "no": Cell("0", href=f"{here}/0"),
                "state": Cell(_("in force") if found.file.is_ours else _("no longer holds")),
                "note": Cell(_("What ships with the product: a sample")),
            },
        )
    )
    tag("h2", _("Versions"), cls="under")
    tables.show(Sheet(columns, tuple(rows)), label=_("Versions"), nothing=_("Nothing found."))


def _version(found: Standing, version: Version, here: str) -> Row:
    cells = {
        "no": Cell(str(version.no), href=f"{here}/{version.no}"),
        "state": Cell(found.state_of(version)),
        "from": Cell(minute_text(version.effective_at)),
        "at": Cell(minute_text(version.at)),
        "by": Cell(actor_text(version.by, found.names)),
        "note": Cell(version.note),
    }
    return Row(str(version.no), cells)
