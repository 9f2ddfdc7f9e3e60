"""A plain form that was sent: it is done, and its page says how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.tags import tag
from server.dashboard.visit import Visit, visit
from wardlink.errors import MessageUnreadable, NoRight, NotSignedIn, WardlinkError
from wardlink.i18n import N_, domain, speaking

_ = domain("server").gettext

SAID: Mapping[str, str] = {
    "done": N_("Done."),
    "empty": N_("Something is missing or is no number or time; nothing was changed."),
    "refused": N_("This was refused; nothing was changed."),
}


def posted(
    core: Core,
    request: Request,
    path: str,
    work: Callable[[Visit], None],
    *,
    then: str | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Do `work` for whoever is signed in, and lead back to the page at `path`.

    `then`: the page that is shown when it was done. `typed`: what the page at `path` fills in again when it was not.
    """
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(PREFIX + path)
    said: dict[str, str] = {"said": "done"}
    with speaking(visitor.language):
        try:
            work(visitor)
        except (ValidationError, MessageUnreadable):
            said = {"said": "empty"}
        except NoRight:
            raise
        except WardlinkError as fault:
            said = {"said": "refused", "why": fault.text()}
    if said["said"] == "done":
        path = then or path
    else:
        said |= typed or {}
    return RedirectResponse(f"{PREFIX}{path}?{urlencode(said)}", status_code=303)


def say(request: Request) -> None:
    """How the form that led here went; nothing where none did."""
    said = request.query_params.get("said", "")
    if said in SAID:
        tag("p", _(SAID[said]), cls="notice good" if said == "done" else "notice bad", role="alert")
    why = request.query_params.get("why", "")[:300]
    if said == "refused" and why:
        tag("p", why, cls="notice bad")
