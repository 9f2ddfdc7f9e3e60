"""A file of many lines that was sent from a page: looked at or taken over, and its page says how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.sayings import Sayings
from server.dashboard.tags import tag
from server.dashboard.visit import Visit, visit
from server.patients.import_table import MOST_BYTES, LinesRejected, Taken
from wardlink.errors import InvalidInput, NoRight, NotSignedIn, WardlinkError
from wardlink.i18n import N_, domain, speaking

_ = domain("server").gettext

MOST_FAULTS = 20

_NO_FILE = N_("Please choose a file.")

_sayings = Sayings()


def file_fields() -> None:
    """The file, and the two ways to send it: only looked at, or taken over."""
    with tag("label"):
        tag("span", _("File"))
        tag("input", type="file", name="file", accept=".csv,.txt", required=True)
    with tag("div", cls="actions"):
        tag("button", _("Only look at it"), type="submit", name="step", value="look", cls="button")
        tag("button", _("Take the file over"), type="submit", name="step", value="take", cls="button main")


async def sent_file(
    core: Core,
    request: Request,
    path: str,
    *,
    demand: Callable[[Visit], None],
    work: Callable[[Visit, bytes, bool], str],
) -> Response:
    """Do `work` with the file for whoever is signed in and passes `demand`, and lead back to the page at `path`.

    `work` is told whether the file is only looked at, and returns what the page says.
    """
    form = await request.form()
    given = form.get("file")
    data = await given.read(MOST_BYTES + 1) if isinstance(given, UploadFile) else b""
    only_look = form.get("step") != "take"

    def do() -> Response:
        try:
            visitor = visit(core, request)
        except NotSignedIn:
            return way_in(PREFIX + path)
        with speaking(visitor.language):
            try:
                demand(visitor)
                if not data:
                    raise InvalidInput(_NO_FILE)
                said = work(visitor, data, only_look)
            except NoRight:
                raise
            except LinesRejected as rejected:
                said = faults_text(rejected)
            except WardlinkError as fault:
                said = fault.text()
        return RedirectResponse(f"{PREFIX}{path}?file={_sayings.say(said)}", status_code=303)

    return await asyncio.to_thread(do)


def faults_text(rejected: LinesRejected, most: int = MOST_FAULTS) -> str:
    """Each line that cannot be taken over with its reason, a line each."""
    lines = [_("Line {line}: {reason}").format(line=fault.line, reason=fault.reason) for fault in rejected.faults]
    head = _("Nothing was taken over: {count} lines cannot be.").format(count=len(lines))
    return "\n".join([head, *lines[:most]])


def taken_text(taken: Taken, *, only_look: bool) -> str:
    """What came of a file, or would come of it, a line each."""
    if only_look:
        words = _(
            "Only looked at; nothing was changed. {added} would be added, {changed} changed, {same} are as they are."
        )
    else:
        words = _("Taken over: {added} added, {changed} changed, {same} were as they are.")
    lines = [words.format(added=len(taken.added), changed=len(taken.changed), same=taken.same)]
    for label, names in ((_("New: {names}"), taken.added), (_("Changed: {names}"), taken.changed)):
        if names:
            more = _(" and {count} more").format(count=len(names) - MOST_FAULTS) if len(names) > MOST_FAULTS else ""
            lines.append(label.format(names=_(", ").join(names[:MOST_FAULTS])) + more)
    return "\n".join(lines)


def say_of_file(request: Request) -> None:
    """How the file that was sent went; nothing where none was."""
    said = _sayings.said(request.query_params.get("file"))
    if said:
        with tag("div", cls="notice", role="alert"):
            for line in said.split("\n"):
                tag("p", line)
