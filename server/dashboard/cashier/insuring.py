"""The insurance platform in a settlement, for the cashier: the card it wants, going on without it, taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.insurance.port import CardKind
from server.settlement.rows import Saga
from server.settlement.views import DivisionView
from wardlink.i18n import N_, domain
from wardlink.money import yuan

_ = domain("server").gettext

KINDS: Mapping[CardKind, str] = {
    CardKind.VOUCHER: N_("E-voucher (scan the code)"),
    CardKind.CARD: N_("Social-security card"),
    CardKind.ID_NUMBER: N_("ID number"),
}


def card(saga: Saga) -> None:
    """Where the card that the patient shows is read."""
    with tag("form", method="post", action=_to(saga, "card"), cls="ask", autocomplete="off"):
        tag("input", type="hidden", name="settlement", value=saga.id)
        with tag("label"):
            tag("span", _("What the patient shows"))
            with tag("select", name="kind"):
                for kind, label in KINDS.items():
                    tag("option", _(label), value=kind.value)
        with tag("label"):
            tag("span", _("Its code or number (it is not kept)"))
            tag("input", name="card", type="password", maxlength="200", required=True, autocomplete="off")
        with tag("div", cls="actions"):
            tag("button", _("Ask the insurance platform"), type="submit", cls="button main")


def ways_out(saga: Saga) -> None:
    """What a person may decide while the platform has part in it."""
    cover = saga.insured
    if cover is None or not cover.online:
        return
    if saga.sent_at is None and saga.step in ("upload", "presettle", "settle"):
        _why(saga, "without-platform", _("Go on without the insurance platform"))
    elif saga.sent_at is not None and saga.step in ("settle", "collect") and not saga.is_going_back:
        _why(saga, "take-back", _("Take the insurance settlement back"))


def beside(found: DivisionView) -> None:
    """The platform's answer against what had been expected."""
    if found.source != "platform" or found.expected_cash_fen is None:
        return
    difference_fen = found.cash_fen - found.expected_cash_fen
    expected = yuan(found.expected_cash_fen)
    if difference_fen == 0:
        tag(
            "p",
            _("The insurance platform has answered as our estimate said ({expected} yuan).").format(expected=expected),
        )
        return
    more = _(
        "The insurance platform's answer counts: the own part is {amount} yuan more than our estimate ({expected})."
    )
    less = _(
        "The insurance platform's answer counts: the own part is {amount} yuan less than our estimate ({expected})."
    )
    text = (more if difference_fen > 0 else less).format(amount=yuan(abs(difference_fen)), expected=expected)
    tag("p", text, cls="notice")


def _why(saga: Saga, act: str, words: str) -> None:
    with tag("details", cls="ask"):
        tag("summary", words)
        with tag("form", method="post", action=_to(saga, act)):
            tag("input", type="hidden", name="settlement", value=saga.id)
            with tag("label"):
                tag("span", _("Why? It stays in the record under your name."))
                tag("input", name="reason", maxlength="200", required=True)
            with tag("div", cls="actions"):
                tag("button", words, type="submit", cls="button")


def _to(saga: Saga, act: str) -> str:
    return address(f"/cashier/{saga.encounter}/{act}")
