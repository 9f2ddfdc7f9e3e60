"""The forms about a patient's family: a guardian with a second signature, another code, and the end of a consent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.fields import second_fields, send_button, text_field
from server.dashboard.guard import address
from server.dashboard.once import shown_once
from server.dashboard.pages.stay import readable
from server.dashboard.tags import tag
from server.dashboard.visit import Visit, visit
from server.dashboard.words import time_text
from server.family import entering
from wardlink.clinical.family import who_text
from wardlink.errors import NoRight, NotFound, NotSignedIn, WardlinkError
from wardlink.i18n import domain, speaking
from wardlink.messages.family import LONGEST_NAME, FamilyConsentView, NewFamilyCode

_ = domain("server").gettext

_MOST = 200
_KEPT = ("name", "reason", "badge")


def guardian_form(stay: str, typed: Mapping[str, str]) -> None:
    """Who decides for a patient who cannot; another member of staff signs. What was typed before stands in it again."""
    with tag("form", method="post", action=address(f"/family/{stay}/guardian"), cls="ask", autocomplete="off"):
        tag("h2", _("Enter a guardian"))
        tag(
            "p", _("For a patient who cannot decide. A second colleague with this right looks at the papers and signs.")
        )
        text_field(
            "name", _("The guardian's name"), required=True, value=typed.get("name", ""), maxlength=str(LONGEST_NAME)
        )
        text_field(
            "reason",
            _("Why the patient cannot decide, and which papers were seen"),
            required=True,
            value=typed.get("reason", ""),
            maxlength=str(_MOST),
        )
        second_fields(typed.get("badge", ""))
        send_button(_("Enter the guardian"))


def consent_forms(stay: str, one: FamilyConsentView) -> None:
    """The end of a consent; for a guardian also another code."""
    who = who_text(one.name, one.relation, one.number)
    with tag("div", cls="acts"):
        with tag("form", method="post", action=address(f"/family/{stay}/end"), cls="ask"):
            tag("input", type="hidden", name="consent", value=one.id)
            with tag("label"):
                tag("span", _("{who}: why it ends").format(who=who))
                tag("input", type="text", name="reason", maxlength=str(_MOST), required=True)
            send_button(_("End it"))
        if one.relation == "guardian":
            with tag("form", method="post", action=address(f"/family/{stay}/code"), cls="ask"):
                tag("input", type="hidden", name="consent", value=one.id)
                tag("p", _("{who}: the code was lost, or the PIN forgotten").format(who=who))
                send_button(_("Another code"))


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, or shows the code that it made."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/family/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        typed = {key: str(value).strip()[:_MOST] for key, value in (await request.form()).items()}
        return await asyncio.to_thread(_do, core, request, name, act, typed)

    return router


def _do(core: Core, request: Request, name: str, act: str, typed: Mapping[str, str]) -> Response:
    path = f"/family/{name[:40]}"
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(PREFIX + path)
    with speaking(visitor.language):
        visitor.demand("family.guardian")
        said: dict[str, str]
        try:
            made = _act(visitor, name, act, typed)
        except NoRight:
            raise
        except ValidationError:
            said = {"said": "empty"}
        except WardlinkError as fault:
            said = {"said": "refused", "why": fault.text()}
        else:
            if made is not None:
                return _shown(visitor, path, made)
            said = {"said": "done"}
    if said["said"] != "done" and act == "guardian":
        said |= {key: typed.get(key, "") for key in _KEPT}
    return RedirectResponse(f"{PREFIX}{path}?{urlencode(said)}", status_code=303)


def _act(visitor: Visit, name: str, act: str, typed: Mapping[str, str]) -> NewFamilyCode | None:
    stay = readable(visitor, name)
    core, person, consent = visitor.core, visitor.person, typed.get("consent", "")
    match act:
        case "guardian":
            said = {key: typed.get(key, "") for key in ("name", "reason", "badge", "pin")}
            return entering.appoint(core, person, stay.id, **said, origin=visitor.origin)[1]
        case "code":
            return entering.new_code(core, person, stay.id, consent)
        case "end":
            entering.end(core, person, stay.id, consent, typed.get("reason", ""))
            return None
        case _:
            raise NotFound(what="page", name=act[:40])


def _shown(visitor: Visit, path: str, made: NewFamilyCode) -> Response:
    until = time_text(made.expires_at, visitor.core.clock.now())
    return shown_once(
        visitor,
        title=_("Code for the guardian"),
        how=_(
            "It holds once, until {time}. The guardian presses “I am family” on the locked screen at the bed, chooses"
            " guardian, types this code and sets a PIN."
        ).format(time=until),
        label=_("Code"),
        secret=made.code,
        back=(path, _("Back to the family")),
    )
