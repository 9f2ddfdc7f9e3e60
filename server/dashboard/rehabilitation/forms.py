"""The forms of rehabilitation: a plan that is written, changed or ended, and a session that is confirmed or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.fields import choice_field, text_field
from server.dashboard.guard import address
from server.dashboard.pages.stay import readable
from server.dashboard.posted import posted
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.record.service import record_called
from wardlink.clinical.rehabilitation.catalogue import exercises, words
from wardlink.clock import ward_date
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.messages.bodies import parse_body
from wardlink.messages.encounters import EncounterView
from wardlink.messages.rehabilitation import PlannedExercise, RehabPlanView, RehabSessionView
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION

_ = domain("server").gettext

_MOST = 400
_ROWS = 6
_DAYS = timedelta(days=6)
_NUMBERS = ("per_day", "every_days", "sets", "reps", "minutes", "rpe_low", "rpe_high")
_FIRST = {"per_day": "1", "every_days": "1", "sets": "1", "reps": "10", "rpe_low": "11", "rpe_high": "13"}
_BOUNDS = {
    "per_day": (1, 4),
    "every_days": (1, 7),
    "sets": (1, 10),
    "reps": (1, 50),
    "minutes": (1, 60),
    "rpe_low": (6, 20),
    "rpe_high": (6, 20),
}


async def plan_forms(visit: Visit, stay: EncounterView, plan: RehabPlanView | None) -> None:
    """A new plan, or the one that runs to change and to end; nothing for whoever may not."""
    if not visit.may("rehab.plan") or stay.status != "in-progress":
        return
    path = f"/rehabilitation/{stay.id}/"
    today = ward_date(visit.core.clock.now())
    now = plan.now if plan is not None else None
    with tag("form", method="post", action=address(path + ("change" if plan else "start")), cls="ask broad"):
        tag("h2", _("Change the plan from today on") if plan else _("Write a plan"))
        if plan is not None:
            tag("input", type="hidden", name="plan", value=plan.id)
            tag("input", type="hidden", name="version", value=str(plan.version))
        with tag("div", cls="fields"):
            text_field("begin_on", _("From"), type="date", value=(now.begin_on if now else today).isoformat())
            text_field("until_on", _("Until"), type="date", value=(now.until_on if now else today + _DAYS).isoformat())
            text_field(
                "goal", _("Goal (the patient reads it)"), type="text", maxlength="200", value=now.goal if now else ""
            )
        for row in range(_ROWS):
            _row(row, now.items[row] if now is not None and row < len(now.items) else None)
        with tag("div", cls="actions"):
            tag("button", _("Save the change") if plan else _("Start the plan"), type="submit", cls="button main")
    if plan is not None:
        with tag("form", method="post", action=address(path + "end"), cls="ask"):
            tag("input", type="hidden", name="plan", value=plan.id)
            text_field("reason", _("Reason"), type="text", maxlength="200", required=True)
            with tag("div", cls="actions"):
                tag("button", _("End the plan"), type="submit", cls="button")


def answer_forms(visit: Visit, stay: str, one: RehabSessionView) -> None:
    """Confirming a session, or refusing it with a reason."""
    if not visit.may("rehab.confirm"):
        return
    path = f"/rehabilitation/{stay}/"
    with tag("div", cls="acts"):
        for act, label in (("confirm", _("Confirm")), ("refuse", _("Does not count"))):
            with tag("form", method="post", action=address(path + act), cls="ask"):
                tag("input", type="hidden", name="session", value=one.id)
                if act == "refuse":
                    text_field("reason", _("Reason"), type="text", maxlength="200", required=True)
                with tag("div", cls="actions"):
                    tag("button", label, type="submit", cls="button main" if act == "confirm" else "button")


def routes(core: Core) -> APIRouter:
    """Each form leads back to the patient's page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/rehabilitation/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        form = {key: str(value).strip()[:_MOST] for key, value in (await request.form()).items()}
        path = f"/rehabilitation/{name}"
        return await asyncio.to_thread(posted, core, request, path, lambda v: _act(v, name, act, form))

    return router


def _act(visitor: Visit, name: str, act: str, form: Mapping[str, str]) -> None:
    if act in ("start", "change", "end"):
        visitor.demand("rehab.plan")
    elif act in ("confirm", "refuse"):
        visitor.demand("rehab.confirm")
    else:
        raise NotFound(what="page", name=act[:40])
    stay = readable(visitor, name)
    plans = act in ("start", "change", "end")
    kind = f"rehab-plan.{act}" if plans else f"rehab-session.{act}"
    if act != "start":
        _check_of_stay(visitor, stay.id, form, plans=plans)
    said: dict[str, object] = {key: form[key] for key in ("plan", "session", "reason") if form.get(key)}
    if act in ("start", "change"):
        said |= {key: form.get(key, "") for key in ("begin_on", "until_on", "goal")} | {"items": _items(form)}
    if act == "change":
        said["version"] = form.get("version", "")
    visitor.core.execute(
        kind, parse_body(kind, said), ward=stay.ward, actor=visitor.person.actor, encounter=stay.id, bed=stay.bed
    )


def _check_of_stay(visitor: Visit, stay: str, form: Mapping[str, str], *, plans: bool) -> None:
    """Let through what belongs to this patient.

    Raises:
        NotFound: there is no such plan or session of theirs.
    """
    name = form.get("plan" if plans else "session", "")
    with visitor.core.db.read() as conn:
        known = record_called(conn, REHAB_PLAN, name) if plans else record_called(conn, REHAB_SESSION, name)
    if known is None or known[1].encounter != stay:
        raise NotFound(what="rehabilitation plan" if plans else "session", name=name[:40])


def _items(form: Mapping[str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for row in range(_ROWS):
        if form.get(f"exercise-{row}"):
            fields = ("exercise", *_NUMBERS, "assist", "precautions")
            found.append({name: form[f"{name}-{row}"] for name in fields if form.get(f"{name}-{row}")})
    return found


def _row(row: int, item: PlannedExercise | None) -> None:
    labels = {
        "per_day": _("Times a day"),
        "every_days": _("Every so many days"),
        "sets": _("Sets"),
        "reps": _("Repetitions"),
        "minutes": _("Minutes"),
        "rpe_low": _("Borg from"),
        "rpe_high": _("Borg to"),
    }
    known = [(one.code, one.label_text()) for one in exercises().values()]
    with tag("fieldset", cls="fields"):
        choice_field(f"exercise-{row}", _("Exercise"), [("", "—"), *known], item.exercise if item else "")
        for name in _NUMBERS:
            value = getattr(item, name) if item is not None else _FIRST.get(name)
            low, high = _BOUNDS[name]
            shown = "" if value is None else str(value)
            text_field(f"{name}-{row}", labels[name], type="number", min=str(low), max=str(high), value=shown)
        choice_field(f"assist-{row}", _("Help"), list(words("assists").items()), item.assist if item else "watched")
        precautions = item.precautions if item is not None and item.precautions else ""
        text_field(f"precautions-{row}", _("Mind"), type="text", maxlength="200", value=precautions)
