"""The forms of a patient's tubes: put in, taken out, struck out. Plain posts that lead back to the page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from server.adverse import tubes
from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.fields import choice_field, send_button, text_field
from server.dashboard.guard import address
from server.dashboard.pages.stay import readable
from server.dashboard.posted import posted
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from wardlink.clinical.adverse_events import device_text, devices
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, domain
from wardlink.ids import new_id

_ = domain("server").gettext

_NO_TIME = N_("Please say when.")
_NO_ANSWER = N_("Please say whether it was planned.")
_BAD_FORM = N_("This form is out of date. Please open it again.")


def put_in_form(stay: str, now: datetime) -> None:
    """A tube that the patient has."""
    with tag("form", method="post", action=address(f"/tubes/{stay}/in"), cls="ask"):
        tag("h2", _("Enter a tube"))
        tag("input", type="hidden", name="id", value=new_id())
        named = [("", ""), *((device, device_text(device)) for device in devices())]
        choice_field("device", _("Tube or machine"), named, required=True)
        _when(now)
        send_button(_("Enter it"))


def ending_forms(stay: str, row: Row[Any], now: datetime) -> None:
    """One that is in place: it came out, or was never there."""
    name = device_text(row.device)
    with tag("form", method="post", action=address(f"/tubes/{stay}/out"), cls="ask"):
        tag("h2", _("{tube}: out").format(tube=name))
        tag("input", type="hidden", name="id", value=row.id)
        options = [("", ""), ("yes", _("as planned")), ("no", _("unplanned: please report the event too"))]
        choice_field("planned", _("How it came out"), options, required=True)
        _when(now)
        send_button(_("Enter it"))
    strike_form(stay, row)


def strike_form(stay: str, row: Row[Any]) -> None:
    """One that was entered by mistake."""
    with tag("form", method="post", action=address(f"/tubes/{stay}/strike-out"), cls="ask"):
        tag("h2", _("{tube}: entered by mistake").format(tube=device_text(row.device)))
        tag("input", type="hidden", name="id", value=row.id)
        text_field("reason", _("Reason"), required=True, maxlength=str(tubes.LONGEST_REASON))
        with tag("div", cls="actions"):
            tag("button", _("Strike out"), type="submit", cls="button")


def routes(core: Core) -> APIRouter:
    """`/tubes/{stay}/{act}`."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/tubes/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        typed = {key: str(text).strip()[:400] for key, text in (await request.form()).items()}
        return await asyncio.to_thread(
            posted, core, request, f"/tubes/{name[:40]}", lambda v: _act(v, name, act, typed)
        )

    return router


def _act(visitor: Visit, name: str, act: str, typed: Mapping[str, str]) -> None:
    visitor.demand("tube.write")
    stay, use = readable(visitor, name), typed.get("id", "")
    core, person = visitor.core, visitor.person
    if act == "in":
        if len(use) != len(new_id()):
            raise InvalidInput(_BAD_FORM)
        tubes.put_in(core, person, use, stay.id, typed.get("device", ""), _at(typed))
    elif act == "out":
        if typed.get("planned") not in ("yes", "no"):
            raise InvalidInput(_NO_ANSWER)
        tubes.take_out(core, person, use, stay.id, _at(typed), planned=typed["planned"] == "yes")
    elif act == "strike-out":
        tubes.strike_out(core, person, use, stay.id, typed.get("reason", ""))
    else:
        raise NotFound(what="page", name=act[:40])


def _when(now: datetime) -> None:
    latest = f"{ward_time(now):%Y-%m-%dT%H:%M}"
    text_field("at", _("When"), required=True, type="datetime-local", max=latest, value=latest)


def _at(typed: Mapping[str, str]) -> datetime:
    try:
        return datetime.fromisoformat(typed.get("at", "")).replace(tzinfo=WARD_ZONE)
    except ValueError:
        raise InvalidInput(_NO_TIME) from None
