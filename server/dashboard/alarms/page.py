"""The open alerts and calls of a ward at `/alerts`, and the same as a station for the nurses' desk at `/station`."""

from __future__ import annotations

import asyncio
from functools import partial

from fastapi import Request
from nicegui import ui

from server.core import Core
from server.dashboard import tables
from server.dashboard.alarms.feed import AlarmFeed
from server.dashboard.feeds import Feeds
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.live_elements import Alarms
from server.dashboard.pacing import Inlet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import alarm_words
from wardlink.errors import NoRight, NotFound
from wardlink.i18n import domain
from wardlink.messages.alert_words import ROLES, role_text

_ = domain("server").gettext

HAND_ON_TO = tuple(ROLES)


def register(core: Core) -> None:
    """Both pages; they share one feed a ward."""
    feeds = Feeds(core, AlarmFeed)
    page(core, "/alerts", partial(_page, feeds, False), "ward.read")
    page(core, "/station", partial(_page, feeds, True), "ward.read")


async def _page(feeds: Feeds, station: bool, visit: Visit, request: Request) -> None:
    wards = dict(await asyncio.to_thread(visit.wards))
    asked = request.query_params.get("ward")
    if asked is not None and not visit.sees(asked):
        raise NoRight
    ward = asked or next(iter(wards), None)
    if ward is None or ward not in wards:
        raise NotFound(what="ward", name=(asked or "")[:40])
    inlet = Inlet()
    seat = await feeds.join(ward, inlet.send)
    ui.context.client.on_delete(seat.leave)
    await asyncio.to_thread(visit.audit, "view", f"alerts of ward {ward}")
    heading = _("Station of {ward}") if station else _("Alerts and calls of {ward}")
    with framed(visit, heading.format(ward=wards[ward]), here="alerts", ward=ward, on_wall=station):
        with tag("div", cls="page-head"):
            tag("h1", wards[ward])
            with tag("span", cls="tools"):
                if len(wards) > 1:
                    here = address("/station" if station else "/alerts")
                    ways = [(name, f"{here}?ward={code}", code == ward) for code, name in wards.items()]
                    tables.choices(_("Ward"), ways)
                views = [
                    (_("Open ones"), address(f"/alerts?ward={ward}"), not station),
                    (_("Station"), address(f"/station?ward={ward}"), station),
                    (_("History"), address(f"/alerts/history?ward={ward}"), False),
                    (_("Response times"), address(f"/alerts/times?ward={ward}"), False),
                ]
                tables.choices(_("Show"), views)
        element = Alarms(
            seat.first,
            alarm_words() | {"place": wards[ward], "sample": _("SAMPLE DATA") if visit.core.demo else ""},
            language=visit.language,
            station=station,
            acts=address("/alerts/") if visit.may("alert.answer") else "",
            roles=[{"code": role, "text": role_text(role)} for role in HAND_ON_TO],
        )

    async def catch_up() -> None:
        element.apply(await seat.whole())

    element.catch_up = catch_up
    inlet.open(element.apply)
