"""The forms of adverse events: a report, what was done about it, and striking it out. Plain posts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.adverse import acting
from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.fields import choice_field, send_button, text_field
from server.dashboard.guard import address
from server.dashboard.posted import posted
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from wardlink.clinical.adverse_events import ASKED, Asked, answer_text, answers, asks, event_kinds, kind_text
from wardlink.clinical.names import masked_name
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, domain
from wardlink.ids import new_id
from wardlink.messages.encounters import EncounterView

_ = domain("server").gettext

_NOT_LOOKED = N_("Please look at it again and tick that it is right.")
_NO_TIME = N_("Please say when it happened.")
_BAD_FORM = N_("This form is out of date. Please open it again.")

KEPT = ("kind", "stay", "at", "place", "words", *ASKED)
"""What stands in the form again when it was not taken."""


def report_form(
    visit: Visit, ward: str, stays: Sequence[EncounterView], typed: Mapping[str, str], now: datetime
) -> None:
    """What happened, to whom, when and where; looked at again before it is sent."""
    with tag("form", method="post", action=address("/events-new"), cls="ask broad", autocomplete="off"):
        tag("input", type="hidden", name="id", value=new_id())
        tag("input", type="hidden", name="ward", value=ward)
        with tag("div", cls="fields"):
            offered = [kind for kind in event_kinds() if kind != "infection" or visit.may("event.infection")]
            kinds = [("", ""), *((kind, kind_text(kind)) for kind in offered)]
            choice_field("kind", _("What happened"), kinds, typed.get("kind", ""), required=True)
            who = [("", ""), *((stay.id, _who(stay)) for stay in stays), ("none", _("no patient: a visitor"))]
            choice_field("stay", _("Patient"), who, typed.get("stay", ""), required=True)
            latest = f"{ward_time(now):%Y-%m-%dT%H:%M}"
            text_field("at", _("When"), required=True, type="datetime-local", max=latest, value=typed.get("at", ""))
            most = str(acting.LONGEST_PLACE)
            text_field("place", _("Where"), required=True, maxlength=most, value=typed.get("place", ""))
        with tag("fieldset", cls="fields"):
            labels: dict[Asked, str] = {
                "harm": _("Harm (falls, tubes, errors, others)"),
                "stage": _("Stage (pressure injury)"),
                "began": _("Began (pressure injury)"),
                "tube": _("Tube (one that came out)"),
                "infection": _("Infection"),
            }
            for asked in (one for one in ASKED if any(one in asks(kind) for kind in offered)):
                said = [("", ""), *((code, answer_text(asked, code)) for code in answers(asked))]
                choice_field(asked, labels[asked], said, typed.get(asked, ""))
        with tag("label"):
            tag("span", _("In words: how it came about, and what was done at once"))
            most = str(acting.LONGEST_WORDS)
            tag("textarea", typed.get("words", ""), name="words", maxlength=most, required=True)
        with tag("label", cls="sure"):
            tag("input", type="checkbox", name="looked", value="yes", required=True)
            tag("span", _("I have looked again: patient, time and what happened are right."))
        send_button(_("Report it"))


def act_forms(visit: Visit, event: str, kind: str, *, own: bool) -> None:
    """What this visitor can do about an event that counts."""
    handles = visit.may("event.handle")
    with tag("div", cls="acts"):
        if handles:
            with tag("form", method="post", action=address(f"/events/{event}/follow-up"), cls="ask"):
                tag("h2", _("Follow it up"))
                _words(_("What was done about it, and what is to change"))
                if "harm" in asks(kind):
                    grades = [(code, answer_text("harm", code)) for code in answers("harm")]
                    choice_field("harm", _("Harm as it is known now"), [("", _("as before")), *grades], "")
                send_button(_("Write it down"))
        if handles or own:
            with tag("form", method="post", action=address(f"/events/{event}/strike-out"), cls="ask"):
                tag("h2", _("Strike it out"))
                _words(_("Why it was no such event. It stays to be read and counts no more."))
                with tag("div", cls="actions"):
                    tag("button", _("Strike out"), type="submit", cls="button")


def routes(core: Core) -> APIRouter:
    """Each form leads to a page that says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/events-new")
    async def reported(request: Request) -> Response:
        typed = await _typed(request)
        kept = {name: typed[name] for name in ("ward", *KEPT) if typed.get(name)}
        then = f"/events/{typed.get('id', '')}"
        return await asyncio.to_thread(
            posted, core, request, "/events-new", lambda v: _report(v, typed), then=then, typed=kept
        )

    @router.post("/events/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        typed = await _typed(request)
        return await asyncio.to_thread(
            posted, core, request, f"/events/{name[:40]}", lambda v: _act(v, name, act, typed)
        )

    return router


async def _typed(request: Request) -> dict[str, str]:
    return {name: str(text).strip()[: acting.LONGEST_WORDS] for name, text in (await request.form()).items()}


def _report(visitor: Visit, typed: Mapping[str, str]) -> None:
    visitor.demand("event.report")
    if not typed.get("ward"):
        raise InvalidInput(_BAD_FORM)
    visitor.demand("event.report", typed["ward"])
    try:
        happened_at = datetime.fromisoformat(typed.get("at", "")).replace(tzinfo=WARD_ZONE)
    except ValueError:
        raise InvalidInput(_NO_TIME) from None
    if typed.get("looked") != "yes":
        raise InvalidInput(_NOT_LOOKED)
    if len(typed.get("id", "")) != len(new_id()) or not typed.get("stay"):
        raise InvalidInput(_BAD_FORM)
    told = acting.Report(
        id=typed["id"],
        ward=typed["ward"],
        kind=typed.get("kind", ""),
        happened_at=happened_at,
        place=typed.get("place", ""),
        words=typed.get("words", ""),
        said=typed,
        encounter=None if typed["stay"] == "none" else typed["stay"],
    )
    acting.report(visitor.core, visitor.person, told)


def _act(visitor: Visit, name: str, act: str, typed: Mapping[str, str]) -> None:
    words = typed.get("words", "")
    if act == "follow-up":
        acting.follow_up(visitor.core, visitor.person, name, words, harm=typed.get("harm") or None)
    elif act == "strike-out":
        acting.strike_out(visitor.core, visitor.person, name, words)
    else:
        raise NotFound(what="page", name=act[:40])


def _words(label: str) -> None:
    with tag("label"):
        tag("span", label)
        tag("textarea", name="words", maxlength=str(acting.LONGEST_WORDS), required=True)


def _who(stay: EncounterView) -> str:
    return f"{stay.bed} · {masked_name(stay.name)} · {stay.admission_no}"
