"""A dose that a nurse is about to give here: what it is, in the patient's words, and what the patient says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.clinical.drug_purposes import purpose_text
from wardlink.clinical.routes import routes
from wardlink.i18n import domain
from wardlink.messages.dose_asks import AnswerDose
from wardlink.messages.order_words import drug_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.frame import Seen
    from bedside.usecases.session import Session
    from wardlink.messages.dose_asks import DoseAnswer, DoseAskView
    from wardlink.messages.orders import OrderedDrug

_ = domain("bedside").gettext

READS_S = 1.0
"""A touch so soon after the question came was meant for the page before. A default of this product."""


def answer(terminal: Terminal, place: Place, session: Session, ask: str, said: DoseAnswer) -> None:
    """Say yes, or that there is a question.

    Raises:
        StoreFailed: it could not be kept; the patient tells the nurse.
    """
    body = AnswerDose(ask=ask, answer=said)
    terminal.record("dose-ask.answer", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def of_session(seen: Seen, session: Session, ask: str) -> DoseAskView | None:
    """The question as known now; None where it is not this patient's, or gone."""
    found = next((view for view in seen.asks if view.id == ask), None)
    return found if found is not None and found.encounter == session.encounter else None


def lines(view: DoseAskView) -> list[str]:
    """Each drug with its dose and what it is for; at the end how it is given."""
    said = [line for item in view.items for line in (plain(drug_text(item)), _purpose_line(view, item))]
    route = routes().get(view.route or "")
    return [*said, _("How: {route}").format(route=route.label_text())] if route is not None else said


def answered_text(*, is_unsent: bool) -> str:
    """What became of the question that the patient has."""
    if is_unsent:
        return _("Your question waits here until the network is back. Please tell the nurse beside you now.")
    return _("Your question is on the nurse's cart now. Please tell her what you want to know before you take it.")


def _purpose_line(view: DoseAskView, item: OrderedDrug) -> str:
    known = view.indication or purpose_text(item.ingredient, item.classes)
    if known is None:
        return _("What it is for: please ask the nurse")
    return _("What it is for: {purpose}").format(purpose=plain(known))
