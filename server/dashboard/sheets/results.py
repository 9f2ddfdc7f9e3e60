"""Results as tables: what waits and why, and the values of one report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.results.rows import Version
from wardlink.clinical.names import masked_name
from wardlink.clinical.results.catalogue import category_text, explained, flags
from wardlink.clinical.results.release import Status, why_text
from wardlink.i18n import N_, domain
from wardlink.messages.results import ResultItem

_ = domain("server").gettext

STATUS: dict[Status, str] = {
    "registered": N_("registered"),
    "preliminary": N_("preliminary"),
    "final": N_("verified"),
    "corrected": N_("corrected"),
    "cancelled": N_("taken back"),
}


def sheet(newest: Iterable[Version], now: datetime, delay: timedelta, *, waiting: bool) -> Sheet:
    """The newest version of each report; `waiting`: only what its patient does not see. Critical ones first."""
    shown = []
    for version in newest:
        why = version.why_held(now, delay)
        if not waiting or (why and version.status != "cancelled"):
            shown.append((version, why))
    shown.sort(key=lambda one: one[0].received_at, reverse=True)
    shown.sort(key=lambda one: not one[0].held.critical)
    rows = tuple(_row(version, [why_text(reason) for reason in why], now) for version, why in shown)
    columns = (
        Column("report", _("Report"), "wide"),
        Column("patient", _("Patient")),
        Column("admission_no", _("Admission number"), "mono"),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("kind", _("Kind")),
        Column("status", _("Status")),
        Column("verified", _("Verified")),
        Column("critical", _("Critical")),
        Column("why", _("Why the patient does not see it"), "wide"),
    )
    return Sheet(columns, rows)


def _row(version: Version, why: list[str], now: datetime) -> Row:
    cells = {
        "report": Cell(report_name(version), href=f"{PREFIX}/results/{version.id}"),
        "patient": Cell(masked_name(version.patient), href=f"{PREFIX}/stay/{version.encounter}"),
        "admission_no": Cell(version.admission_no),
        "ward": Cell(version.ward),
        "bed": Cell(version.bed),
        "kind": Cell(category_text(version.category)),
        "status": Cell(_(STATUS[version.status])),
        "verified": instant(version.issued_at, now),
        "critical": Cell(_("critical"), cls="bad") if version.held.critical else Cell(),
        "why": Cell("; ".join(why) if why or version.status == "cancelled" else _("The patient sees it.")),
    }
    return Row(version.id, cells, also=version.patient)


def report_name(version: Version) -> str:
    """By the table of tests, else as its laboratory calls it; with the version, if it is not the first."""
    known = explained().get(version.code)
    name = known.label_text() if known is not None else version.name
    return name if version.version == 1 else _("{name}, version {n}").format(name=name, n=version.version)


def values(items: Iterable[ResultItem]) -> Sheet:
    """The values of a report, in its order."""
    columns = (
        Column("test", _("Test"), "wide"),
        Column("value", _("Value"), "number"),
        Column("unit", _("Unit")),
        Column("range", _("Reference range")),
        Column("flag", _("Flag")),
        Column("code", "LOINC", "mono"),
    )
    return Sheet(columns, tuple(_value(index, item) for index, item in enumerate(items)))


def _value(index: int, item: ResultItem) -> Row:
    known, flag = explained().get(item.code), flags()[item.flag] if item.flag is not None else None
    cells = {
        "test": Cell(known.label_text() if known is not None else item.name),
        "value": Cell(f"{item.comparator or ''}{item.value}" if item.value is not None else item.text or ""),
        "unit": Cell(item.unit or ""),
        "range": Cell(range_text(item)),
        "flag": Cell(
            f"{flag.text()} {flag.symbol}".strip() if flag is not None else "",
            cls="" if item.flag in (None, "N", "NEG") else "bad",
        ),
        "code": Cell(item.code),
    }
    return Row(str(index), cells)


def range_text(item: ResultItem) -> str:
    """From where to where a value is usual."""
    if item.low is not None and item.high is not None:
        return f"{item.low}–{item.high}"
    if item.low is not None:
        return f"≥ {item.low}"
    return f"≤ {item.high}" if item.high is not None else ""
