"""Doses on a doctor's word, in a rescue: what the nurse enters, and what still waits for its order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.words import time_text
from wardlink.clinical.drugs import Drug, sample_drugs
from wardlink.clinical.routes import Route, routes
from wardlink.i18n import domain, language
from wardlink.messages.verbal import GiveVerbal, StrikeVerbal, VerbalView
from wardlink.record.verbal import waits, write_by
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.changes import StaffView
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext

MAY_STRIKE = timedelta(hours=12)
"""As long as what was done about doses stands on the page."""


@dataclass(frozen=True)
class Said:
    """What a doctor has said, as the nurse repeats it."""

    name: str
    dose: float
    unit: str
    route: Route
    drug: Drug | None = None
    code: str | None = None

    def text(self) -> str:
        """To be read back."""
        return plain(f"{self.name} {self.dose:g} {self.unit} {self.route.label_text()}")


def drug_of(text: str, gtin: str | None = None) -> Drug | None:
    """The drug that was meant: by the number on its pack, or by exactly its name."""
    said = text.strip().casefold()
    for drug in sample_drugs().values():
        if (gtin in drug.gtins) if gtin else said in (drug.code, drug.name_zh.casefold(), drug.name_en.casefold()):
            return drug
    return None


def name_of(drug: Drug) -> str:
    """What it is called in the language of now."""
    return drug.name_zh if language().startswith("zh") else drug.name_en


def doctors(board: Board, stay: EncounterView) -> list[StaffView]:
    """Who may have said it: the doctor of the patient first, nine at most."""
    found = [one for one in board.staff().values() if one.role == "doctor"]
    return sorted(found, key=lambda one: (one.id != stay.doctor, one.id))[:9]


def route_keys() -> list[tuple[str, str]]:
    """The ways a drug is given in a rescue, as they may be typed."""
    return [(code, routes()[code].label_text()) for code in ("iv", "im", "sc", "ivgtt", "iv-pump", "po", "sl", "inh")]


def give(
    ward: Ward,
    session: Session,
    stay: EncounterView,
    said: Said,
    *,
    doctor: str | None,
    doctor_name: str,
    witness: str,
) -> Command:
    """Record that it was given: repeated by the nurse, confirmed by the doctor, with a second nurse there."""
    body = GiveVerbal(
        name=said.name[:60],
        drug=said.drug.code if said.drug is not None else None,
        dose=said.dose,
        unit=said.unit,
        route=said.route.code,
        doctor=doctor,
        doctor_name=doctor_name[:60],
        read_back=True,
        witness=witness,
        code=said.code,
    )
    return ward.record("verbal.give", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def strike(ward: Ward, session: Session, stay: EncounterView, view: VerbalView, reason: str) -> Command:
    """Record that it was entered by mistake."""
    body = StrikeVerbal(verbal=view.id, reason=reason)
    return ward.record("verbal.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def may_be_struck(found: Iterable[VerbalView], now: datetime) -> list[VerbalView]:
    """The newest first, eight at most."""
    recent = [view for view in found if view.struck_at is None and now - view.given_at <= MAY_STRIKE]
    return sorted(recent, key=lambda view: view.given_at, reverse=True)[:8]


def verbal_text(view: VerbalView, now: datetime) -> str:
    """When, what, how, and who said it."""
    route = routes().get(view.route)
    how = route.label_text() if route is not None else view.route
    said = _("{at} {drug} {dose} {unit} {route}, said by {doctor}")
    return said.format(
        at=time_text(view.given_at, now),
        drug=plain(view.name),
        dose=f"{view.dose:g}",
        unit=plain(view.unit),
        route=plain(how),
        doctor=plain(view.doctor_name),
    )


def waiting_lines(found: Iterable[VerbalView], now: datetime) -> list[tuple[str, bool]]:
    """A line for each that waits for its order, and whether that is overdue."""
    lines = []
    for view in found:
        if waits(view):
            late = now > write_by(view)
            text = _("Verbal order overdue: {what}") if late else _("Verbal order to be written: {what}")
            lines.append((text.format(what=verbal_text(view, now)), late))
    return lines
