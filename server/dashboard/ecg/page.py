"""The work list of strips at `/ecg`, and one of them on its paper at `/ecg/{id}`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import Request
from nicegui import ui

from server.core import Core
from server.dashboard import tables
from server.dashboard.ecg.listing import wants_all, worklist
from server.dashboard.ecg.picture import cut_leads, picture
from server.dashboard.ecg.words import off_text, origin_text, rate_text, reporter_text, why_text
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, SEXES, actor_text, time_text, word
from server.ecg.rows import curve_of, recorded_by, strip_called
from server.ecg.shown import why_not
from server.patients.service import encounter_view
from wardlink.clinical.ecg.paper import Paper
from wardlink.clinical.ecg.release import Why
from wardlink.clinical.ecg.strip import Strip
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date, ward_time
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.messages.ecg import EcgReport, EcgView
from wardlink.messages.encounters import EncounterView

_ = domain("server").gettext


@dataclass(frozen=True)
class _Known:
    """`curve` None: its samples are not all here, or damaged. `stay` None: nobody knows whose it is."""

    ward: str
    view: EcgView
    stay: EncounterView | None
    curve: Strip | None
    by: str
    why: tuple[Why, ...]


def register(core: Core) -> None:
    """The list and one of it."""
    page(core, "/ecg", _list, "ward.read")
    page(core, "/ecg/{name}", _one, "ward.read")


async def _list(visit: Visit, request: Request) -> None:
    query = request.query_params
    ward, typed, every = query.get("ward", ""), query.get("q", "").strip()[:100], wants_all(query)
    wards = await wards_shown(visit, ward or None)
    number, here = tables.page_of(query.get("page")), address("/ecg")

    def read() -> Sheet:
        visit.audit("search" if typed else "list", f"ecg strips of {', '.join(wards)}")
        return worklist(visit.core, wards, every=every).having(typed)

    found = await asyncio.to_thread(read)
    names = dict(await asyncio.to_thread(visit.wards))
    kept = {name: value for name, value in (("ward", ward), ("q", typed), ("state", "all" if every else "")) if value}
    with framed(visit, _("ECG"), here="ecg", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("ECG"))
            tag(
                "p",
                _("Strips of everybody who lies here, and of the last 30 days. What no doctor has reported is first."),
            )
            with tag("span", cls="tools"):
                of_ward = {"ward": ward} if ward else {}
                ways = [
                    (_("not reported"), tables.address_with(here, of_ward | {"state": "waiting"}), not every),
                    (_("all"), tables.address_with(here, of_ward | {"state": "all"}), every),
                ]
                tables.choices(_("Show"), ways)
                tables.export(address("/ecg.csv"), kept)
        if len(names) > 1:
            with tag("p"):
                of = [(_("all wards"), "", not ward), *((name, one, one == ward) for one, name in names.items())]
                state = {"state": "all"} if every else {}
                ways = [
                    (name, tables.address_with(here, state | ({"ward": one} if one else {})), is_it)
                    for name, one, is_it in of
                ]
                tables.choices(_("Ward"), ways)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        begin = (number - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("No strips yet.") if every else _("No strip waits for a report.")
        tables.show(shown, label=_("ECG"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
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
                _reports(visit, view)
                _standing(visit, known)


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


def _reports(visit: Visit, view: EcgView) -> None:
    with tag("section", cls="section"):
        tag("h2", _("Reports"))
        if not view.reports:
            tag("p", _("Nobody has said yet what this strip shows."), cls="notice")
        for report in reversed(view.reports):
            _report(visit, report)


def _report(visit: Visit, report: EcgReport) -> None:
    with tag("article", cls="said"):
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
