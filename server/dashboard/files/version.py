"""A file before it holds, at `/files/{kind}/look/{draft}`, and one version, at `/files/{kind}/{no}`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi import Request

from server.dashboard.fields import send_button, text_field
from server.dashboard.files.changes import show_changes, show_faults
from server.dashboard.files.contents import facts_of
from server.dashboard.files.one import facts
from server.dashboard.files.standing import Standing, minute_text, standing_of
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.posted import say
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text
from server.house.acts import House
from server.house.kinds import Note
from server.house.looking import Looked, look_at
from wardlink.clock import ward_date
from wardlink.errors import NotFound
from wardlink.i18n import domain

_ = domain("server").gettext


async def draft(house: House, visit: Visit, request: Request) -> None:
    """What is wrong with what was sent, or what it would change and the form that confirms it."""
    kind = house.kind(request.path_params["kind"])
    visit.demand(kind.right)
    sent = house.drafts.called(request.path_params["draft"], kind.name, visit.person.id)

    def read() -> tuple[Standing, Looked, Sequence[Note]]:
        looked = house.looked(sent)
        return standing_of(house, kind.name), looked, house.in_use(kind.name, looked)

    found, looked, in_use = await asyncio.to_thread(read)
    here, label = address(f"/files/{kind.name}"), kind.label
    with framed(visit, _(label), here="files"):
        with tag("div", cls="page-head"):
            tag("h1", _(label))
            tag("p", _("Sent and not confirmed: {file}").format(file=sent.file))
            with tag("span", cls="tools"):
                tag("a", _("Send another file"), cls="button", href=here)
        if looked.faults:
            show_faults(looked.faults)
            return
        # That it was sent is no news; that a confirmation was refused is.
        if request.query_params.get("said") != "done":
            say(request)
        facts(facts_of(kind.name, looked.read))
        show_changes(kind, found.held, looked.read, ward_date(visit.core.clock.now()), in_use)
        with tag("form", method="post", action=f"{here}/confirm", cls="ask"):
            tag("h2", _("Confirm this version"))
            tag("input", type="hidden", name="draft", value=sent.id)
            tag("input", type="hidden", name="seen", value=found.seen)
            asked = request.query_params
            text_field(
                "from", _("Holds from (empty: at once)"), type="datetime-local", value=asked.get("from", "")[:16]
            )
            text_field("note", _("Why, in a few words"), maxlength="200", value=asked.get("note", "")[:200])
            send_button(_("Let it hold"))


async def version(house: House, visit: Visit, request: Request) -> None:
    """One that was put in, or what ships (0)."""
    kind = house.kind(request.path_params["kind"])
    visit.demand(kind.right)
    no = number_of(request.path_params["no"])

    def read() -> tuple[Standing, Looked, Sequence[Note]]:
        looked = look_at(kind, house.text(kind.name, no).encode())
        return standing_of(house, kind.name), looked, house.in_use(kind.name, looked)

    found, looked, in_use = await asyncio.to_thread(read)
    one = next((each for each in found.versions if each.no == no), None)
    here, label = address(f"/files/{kind.name}"), kind.label
    with framed(visit, _(label), here="files"):
        with tag("div", cls="page-head"):
            tag("h1", _("{kind}, version {no}").format(kind=_(label), no=no))
            with tag("span", cls="tools"):
                tag("a", _("All versions"), cls="button", href=here)
                tag("a", _("Download"), cls="button", href=f"{here}/{no}.{kind.suffix}", download="")
        say(request)
        rows = [(_("State"), _("What ships with the product: a sample"))]
        if one is not None:
            rows = [
                (_("State"), found.state_of(one)),
                (_("Holds from"), minute_text(one.effective_at)),
                (_("Put in"), minute_text(one.at)),
                (_("Put in by"), actor_text(one.by, found.names)),
                (_("Why"), one.note or NOTHING),
                (_("Digest (SHA-256)"), one.digest[:16]),
            ]
            if one.ended_at is not None:
                rows += [
                    (_("Taken back"), minute_text(one.ended_at)),
                    (_("Taken back by"), actor_text(one.ended_by, found.names)),
                ]
        facts(rows + ([] if looked.faults else facts_of(kind.name, looked.read)))
        if looked.faults:
            show_faults(looked.faults)
            return
        if not _holds(found, no):
            show_changes(kind, found.held, looked.read, ward_date(visit.core.clock.now()), in_use)
        _forms(found, here, no)


def number_of(name: str) -> int:
    """The number of a version in an address.

    Raises:
        NotFound: it is none.
    """
    if not (name.isascii() and name.isdigit() and len(name) < 7):
        raise NotFound(what="page", name=name[:40])
    return int(name)


def _holds(found: Standing, no: int) -> bool:
    return found.file.path is None and no == (found.file.version or 0)


def _forms(found: Standing, here: str, no: int) -> None:
    if any(each.no == no for each in found.waiting):
        with tag("form", method="post", action=f"{here}/{no}/take-back", cls="ask"):
            tag("h2", _("Take this version back"))
            tag("p", _("It will never hold. What holds now goes on."))
            send_button(_("Take it back"))
    elif found.file.path is None and not _holds(found, no):
        with tag("form", method="post", action=f"{here}/{no}/again", cls="ask"):
            tag("h2", _("Hold this version again"))
            tag("p", _("It becomes a new version and holds at once."))
            tag("input", type="hidden", name="seen", value=found.seen)
            text_field("note", _("Why, in a few words"), maxlength="200", required=True)
            send_button(_("Hold it again"))
