"""One strip on its paper at `/ecg/{id}`: whose it is, what was said of it, whether its patient sees it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import Request
from nicegui import ui

from server.dashboard.ecg.drafts import Draft, Drafts
from server.dashboard.ecg.forms import deciding_forms, report_form
from server.dashboard.ecg.picture import cut_leads, picture
from server.dashboard.ecg.words import origin_text, rate_text, reporter_text, why_text
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, SEXES, actor_text, time_text, word
from server.ecg.rows import curve_of, recorded_by, strip_called
from server.ecg.shown import why_not
from server.patients.service import encounter_view
from wardlink.clinical.ecg.paper import Paper
from wardlink.clinical.ecg.release import Why
from wardlink.clinical.ecg.strip import Strip, off_text
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date, ward_time
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.ecg import EcgReport, EcgView
from wardlink.messages.encounters import EncounterView

_ = domain("server").gettext

_SAID = {
    "done": N_("It is written down under your name."),
    "empty": N_("Something is missing, too long, or holds characters that cannot be shown. Nothing was changed."),
    "changed": N_("Somebody else has changed this strip meanwhile. Nothing of yours was written."),
    "refused": N_("This was refused: it cannot be done now, or you do not have the right."),
}


@dataclass(frozen=True)
class _Known:
    """`curve` None: its samples are not all here, or damaged. `stay` None: nobody knows whose it is."""

    ward: str
    view: EcgView
    stay: EncounterView | None
    curve: Strip | None
    by: str
    why: tuple[Why, ...]


async def one(visit: Visit, request: Request, drafts: Drafts) -> None:
    """The page."""
    known = await asyncio.to_thread(_read, visit, request.path_params["name"])
    view, now = known.view, visit.core.clock.now()
    title = _("ECG of {time}").format(time=f"{ward_time(view.taken_at):%Y-%m-%d %H:%M}")
    with framed(visit, title, here="ecg", ward=known.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
            _patient(known)
            with tag("span", cls="tools"):
                tag("a", _("All strips"), cls="button", href=address("/ecg"))
                if known.stay is not None:
                    tag("a", _("The patient's page"), cls="button", href=address(f"/stay/{known.stay.id}"))
                tag("button", _("Print"), type="button", cls="button", onclick="window.print()")
        said = request.query_params.get("said", "")
        draft = drafts.of(visit.person.id, view.id) if said in _SAID and said != "done" else Draft()
        if said in _SAID:
            _say(visit, view, said, draft)
        if view.struck_at is not None:
            said = _("Struck out {time}: {reason}. Judge nothing by this strip.")
            struck = said.format(time=time_text(view.struck_at, now), reason=view.struck_reason or NOTHING)
            tag("p", struck, cls="notice bad")
        if known.stay is None:
            tag("p", _("Nobody knows whose this strip is. It stands under To clear up."), cls="notice warn")
        _facts(visit, known)
        with tag("div", cls="ecg-desk"):
            _curve(known)
            with tag("div"):
                _reports(visit, view, draft if said == "changed" else Draft())
                if visit.may("ecg.report") and view.struck_at is None:
                    report_form(view, draft)
                _standing(visit, known)
                if visit.may("ecg.report") and view.struck_at is None and known.stay is not None:
                    deciding_forms(view, known.why, draft)


def _say(visit: Visit, view: EcgView, said: str, draft: Draft) -> None:
    """How the form went that led here; who was faster, where somebody was."""
    text = _(_SAID[said])
    if said == "done":
        tag("p", text, cls="notice good", role="status")
    else:
        tag("p", (_meanwhile(visit, view, draft) if said == "changed" else "") or text, cls="notice bad", role="alert")


def _meanwhile(visit: Visit, view: EcgView, draft: Draft) -> str:
    """Who was faster, and with what; empty where it cannot be said."""
    now, new, shown = visit.core.clock.now(), _new(view, draft), view.shown
    if new:
        names = ", ".join(f"{reporter_text(report)} ({time_text(report.at, now)})" for report in new)
        said = _(
            "While you were looking, this strip was reported by {names}. Nothing of yours was written; what you typed"
            " stands below. Please read the new report, then send yours if it is still needed."
        )
        return said.format(names=names)
    if shown is not None:
        said = (
            _("{name} has let the patient see this strip meanwhile ({time}). Nothing of yours was written.")
            if shown.may_see
            else _("{name} has kept this strip back meanwhile ({time}). Nothing of yours was written.")
        )
        return said.format(name=shown.by_name or shown.by.id, time=time_text(shown.at, now))
    return ""


def _new(view: EcgView, draft: Draft) -> tuple[EcgReport, ...]:
    """Reports that came after the doctor had looked."""
    return view.reports[draft.reports :] if draft.reports is not None else ()


def _read(visit: Visit, name: str) -> _Known:
    now = visit.core.clock.now()
    with visit.core.db.read() as conn:
        found = strip_called(conn, name[:40])
        if found is None or not visit.sees(found[0]):
            raise NotFound(what="entry", name=name[:40])
        ward, view = found
        stay = encounter_view(conn, view.encounter) if view.encounter is not None else None
        try:
            curve = curve_of(conn, view)
        except ValueError:
            curve = None
        by = actor_text(recorded_by(conn, view), staff_names(conn))
        why = why_not(view, stay.birth_on, ward_date(now)) if stay is not None else ()
    visit.audit("view", f"ecg {view.id}", view.encounter)
    return _Known(ward, view, stay, curve, by, why)


def _patient(known: _Known) -> None:
    if (stay := known.stay) is None:
        tag("p", _("patient unknown"))
        return
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(known.view.taken_at)))
    with tag("p", cls="ecg-whose"):
        tag("b", stay.name)
        said = _("{sex}, {years} y, bed {bed}").format(sex=word(SEXES, stay.sex), years=years, bed=stay.bed)
        tag("span", f" {said} · {stay.admission_no}")


def _facts(visit: Visit, known: _Known) -> None:
    view, stay, now = known.view, known.stay, visit.core.clock.now()
    rows = [
        (_("Admission number"), stay.admission_no if stay is not None else view.admission_no),
        (_("Born"), stay.birth_on.isoformat() if stay is not None else None),
        (_("Ward"), known.ward),
        (_("Recorded"), time_text(view.taken_at, now)),
        (_("Where recorded"), origin_text(view)),
        (_("Recorded by"), known.by),
        (_("Received"), time_text(view.received_at, now)),
        (_("Heart rate"), rate_text(view, known.curve) if known.curve is not None else None),
        (_("Critical"), _("critical") if view.is_critical else _("no")),
        (_("Read by a nurse"), _seen(view, visit)),
    ]
    with tag("dl", cls="facts"):
        for label, text in rows:
            with tag("div"):
                tag("dt", label)
                tag("dd", text or NOTHING, cls="bad" if label == _("Critical") and view.is_critical else "")


def _seen(view: EcgView, visit: Visit) -> str | None:
    if view.seen_at is None:
        return None
    said = f"{time_text(view.seen_at, visit.core.clock.now())} {view.seen_by_name or ''}".strip()
    return _("{who} (a newer report is unread)").format(who=said) if view.is_new else said


def _curve(known: _Known) -> None:
    view, curve, paper = known.view, known.curve, Paper()
    if curve is None:
        text = _("The curve of this strip is missing or came damaged. Judge nothing by it: have it recorded again.")
        tag("p", text, cls="notice bad")
        return
    with tag("figure", cls="ecg-sheet", aria_labelledby="ecg-name", aria_describedby="ecg-about"):
        with tag("figcaption"):
            lasted = f"{curve.seconds:g}"
            said = _("ECG strip: {leads} leads, {seconds} s").format(leads=len(curve.leads), seconds=lasted)
            tag("b", said, id="ecg-name")
            tag("span", _paper_text(paper), id="ecg-about")
        with tag("div", cls="ecg-scroll", role="region", tabindex="0", aria_label=_("ECG strip, scrolls sideways")):
            ui.html(picture(curve, paper), sanitize=False)
        if off := off_text(curve):
            tag("p", _("Lead off: {which}").format(which=off))
        if cut := cut_leads(curve, paper):
            tag("p", _("Cut off at the edge of the paper: {leads}").format(leads=", ".join(cut)))
        hz = f"{view.rate_hz:g}"
        tag(
            "p",
            _("Drawn from {hz} samples a second. Only beats are counted; what rhythm it is, a doctor says.").format(
                hz=hz
            ),
        )


def _paper_text(paper: Paper) -> str:
    return _("{speed} mm/s, {gain} mm/mV; the mark on the left is 1 mV high and {ms} ms wide").format(
        speed=f"{paper.mm_per_s:g}", gain=f"{paper.mm_per_mv:g}", ms=f"{paper.big_ms:g}"
    )


def _reports(visit: Visit, view: EcgView, draft: Draft) -> None:
    new = {report.command for report in _new(view, draft)}
    with tag("section", cls="section"):
        tag("h2", _("Reports"))
        if not view.reports:
            tag("p", _("Nobody has said yet what this strip shows."), cls="notice")
        for report in reversed(view.reports):
            _report(visit, report, is_new=report.command in new)


def _report(visit: Visit, report: EcgReport, *, is_new: bool) -> None:
    with tag("article", cls="said is-new" if is_new else "said"):
        if is_new:
            tag("p", _("came meanwhile"), cls="wish")
        if report.critical:
            tag("p", _("critical"), cls="ecg-critical")
        tag("p", report.text)
        tag("p", f"{reporter_text(report)} · {time_text(report.at, visit.core.clock.now())}", cls="muted")


def _standing(visit: Visit, known: _Known) -> None:
    shown = known.view.shown
    if known.stay is None:
        return
    with tag("section", cls="section"):
        tag("h2", _("At the patient's bed"))
        if not known.why:
            tag("p", _("The patient sees it."), cls="notice good")
        else:
            with tag("div", cls="notice"):
                tag("p", _("The patient does not see it:"))
                with tag("ul"):
                    for reason in known.why:
                        tag("li", why_text(reason))
        if shown is not None:
            said = _("Let be seen by {name}, {time}") if shown.may_see else _("Kept back by {name}, {time}")
            when = time_text(shown.at, visit.core.clock.now())
            tag("p", said.format(name=shown.by_name or shown.by.id, time=when))
            if shown.reason:
                tag("p", _("Reason: {reason}").format(reason=shown.reason))
