"""The settlement of a stay on the cashier's page: its steps, why it waits, and the one form that it waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server.dashboard.cashier import insuring
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.settlement.rows import Saga
from server.settlement.views import DivisionView, SettlementView
from wardlink.i18n import N_, domain
from wardlink.ids import new_id
from wardlink.money import yuan

_ = domain("server").gettext

_SIGNS = {"done": "✓", "now": "▶", "ahead": "·"}
_STATES = {"done": N_("done"), "now": N_("now"), "ahead": N_("to come")}

COVERS: Mapping[str, str] = {
    "known": N_("As the insurance of this stay was entered"),
    "alone": N_("Pays alone"),
    "employee/in-service": N_("Employee insurance, in service"),
    "employee/retired": N_("Employee insurance, retired"),
    "resident/resident": N_("Resident insurance"),
}


def section(desk: CashDesk, encounter: str, sagas: list[Saga], *, known: bool, may_run: bool) -> None:
    """The newest settlement, the way to begin one, and those that are done."""
    with tag("section", cls="section", id="settlement"):
        tag("h2", _("Settlement"))
        if sagas and sagas[0].is_open:
            _open(desk, sagas[0], may_run=may_run)
        elif may_run:
            _begin(encounter, known=known)
        for saga in sagas:
            if not saga.is_open:
                _ended(desk, saga)
        if not sagas and not may_run:
            tag("p", _("This stay has not been settled."), cls="nothing")


def _open(desk: CashDesk, saga: Saga, *, may_run: bool) -> None:
    view = SettlementView.of(desk.settlements, saga)
    with tag("ol", cls="steps"):
        for step in view.steps:
            with tag("li", cls=step.state):
                tag("span", _SIGNS[step.state], aria_hidden="true")
                tag("span", step.text)
                tag("span", _(_STATES[step.state]), cls="unseen")
    if view.wait is not None:
        tag("p", view.wait.text, cls="notice bad", role="status")
    if view.division is not None:
        _division(view.division)
    if not may_run:
        return
    form = _FORMS.get(view.wait.code) if view.wait is not None else None
    if form is not None:
        form(saga, view)
    with tag("form", method="post", action=_to(saga, "go"), cls="ask"), tag("div", cls="actions"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        tag("button", _("Go on"), type="submit", cls="button" if form else "button main")
    insuring.ways_out(saga)
    if saga.sent_at is None:
        _give_up(saga)


def _division(found: DivisionView) -> None:
    facts = [
        (_("Bill"), yuan(found.total_fen)),
        (_("Insurance funds"), yuan(found.fund_fen)),
        (_("Personal account"), yuan(found.account_fen)),
        (_("Own part"), yuan(found.cash_fen)),
    ]
    if found.hospital_fen:
        facts.append((_("Borne by the hospital"), yuan(found.hospital_fen)))
    if found.is_estimate:
        tag("p", _("ESTIMATE: the insurance platform has not been asked."), cls="notice")
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)
    insuring.beside(found)


def _begin(encounter: str, *, known: bool) -> None:
    with tag("form", method="post", action=address(f"/cashier/{encounter}/begin"), cls="ask"):
        tag("h2", _("Settle this stay"))
        tag("input", type="hidden", name="key", value=new_id())
        with tag("label"):
            tag("span", _("Insurance"))
            with tag("select", name="cover"):
                for code, label in COVERS.items():
                    if code != "known" or known:
                        tag("option", _(label), value=code)
        with tag("label"):
            tag("span", _("Balance of the personal account (yuan)"))
            tag("input", name="balance", inputmode="decimal", maxlength="13", placeholder="0.00")
        with tag("div", cls="actions"):
            tag("button", _("Begin the settlement"), type="submit", cls="button main")


def _audit(saga: Saga, view: SettlementView) -> None:
    total = str((saga.wait or {}).get("values", {}).get("total", ""))
    with tag("form", method="post", action=_to(saga, "audit"), cls="ask"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        tag("input", type="hidden", name="total", value=total)
        with tag("div", cls="actions"):
            text = _("The bill of {total} yuan is right: close it").format(total=total)
            tag("button", text, type="submit", cls="button main")


def _decide(saga: Saga, view: SettlementView) -> None:
    with tag("form", method="post", action=_to(saga, "decide"), cls="ask"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        with tag("label"):
            tag("span", _("Why? It stays in the record under your name."))
            tag("input", name="reason", maxlength="200", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Settle by the estimate"), type="submit", name="way", value="estimate", cls="button main")
            tag("button", _("The patient pays all of it"), type="submit", name="way", value="alone", cls="button")


def _confirm(saga: Saga, view: SettlementView) -> None:
    assert view.division is not None
    cash = yuan(view.division.cash_fen)
    with tag("form", method="post", action=_to(saga, "confirm"), cls="ask"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        tag("input", type="hidden", name="cash", value=cash)
        tag("p", _("Show it to the patient. They can also agree on the screen at their bed."))
        with tag("div", cls="actions"):
            tag("button", _("The patient agrees to {cash} yuan").format(cash=cash), type="submit", cls="button main")


def _collect(saga: Saga, view: SettlementView) -> None:
    with tag("form", method="post", action=_to(saga, "pay"), cls="ask"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        tag("input", type="hidden", name="key", value=new_id())
        with tag("div", cls="actions"):
            text = _("Show a code for {missing} yuan").format(missing=yuan(view.missing_fen))
            tag("button", text, type="submit", cls="button main")


def _payout(saga: Saga, view: SettlementView) -> None:
    payout = next((each for each in view.payouts if each.by_hand), None)
    if payout is None:
        return
    with tag("form", method="post", action=_to(saga, "payout"), cls="ask"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        tag("input", type="hidden", name="no", value=str(payout.no))
        with tag("div", cls="actions"):
            amount = yuan(payout.amount_fen)
            text = _("{amount} yuan were handed out in cash").format(amount=amount)
            tag("button", text, type="submit", name="way", value="cash", cls="button main")
            text = _("{amount} yuan were sent by bank transfer").format(amount=amount)
            tag("button", text, type="submit", name="way", value="bank", cls="button")


def _give_up(saga: Saga) -> None:
    with tag("details", cls="ask"):
        tag("summary", _("Give this settlement up"))
        with tag("form", method="post", action=_to(saga, "give-up")):
            tag("input", type="hidden", name="settlement", value=saga.id)
            with tag("label"):
                tag("span", _("Why? It stays in the record under your name."))
                tag("input", name="reason", maxlength="200", required=True)
            with tag("div", cls="actions"):
                tag("button", _("Give up"), type="submit", cls="button")


def _ended(desk: CashDesk, saga: Saga) -> None:
    if saga.status != "done":
        tag("p", _("A settlement was given up: {reason}").format(reason=saga.ended_reason or ""), cls="notice")
        return
    tag("p", _("Settled. Receipt {no}.").format(no=saga.receipt_no), cls="notice good", role="status")
    view = SettlementView.of(desk.settlements, saga)
    if view.division is not None:
        _division(view.division)
    with tag("div", cls="actions"):
        tag("a", _("Receipt (PDF)"), cls="button main", href=address(f"/cashier/receipt/{saga.id}.pdf"))
        tag("a", _("Fee list (PDF)"), cls="button", href=address(f"/cashier/fees/{saga.id}.pdf"))


def _to(saga: Saga, act: str) -> str:
    return address(f"/cashier/{saga.encounter}/{act}")


def _card(saga: Saga, view: SettlementView) -> None:
    insuring.card(saga)


_FORMS: Mapping[str, Callable[[Saga, SettlementView], None]] = {
    "card": _card,
    "insurer-refused": _card,
    "audit": _audit,
    "decide": _decide,
    "confirm": _confirm,
    "collect": _collect,
    "payout": _payout,
}
"""What it waits for, and the form for that."""
