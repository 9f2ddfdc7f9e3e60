"""What every page has around it: who is here, where one can go, in which language, and what Wardlink is not."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Container, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from nicegui import ui

from server.dashboard import PREFIX
from server.dashboard.assets import url_of
from server.dashboard.door import LANGUAGE, NAMES, SIGN_IN, SIGN_OUT
from server.dashboard.tags import tag
from server.dashboard.visit import HOME, Visit
from server.dashboard.words import ROLES, word
from server.identity.roles import Right
from wardlink.i18n import LANGUAGES, N_, domain

_ = domain("server").gettext

IDLE_MIN = 15
"""Minutes without a touch after which a page signs out. The board, which hangs on a wall, is let off."""

_CHECK_EVERY_S = 30

PLACES: tuple[tuple[str, str, str, tuple[Right, ...]], ...] = (
    ("wards", N_("Wards"), HOME + "hospital", ("ward.read",)),
    ("board", N_("Bed board"), HOME, ("ward.read",)),
    ("alerts", N_("Alerts"), HOME + "alerts", ("ward.read",)),
    ("orders", N_("Orders"), HOME + "orders", ("ward.read",)),
    ("consultations", N_("Consultations"), HOME + "consultations", ("consult.read",)),
    ("rehabilitation", N_("Rehabilitation"), HOME + "rehabilitation", ("ward.read",)),
    ("handovers", N_("Hand-over"), HOME + "handovers", ("ward.read",)),
    ("shifts", N_("Shifts"), HOME + "shifts", ("ward.read",)),
    ("results", N_("Results"), HOME + "results", ("result.acknowledge",)),
    ("ecg", N_("ECG"), HOME + "ecg", ("ward.read",)),
    ("medication", N_("Medication safety"), HOME + "medication", ("medication.read",)),
    ("exceptions", N_("To clear up"), HOME + "exceptions", ("ward.read",)),
    ("requests", N_("Requests"), HOME + "requests", ("ward.read",)),
    ("kitchen", N_("Kitchen"), HOME + "kitchen", ("meal.kitchen",)),
    ("complaints", N_("Complaints"), HOME + "complaints", ("complaint.read",)),
    ("events", N_("Adverse events"), HOME + "events", ("event.report",)),
    ("survey", N_("Satisfaction"), HOME + "survey", ("survey.read",)),
    ("kpis", N_("KPIs"), HOME + "kpis", ("kpi.read",)),
    ("cashier", N_("Cashier"), HOME + "cashier", ("settle.read",)),
    ("drg", N_("DRG"), HOME + "drg", ("drg.read", "drg.code")),
    ("fleet", N_("Devices"), HOME + "fleet", ("ward.read", "device.manage")),
    ("beds", N_("Beds"), HOME + "beds", ("ward.manage",)),
    ("staff", N_("Staff"), HOME + "staff", ("staff.manage",)),
    ("files", N_("Hospital's files"), HOME + "files", ("house.manage", "house.menu")),
    ("parked", N_("Set aside"), HOME + "parked", ("parked.handle",)),
    ("scans", N_("Refused scans"), HOME + "scans", ("audit.read",)),
    ("audit", N_("Access record"), HOME + "audit", ("audit.read",)),
    ("settings", N_("Ward settings"), HOME + "settings", ("ward.manage",)),
)
"""The pages of the head line: their name, address, and the rights of which one is enough."""

_MENUS: tuple[tuple[str, frozenset[str]], ...] = (
    (N_("Quality"), frozenset({"medication", "complaints", "events", "survey", "kpis"})),
    (N_("Administration"), frozenset({"beds", "files", "fleet", "staff", "parked", "scans", "audit", "settings"})),
)
"""Pages that go into a menu where the head line would be longer than a line."""
_MOST_IN_LINE = 14

_OF_WARD = frozenset(
    {
        "alerts",
        "board",
        "consultations",
        "ecg",
        "events",
        "rehabilitation",
        "kitchen",
        "kpis",
        "medication",
        "orders",
        "handovers",
        "requests",
        "results",
        "shifts",
        "exceptions",
        "fleet",
    }
)
"""Pages that keep to the ward of the page before."""


@contextmanager
def framed(visit: Visit, title: str, *, here: str, ward: str | None = None, on_wall: bool = False) -> Iterator[None]:
    """The frame; what is made inside the block stands in the page's middle."""
    _head(visit.language, title)
    if visit.core.demo:
        tag("div", _("SAMPLE DATA: every name and value here is invented."), cls="sample")
    with tag("header", cls="top"):
        tag("a", _("Skip to the content"), cls="skip", href="#content")
        tag("a", "Wardlink", cls="brand", href=HOME)
        with tag("nav", aria_label=_("Pages")):
            _places(visit, here, ward)
        with tag("div", cls="me"):
            tag("span", f"{visit.person.name} · {word(ROLES, visit.person.role)}")
            _language_switch(visit)
            with tag(
                "form", method="post", action=SIGN_OUT, id="sign-out", data_idle_minutes=None if on_wall else IDLE_MIN
            ):
                tag("input", type="hidden", name="idle", value="")
                tag("input", type="hidden", name="next", value=visit.address)
                tag("button", _("Sign out"), type="submit")
    with tag("main", cls="page", id="content"):
        yield
    with tag("footer", cls="foot"):
        tag(
            "span",
            _("Wardlink is not a certified medical device: it supports the people of the ward and replaces nobody."),
        )
    _stay_signed_in(visit)


def _places(visit: Visit, here: str, ward: str | None) -> None:
    open_to = [place for place in PLACES if any(visit.may(right) for right in place[3])]
    menus = _MENUS if len(open_to) > _MOST_IN_LINE else ()

    def links(names: Container[str]) -> None:
        for name, label, address, _rights in open_to:
            if name in names:
                query = f"?ward={ward}" if ward and name in _OF_WARD else ""
                tag("a", _(label), href=address + query, aria_current="page" if name == here else None)

    names = {name for name, *_rest in open_to}
    links(names.difference(*(in_menu for _label, in_menu in menus)))
    for label, in_menu in menus:
        if names & in_menu:
            with tag("details", cls="more"):
                tag("summary", _(label), cls="here" if here in in_menu else "")
                with tag("div"):
                    links(in_menu)


def _head(language: str, title: str) -> None:
    client = ui.context.client
    # The page object is shared by all visitors; the language is this one's own.
    client.page = copy.copy(client.page)
    client.page.language = "zh-CN" if language == "zh_CN" else "en-US"
    ui.page_title(f"{title} · Wardlink")
    ui.add_head_html(
        f'<link rel="stylesheet" href="{url_of("board.css")}">'
        f'<script src="{url_of("live.js")}"></script><script src="{url_of("frame.js")}" defer></script>'
    )


def _language_switch(visit: Visit) -> None:
    with tag("form", method="post", action=LANGUAGE, aria_label=_("Language")):
        tag("input", type="hidden", name="next", value=visit.address)
        for code in LANGUAGES:
            if code != visit.language:
                tag("button", NAMES[code], type="submit", name="language", value=code, lang=code[:2])


def _stay_signed_in(visit: Visit) -> None:
    async def look() -> None:
        if not await asyncio.to_thread(visit.is_signed_in):
            ui.navigate.to(f"{SIGN_IN}?{urlencode({'next': visit.address})}")

    ui.timer(_CHECK_EVERY_S, look, immediate=False)


def message_page(visit: Visit, title: str, text: str) -> None:
    """A page with nothing but a sentence."""
    with framed(visit, title, here=""):
        tag("p", text, cls="notice bad", role="alert")
        tag("a", _("To the first page"), cls="button", href=PREFIX + "/")
