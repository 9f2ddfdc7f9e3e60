"""A bill in a patient's words: what each day came to, what was done on it, what the insurance will probably pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.usecases.words import clock_text, day_text
from wardlink.clinical.requests.states import state_text
from wardlink.errors import InvalidInput, NotAllowed, Unreachable, WardlinkError
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardlink.messages.bills import BillDay, BillEstimate, BillLine, BillOfDay, BillView, EstimateStep
    from wardlink.messages.requests import RequestView

_ = domain("bedside").gettext

CLASSES = {"A": N_("class A"), "B": N_("class B"), "C": N_("class C, you pay it")}
"""Classes of the insurance's catalogue as a patient reads them."""


def money_text(amount_fen: int) -> str:
    """An amount in yuan, thousands apart."""
    whole, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}¥{whole:,}.{fen:02d}"


def standing_texts(bill: BillView) -> tuple[str, ...]:
    """The sum, the deposit, and for how long it does; also before anything was charged, if there is one."""
    charged = _("Charged so far: {amount}").format(amount=money_text(bill.total_fen))
    if not bill.days:
        charged = _("Nothing was charged yet.")
        if not bill.deposit_fen:
            return (charged,)
    said = [charged, _("Deposit paid: {amount}").format(amount=money_text(bill.deposit_fen))]
    if bill.available_fen < 0:
        said.append(_("{amount} more than the deposit").format(amount=money_text(-bill.available_fen)))
    else:
        said.append(_("Left of it: {amount}").format(amount=money_text(bill.available_fen)))
        if bill.runway_days is not None:
            said.append(_("enough for about {n} days").format(n=bill.runway_days))
    return tuple(said)


def day_label(day: BillDay) -> tuple[str, str]:
    """A day and what it came to."""
    return day_text(day.day), money_text(day.amount_fen)


def lines_of(found: BillOfDay, asked: Mapping[str, RequestView]) -> list[tuple[str, str]]:
    """The lines of a day: a heading of each category with its sum, then what was done, when and by whom.

    `asked`: the last question about each line; it stands below its line, with the answer.
    """
    said: list[tuple[str, str]] = []
    for group in found.groups:
        said.append((f"{group.name}  {money_text(group.amount_fen)}", "heading"))
        for line in group.lines:
            said.append((_line_text(line), "point"))
            if line.id in asked:
                said.append((query_text(asked[line.id]), "prose"))
    if not found.is_over:
        said.append((_("The day is not over: more may come."), "point"))
    return said


def query_text(query: RequestView) -> str:
    """How a question about a line stands, with the answer."""
    if query.text is not None:
        answer = _("Your question, answered by {name}: {text}")
        return answer.format(name=plain(query.owner_name or "") or _("the ward"), text=plain(query.text))
    return _("Your question: {state}").format(state=state_text(query.state))


def _line_text(line: BillLine) -> str:
    parts = [
        f"{clock_text(line.at)} {plain(line.name)}",
        f"{line.quantity} {plain(line.unit)}",
        money_text(line.amount_fen),
        *([_(CLASSES[line.insurance_class])] if line.insurance_class in CLASSES else []),
        *([plain(line.by)] if line.by else []),
    ]
    return " · ".join(parts)


def estimate_texts(found: BillEstimate) -> tuple[str, ...]:
    """Who is expected to pay how much, and that it is an estimate."""
    return (
        _("Estimate: the settlement when you leave decides."),
        _("All costs so far: {amount}").format(amount=money_text(found.total_fen)),
        _("The insurance: about {amount}").format(amount=money_text(found.fund_fen)),
        _("You: about {amount}").format(amount=money_text(found.person_fen)),
        *([plain(found.note)] if found.note else []),
    )


def cover_texts(found: BillEstimate) -> tuple[str, ...]:
    """How I am insured, and what is left of it; nothing where the server does not tell."""
    cover = found.cover
    if cover is None:
        return ()
    return (
        _("You are in: {scheme}").format(scheme=plain(cover.scheme)),
        _("Deductible still to be borne: {amount}").format(amount=money_text(cover.deductible_left_fen)),
        _("Then the fund pays {share} of what is covered.").format(share=f"{cover.ratio_bp / 100:g}%"),
        _("The fund may still pay this year: {amount}").format(amount=money_text(cover.cap_left_fen)),
    )


def step_text(number: int, step: EstimateStep) -> str:
    """A step with its numbers."""
    result = money_text(step.result) if step.unit == "fen" else f"{step.result / 100:g}%"
    said = _("{number}. {name}: {sum} = {result}")
    return said.format(number=number, name=step.name, sum=step.filled, result=result)


def trouble_text(error: WardlinkError) -> str:
    """Why it cannot be shown now, and what helps."""
    match error:
        case Unreachable():
            return _("No connection to the hospital's server. It is tried again by itself.")
        case NotAllowed():
            return _("This screen is not known to the ward. Please tell the nurse.")
        case InvalidInput():
            return _("Nobody has entered your insurance yet. Please ask at the insurance desk, or your nurse.")
        case other:
            return other.text()
