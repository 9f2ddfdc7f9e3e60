"""The papers of a settlement: a receipt and the list of fees, as PDF in the language of this context.

A receipt of ours is no official invoice (电子票据): that is what it says, large.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi.responses import Response
from fpdf import FPDF
from fpdf.fonts import FontFace
from sqlalchemy import Connection

from server.charts.font import Font, find_font
from server.money.accounts import categories, channels
from server.patients.service import encounter_view
from server.settlement.fees import Fees, fees_of
from server.settlement.rows import Payout, Saga, payouts_of
from server.settlement.service import Settlements
from wardlink.clock import ward_time
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_, domain, language
from wardlink.messages.encounters import EncounterView
from wardlink.money import yuan

_ = domain("server").gettext

_MARGIN_MM = 15.0
_LINE_MM = 6.5
_RED = (190, 0, 0)

_NOT_YET = N_("There is no receipt yet: the settlement has not come to its end.")


class NotSettled(Collision):
    """The settlement is not done."""

    code = "not-settled"
    sentence = _NOT_YET


def receipt(settlements: Settlements, saga: Saga, *, font: Path | None, is_sample: bool) -> bytes:
    """The receipt of a settlement that is done.

    Raises:
        NotSettled: it is not.
        FontMissing: nothing can be printed here.
    """
    if saga.status != "done":
        raise NotSettled
    with settlements.tools.core.db.read() as conn:
        stay, fees, payouts = _stay(conn, saga), fees_of(conn, saga), payouts_of(conn, saga.id)
    pdf = _paper(_("Receipt of an inpatient settlement"), find_font(font), is_sample=is_sample)
    _warning(pdf)
    _head(pdf, stay, saga)
    chinese = language() == "zh_CN"
    names = {code: each.name_zh if chinese else each.name_en for code, each in categories().items()}
    for code, amount_fen in fees.by_category.items():
        _pair(pdf, names[code], yuan(amount_fen))
    found = saga.divided
    _rule(pdf)
    for label, amount_fen in (
        (_("Total"), found.total_fen),
        (_("Insurance funds"), found.fund_fen),
        (_("Personal account"), found.account_fen),
        (_("Borne by the hospital"), found.hospital_fen),
        (_("Own part"), found.cash_fen),
        (_("Deposits"), saga.deposits_fen or 0),
        (_("Given back"), sum(payout.amount_fen for payout in payouts if payout.status == "done")),
    ):
        _pair(pdf, label, yuan(amount_fen), bold=label == _("Total"))
    if found.source == "estimate":
        _text(pdf, _("The part of the insurance is an estimate (not confirmed by the insurance)."), red=True)
    _ways(pdf, payouts)
    return bytes(pdf.output())


def fees(settlements: Settlements, saga: Saga, *, font: Path | None, is_sample: bool) -> bytes:
    """The list of fees that a settlement settles, by category, with the insurance's class and the own share.

    Raises:
        FontMissing: nothing can be printed here.
    """
    with settlements.tools.core.db.read() as conn:
        stay, found = _stay(conn, saga), fees_of(conn, saga)
    pdf = _paper(_("List of fees of a stay"), find_font(font), is_sample=is_sample)
    _head(pdf, stay, saga)
    _table(pdf, found)
    return bytes(pdf.output())


PAPERS: Mapping[str, Callable[..., bytes]] = {"receipt": receipt, "fees": fees}
"""The papers by the words of their addresses."""


def pdf_answer(pdf: bytes, name: str) -> Response:
    """The document, to be shown at once and kept nowhere on the way."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _stay(conn: Connection, saga: Saga) -> EncounterView:
    stay = encounter_view(conn, saga.encounter)
    if stay is None:
        raise NotFound(what="stay", name=saga.encounter)
    return stay


def _paper(title: str, font: Font, *, is_sample: bool) -> FPDF:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_margin(_MARGIN_MM)
    pdf.set_auto_page_break(True, _MARGIN_MM)
    pdf.set_title(title)
    pdf.add_font("paper", fname=font.path, collection_font_number=font.number)
    pdf.add_page()
    pdf.set_font("paper", size=16)
    pdf.cell(0, 10, title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("paper", size=10)
    if is_sample:
        _text(pdf, _("SAMPLE DATA: every name and value here is invented."), red=True)
    return pdf


def _warning(pdf: FPDF) -> None:
    pdf.set_font("paper", size=13)
    pdf.set_text_color(*_RED)
    pdf.set_draw_color(*_RED)
    pdf.cell(0, 9, _("Not an official invoice"), align="C", border=1, new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)
    pdf.set_draw_color(0)
    pdf.set_font("paper", size=10)


def _head(pdf: FPDF, stay: EncounterView, saga: Saga) -> None:
    pdf.ln(2)
    _pair(pdf, _("Receipt no."), saga.receipt_no or "—")
    _pair(pdf, _("Name"), stay.name)
    _pair(pdf, _("Admission no."), stay.admission_no)
    until = stay.discharged_at or saga.audited_at or saga.begun_at
    _pair(pdf, _("From – to"), f"{ward_time(stay.admitted_at):%Y-%m-%d} – {ward_time(until):%Y-%m-%d}")
    if saga.ended_at is not None:
        _pair(pdf, _("Settled on"), f"{ward_time(saga.ended_at):%Y-%m-%d %H:%M}")
    _rule(pdf)


def _ways(pdf: FPDF, payouts: list[Payout]) -> None:
    chinese = language() == "zh_CN"
    for payout in payouts:
        if payout.status == "done" and payout.way is not None:
            way = channels()[payout.way]
            text = _("{amount} yuan went back: {channel}").format(
                amount=yuan(payout.amount_fen), channel=way.name_zh if chinese else way.name_en
            )
            _text(pdf, text)


def _table(pdf: FPDF, found: Fees) -> None:
    head = (_("Item"), _("Unit"), _("Quantity"), _("Price"), _("Amount"), _("Cover"), _("Own share"))
    widths = (62, 14, 20, 22, 24, 16, 22)
    pdf.set_font("paper", size=9)
    with pdf.table(
        col_widths=widths,
        text_align=("LEFT", "LEFT", *["RIGHT"] * 3, "CENTER", "RIGHT"),
        headings_style=FontFace(emphasis=""),
    ) as table:
        table.row(head)
        for group in found.groups:
            table.row([group.name, "", "", "", yuan(group.amount_fen), "", yuan(group.own_fen)])
            for fee in group.fees:
                table.row(
                    [
                        fee.name,
                        fee.unit,
                        fee.quantity,
                        yuan(fee.price_fen),
                        yuan(fee.amount_fen),
                        fee.grade,
                        yuan(fee.own_fen),
                    ]
                )
        table.row([_("Total"), "", "", "", yuan(found.total_fen), "", yuan(found.own_fen)])


def _pair(pdf: FPDF, label: str, value: str, *, bold: bool = False) -> None:
    pdf.set_font("paper", size=12 if bold else 10)
    pdf.cell(60, _LINE_MM, label)
    pdf.cell(0, _LINE_MM, value, align="R", new_x="LMARGIN", new_y="NEXT")


def _text(pdf: FPDF, text: str, *, red: bool = False) -> None:
    if red:
        pdf.set_text_color(*_RED)
    pdf.multi_cell(0, _LINE_MM, text, new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)


def _rule(pdf: FPDF) -> None:
    pdf.ln(1)
    pdf.line(_MARGIN_MM, pdf.get_y(), pdf.w - _MARGIN_MM, pdf.get_y())
    pdf.ln(2)
