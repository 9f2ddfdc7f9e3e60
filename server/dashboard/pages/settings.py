"""What each ward has decided for itself, and the forms with which those who may decide anew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from server.core import Core
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import time_text
from server.record.service import record_called
from wardlink.clinical.mews import is_shown
from wardlink.i18n import N_, domain
from wardlink.messages.ward_settings import WardSettingView
from wardlink.record.ward_settings import WARD_SETTING, shows_mews, ward_setting_id

_ = domain("server").gettext

_SAID = {
    "done": N_("Decided. The ward's carts have been told."),
    "empty": N_("Nothing was changed: please choose, and confirm that it was agreed."),
    "refused": N_("Not possible."),
}


@dataclass(frozen=True)
class _Ward:
    id: str
    name: str
    decided: WardSettingView | None


def register(core: Core) -> None:
    """All wards of the visitor at `/settings`."""
    page(core, "/settings", _show, "ward.manage")


async def _show(visit: Visit, request: Request) -> None:
    wards = await asyncio.to_thread(_read, visit)
    said = request.query_params.get("said", "")
    now = visit.core.clock.now()
    with framed(visit, _("Ward settings"), here="settings"):
        with tag("div", cls="page-head"):
            tag("h1", _("Ward settings"))
            tag("p", _("Carts hear of a decision at once and keep it without a network."))
        if said in _SAID:
            tag("p", _(_SAID[said]), cls="notice" if said == "done" else "notice bad", role="status")
        for ward in wards:
            with tag("section", cls="section", id=f"ward-{ward.id}"):
                tag("h2", ward.name)
                _stands(ward, now)
                _form(ward)
        if not wards:
            tag("p", _("You work in no ward."), cls="nothing")


def _read(visit: Visit) -> list[_Ward]:
    listed = visit.wards()
    visit.audit("view", "ward settings")
    with visit.core.db.read() as conn:
        found = {ward: record_called(conn, WARD_SETTING, ward_setting_id(ward)) for ward, _name in listed}
    return [_Ward(ward, name, told[1] if (told := found[ward]) else None) for ward, name in listed]


def _stands(ward: _Ward, now: datetime) -> None:
    view = ward.decided
    if view is None or view.shows_mews is None:
        text = _("shown, as the hospital's table says") if is_shown() else _("not shown, as the hospital's table says")
    else:
        words = _("shown; decided {at} by {name}") if view.shows_mews else _("not shown; decided {at} by {name}")
        at = time_text(view.set_at, now)
        text = words.format(at=at, name=view.by_name or view.by.id)
    with tag("dl", cls="facts"), tag("div"):
        tag("dt", _("MEWS beside NEWS2"))
        tag("dd", text)


def _form(ward: _Ward) -> None:
    shown = shows_mews([ward.decided] if ward.decided else [])
    with tag("form", method="post", action=address(f"/settings/{ward.id}"), cls="ask"):
        for value, label, chosen in (("yes", _("Show MEWS"), shown), ("no", _("Do not show MEWS"), not shown)):
            with tag("label", cls="sure"):
                tag("input", type="radio", name="shows_mews", value=value, required=True, checked=chosen or None)
                tag("span", label)
        with tag("label", cls="sure"):
            tag("input", type="checkbox", name="agreed", value="yes", required=True)
            tag("span", _("Agreed with the clinical owner of the ward: MEWS changes what nurses see at the bed."))
        with tag("div", cls="actions"):
            tag("button", _("Decide"), type="submit", cls="button main")
