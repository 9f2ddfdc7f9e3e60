"""The forms of a strip: report it, let its patient see it, keep it back. Each says what its doctor saw."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.ecg.drafts import Draft, Drafts
from server.dashboard.fields import send_button
from server.dashboard.forms import answer
from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.ecg.releasing import ACTS, REFUSED, Act, Decision, decide, say
from wardlink.clinical.ecg.release import Why
from wardlink.errors import InvalidInput
from wardlink.i18n import domain
from wardlink.ids import new_id
from wardlink.messages.ecg import EcgView, ReportEcg

_ = domain("server").gettext


def routes(core: Core, drafts: Drafts) -> APIRouter:
    """Each leads back to the strip, which says how it went; what was typed and not taken stands there again."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/ecg/{name}/report")
    async def report(request: Request, name: str) -> Response:
        return await answer(core, request, f"/ecg/{name}", "ecg.report", lambda v, t: _report(v, name, t, drafts))

    def form(act: Act) -> None:
        @router.post(f"/ecg/{{name}}/{act}")
        async def decided(request: Request, name: str) -> Response:
            return await answer(core, request, f"/ecg/{name}", "ecg.report", lambda v, t: _act(v, name, act, t, drafts))

    for act in ACTS:
        form(act)
    return router


def _report(visitor: Visit, name: str, typed: Mapping[str, str], drafts: Drafts) -> None:
    draft = Draft(typed.get("text", ""), typed.get("critical") == "yes", reports=_count(typed))
    drafts.keep(visitor.person.id, name, draft)
    body = ReportEcg(strip=name, text=draft.text, critical=draft.critical, reports=_demanded(draft.reports))
    say(visitor.core, visitor.person, body, typed.get("command"))
    drafts.drop(visitor.person.id, name)


def _act(visitor: Visit, name: str, act: Act, typed: Mapping[str, str], drafts: Drafts) -> None:
    reason = typed.get("reason", "") if act == "keep-back" else ""
    drafts.keep(visitor.person.id, name, Draft(reason=reason, reports=_count(typed)))
    if act == "keep-back" and not reason:
        raise InvalidInput
    decision = Decision(act, reason or None, reports=_demanded(_count(typed)), over=typed.get("over"))
    decide(visitor.core, visitor.person, name, decision, typed.get("command"))
    drafts.drop(visitor.person.id, name)


def _count(typed: Mapping[str, str]) -> int | None:
    said = typed.get("reports", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else None


def _demanded(reports: int | None) -> int:
    if reports is None:
        raise InvalidInput
    return reports


def report_form(view: EcgView, draft: Draft) -> None:
    """What the strip shows, in the doctor's own words."""
    with tag("form", method="post", action=address(f"/ecg/{view.id}/report"), cls="ask"):
        tag("h2", _("Add a report") if view.reports else _("Report this strip"))
        _seen(view)
        with tag("label"):
            tag("span", _("What it shows"))
            tag("textarea", draft.text, name="text", rows="7", maxlength="4000", required=True)
        with tag("label", cls="sure"):
            tag("input", type="checkbox", name="critical", value="yes", checked=draft.critical or None)
            tag("span", _("It is critical and cannot wait"))
        tag(
            "p",
            _("Earlier reports stay. The patient reads it at the bed unless it is critical or kept back."),
            cls="muted",
        )
        send_button(_("Send the report"))


def deciding_forms(view: EcgView, why: tuple[Why, ...], draft: Draft) -> None:
    """Let the patient see it, where a doctor's word is all that is missing; keep it back, where it is not."""
    if why and not REFUSED.keys() & set(why):
        with tag("form", method="post", action=address(f"/ecg/{view.id}/release"), cls="ask"):
            _seen(view)
            _over(view)
            send_button(_("Let the patient see it"))
    if "kept-back" not in why:
        with tag("form", method="post", action=address(f"/ecg/{view.id}/keep-back"), cls="ask"):
            _seen(view)
            _over(view)
            with tag("label"):
                tag("span", _("Why it is kept back, for colleagues"))
                tag("textarea", draft.reason, name="reason", rows="2", maxlength="200", required=True)
            with tag("div", cls="actions"):
                tag("button", _("Keep it back for now"), type="submit", cls="button")


def _seen(view: EcgView) -> None:
    tag("input", type="hidden", name="command", value=new_id())
    tag("input", type="hidden", name="reports", value=str(len(view.reports)))


def _over(view: EcgView) -> None:
    tag("input", type="hidden", name="over", value=view.shown.command if view.shown is not None else "")
