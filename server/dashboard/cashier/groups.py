"""Groups (DRG): the manager sees what is paid for a stay against its cost; a coder gives groups and sees no money."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from server.dashboard import PREFIX, tables
from server.dashboard.cashier import acts
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sent_file import faults_text
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from server.drg.service import Coded, code_stay, import_codes, stays
from server.drg.tables import tables as drg_tables
from server.patients.import_table import MOST_BYTES, LinesRejected
from wardlink.errors import InvalidInput, NoRight, NotFound
from wardlink.i18n import N_, domain, language
from wardlink.money import yuan

_ = domain("server").gettext

OUTLIERS: Mapping[str, str] = {"low": N_("far below"), "high": N_("far above"), "": ""}
_NO_FILE = N_("Please choose the file.")


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list at `/drg`."""
    asked = request.query_params
    typed, show, number = asked.get("q", "").strip()[:100], asked.get("show", ""), tables.page_of(asked.get("page"))

    def read() -> list[Coded]:
        visit.audit("search" if typed else "list", "groups of stays")
        return found_by(desk, visit, typed, show)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("q", typed), ("show", show)) if value}
    here, begin = address("/drg"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Groups (DRG)"), here="drg"):
        with tag("div", cls="page-head"):
            tag("h1", _("Groups (DRG)"))
            tag("p", _("What a group pays does not change a patient's bill, and is no reason to discharge anybody."))
            with tag("span", cls="tools"):
                tables.choices(_("Show"), _shows(visit, here, typed, show))
                tables.export(address("/drg.csv"), kept)
        _say(desk, request)
        if visit.may("drg.read"):
            _totals(found)
            if drg_tables().trust == "sample":
                tag("p", _("Weights and rates are invented samples. The hospital puts in its own."), cls="notice")
        tables.search(here, typed, {"show": show} if show else {})
        shown = sheet(found[begin : begin + tables.PER_PAGE], money=visit.may("drg.read"))
        tables.show(shown, label=_("Groups (DRG)"), nothing=_("Nothing found.") if kept else _("No stay here."))
        tables.turn_pages(here, kept, number, total=len(found))
        if visit.may("drg.code"):
            _import_form()


def found_by(desk: CashDesk, visit: Visit, typed: str, show: str) -> list[Coded]:
    """The stays that an address looks for; `show`: `open` those without a group, `out` the outliers. Reads."""
    with desk.core.db.read() as conn:
        found = stays(conn, visit.wards_bound(), desk.core.clock.now(), typed)
    if show == "open":
        return [each for each in found if each.code is None]
    return [each for each in found if each.outlier] if show == "out" and visit.may("drg.read") else found


def _shows(visit: Visit, here: str, typed: str, show: str) -> list[tuple[str, str, bool]]:
    options = [("", _("All stays")), ("open", _("To be coded"))]
    options += [("out", _("Outliers"))] if visit.may("drg.read") else []
    return [
        (words, tables.address_with(here, {n: v for n, v in (("q", typed), ("show", code)) if v}), code == show)
        for code, words in options
    ]


def _say(desk: CashDesk, request: Request) -> None:
    said = desk.said(request.query_params.get("said"))
    if said:
        with tag("div", cls="notice", role="alert"):
            for line in said.split("\n"):
                tag("p", line)


def _totals(found: Sequence[Coded]) -> None:
    coded = [each for each in found if each.expected_fen is not None]
    expected_fen, cost_fen = sum(each.expected_fen or 0 for each in coded), sum(each.cost_fen for each in coded)
    facts = [
        (_("Stays with a group"), f"{len(coded)} / {len(found)}"),
        (_("Expected (yuan)"), yuan(expected_fen)),
        (_("Cost (yuan)"), yuan(cost_fen)),
        (_("Difference (yuan)"), yuan(expected_fen - cost_fen)),
    ]
    with tag("dl", cls="facts", id="totals"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def sheet(found: Sequence[Coded], *, money: bool) -> Sheet:
    """These stays with their groups; with money only for who may see it."""
    amounts = (
        Column("expected", _("Expected (yuan)"), "number"),
        Column("cost", _("Cost (yuan)"), "number"),
        Column("difference", _("Difference (yuan)"), "number"),
        Column("outlier", _("Outlier")),
    )
    columns = (
        Column("no", _("Admission no."), "mono"),
        Column("name", _("Name")),
        Column("bed", _("Bed")),
        Column("code", _("Group"), "mono"),
        Column("group", _("Name of the group"), "wide"),
        Column("weight", _("Weight"), "number"),
        Column("days", _("Days / standard"), "number"),
        *(amounts if money else ()),
    )
    return Sheet(columns, tuple(_row(each, money=money) for each in found))


def _row(each: Coded, *, money: bool) -> Row:
    cells = {
        "no": Cell(each.admission_no, href=address(f"/drg/{each.encounter}")),
        "name": Cell(each.name),
        "bed": Cell(f"{each.ward} {each.bed}"),
        "code": Cell(each.code or _("not coded")),
        "group": Cell(_group_name(each)),
        "weight": Cell(weight_text(each.weight_e4)),
        "days": Cell(f"{each.days} / {each.standard_days or NOTHING}"),
    }
    if money:
        difference_fen = each.difference_fen
        cells |= {
            "expected": Cell(NOTHING if each.expected_fen is None else yuan(each.expected_fen)),
            "cost": Cell(yuan(each.cost_fen)),
            "difference": Cell(
                NOTHING if difference_fen is None else yuan(difference_fen), "bad" if (difference_fen or 0) < 0 else ""
            ),
            "outlier": Cell(_(OUTLIERS[each.outlier]) if each.outlier else NOTHING),
        }
    return Row(each.encounter, cells)


def _group_name(each: Coded) -> str:
    return (each.group_zh if language() == "zh_CN" else each.group_en) or NOTHING


def weight_text(weight_e4: int | None) -> str:
    """A weight as people write it: "1.26"."""
    if weight_e4 is None:
        return NOTHING
    return f"{weight_e4 // 10_000}.{weight_e4 % 10_000:04d}".rstrip("0").removesuffix(".")


def _import_form() -> None:
    with tag("form", method="post", action=address("/drg/import"), enctype="multipart/form-data", cls="ask"):
        tag("h2", _("Groups from a file"))
        tag(
            "p",
            _("CSV with the columns 住院号 and DRG编码, and 权重 where a group is not in the table. All or nothing."),
        )
        with tag("label"):
            tag("span", _("File"))
            tag("input", type="file", name="file", accept=".csv,.txt", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Import the file"), type="submit", cls="button main")


async def one(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page at `/drg/{encounter}`."""
    name = request.path_params["encounter"]

    def read() -> Coded:
        found = next((each for each in found_by(desk, visit, "", "") if each.encounter == name), None)
        if found is None:
            raise NotFound(what="stay", name=name[:40])
        visit.audit("view", "group of a stay", found.encounter)
        return found

    found = await asyncio.to_thread(read)
    with framed(visit, _("Groups (DRG)"), here="drg"):
        with tag("div", cls="page-head"):
            tag("h1", f"{found.name} · {found.admission_no}")
            tag("a", _("All stays"), cls="button", href=address("/drg"))
        _say(desk, request)
        with tag("dl", cls="facts"):
            shown = sheet([found], money=visit.may("drg.read"))
            for column in shown.columns[2:]:
                with tag("div"):
                    tag("dt", column.label)
                    tag("dd", shown.rows[0].cell(column).text)
        if visit.may("drg.code"):
            _code_form(found)


def _code_form(found: Coded) -> None:
    known = drg_tables().groups
    with tag("form", method="post", action=address(f"/drg/{found.encounter}/code"), cls="ask"):
        tag("h2", _("Give this stay its group"))
        tag("input", type="hidden", name="version", value=str(found.version))
        with tag("label"):
            tag("span", _("Group"))
            tag("input", name="code", value=found.code or "", maxlength="8", list="groups", required=True)
        with tag("datalist", id="groups"):
            for code, rows in sorted(known.items()):
                tag("option", rows[-1].name_zh if language() == "zh_CN" else rows[-1].name_en, value=code)
        with tag("label"):
            tag("span", _("Weight, where it is not the table's"))
            tag("input", name="weight", maxlength="9", inputmode="decimal")
        with tag("div", cls="actions"):
            tag("button", _("Save the group"), type="submit", cls="button main")


def routes(desk: CashDesk) -> APIRouter:
    """The forms of these pages."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/drg/import")
    async def take(request: Request) -> Response:
        given = (await request.form()).get("file")
        data = await given.read(MOST_BYTES + 1) if isinstance(given, UploadFile) else b""
        return await acts.answer(desk, request, "/drg", "drg.code", lambda v, _t: _import(desk, v, data))

    @router.post("/drg/{encounter}/code")
    async def code(request: Request, encounter: str) -> Response:
        path = f"/drg/{encounter[:40]}"
        return await acts.answer(desk, request, path, "drg.code", lambda v, t: _code(desk, v, encounter, t))

    return router


def _import(desk: CashDesk, visitor: Visit, data: bytes) -> str:
    if not data:
        raise InvalidInput(_NO_FILE)
    try:
        count = import_codes(desk.core, visitor.person, visitor.wards_bound(), data)
    except LinesRejected as rejected:
        return faults_text(rejected)
    return _("{count} stays have their group.").format(count=count)


def _code(desk: CashDesk, visitor: Visit, encounter: str, typed: acts.Typed) -> str:
    desk.stay(visitor, encounter, "drg.code")
    seen = typed.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    how = {"code": typed.get("code", ""), "weight": typed.get("weight", "")}
    code_stay(desk.core, visitor.person, visitor.wards_bound(), encounter, version=version, **how)
    return _("The group is saved.")


def table(desk: CashDesk, visitor: Visit, asked: Mapping[str, str]) -> bytes:
    """The list as a file; with money only for who may see it.

    Raises:
        NoRight: the visitor may see nothing of it.
    """
    if not visitor.may("drg.read") and not visitor.may("drg.code"):
        raise NoRight
    found = found_by(desk, visitor, asked.get("q", "").strip()[:100], asked.get("show", ""))
    return sheet(found, money=visitor.may("drg.read")).csv()
