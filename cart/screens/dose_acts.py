"""What is asked before an entry about a dose is made: why it is not given, how an infusion runs, what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cart.screens.amounts import Amount, Amounts
from cart.screens.question import Question
from cart.usecases import medication
from cart.usecases.dose_words import (
    PART_REASONS,
    PAUSE_REASONS,
    SITES,
    STRIKE_REASONS,
    WITHHOLDING,
    drugs_text,
)
from cart.usecases.words import time_text
from wardlink.i18n import N_, domain
from wardlink.messages.doses import (
    EndInfusion,
    PatrolInfusion,
    PauseInfusion,
    ResumeInfusion,
    StrikeDose,
    WithholdDose,
)
from wardlink.messages.order_words import ENTRIES, dose_text, entry_text
from wardlink.record.drips import Drip, drip_of

if TYPE_CHECKING:
    from cart.screens.medication import MedicationScreen
    from cart.usecases.medication import Due
    from wardlink.clinical.dose_states import DoseState

_ = domain("cart").gettext

MOST_ML, MOST_ML_PER_H = 5_000.0, 2_000.0
"""As much as a message can hold."""

_OTHER = N_("another reason")


def ask_start(screen: MedicationScreen, line: Due, start: Callable[[float, float], object]) -> None:
    """Ask for volume and rate, as ordered unless typed otherwise."""
    order = line.order
    volume = f"{order.volume_ml:g}" if order is not None and order.volume_ml is not None else ""
    rate = f"{order.rate_ml_per_h:g}" if order is not None and order.rate_ml_per_h is not None else ""

    def answered(found: Mapping[str, float] | None) -> None:
        if found is not None:
            screen.save(lambda: start(found["volume"], found["rate"]), _("Started and saved."))

    amounts = (
        Amount("volume", N_("Volume"), "mL", 1, MOST_ML, volume),
        Amount("rate", N_("Rate"), "mL/h", 0.1, MOST_ML_PER_H, rate),
    )
    screen.app.push_screen(Amounts(lambda: _("Start: {drug}").format(drug=drugs_text(line.items)), amounts), answered)


def ask_part(screen: MedicationScreen, line: Due, then: Callable[[float, str | None], None]) -> None:
    """Ask how much of it is given, and why not all of it."""

    def answered(found: Mapping[str, float] | None) -> None:
        if found is None:
            return
        part = found["part"]
        if part >= 100:
            then(part, None)
        else:
            _ask(screen, lambda: _("Why only a part of it?"), PART_REASONS, lambda reason: then(part, reason))

    amounts = (Amount("part", N_("Part"), "%", 1, 100),)
    asked = Amounts(lambda: _("How much of it: {drug}").format(drug=drugs_text(line.items)), amounts)
    screen.app.push_screen(asked, answered)


def ask_withhold(screen: MedicationScreen, line: Due | None, why: DoseState) -> None:
    """Ask for the reason, then write down that it is not given."""
    if line is None or line.state != "planned" or line.dose is None:
        screen.notify(_("Only a dose that waits can be held, refused or missed."), severity="warning")
        return

    def asked() -> str:
        return _("{state}: {drug}").format(state=dose_text(why), drug=drugs_text(line.items))

    def answered(reason: str) -> None:
        _enter(screen, line, "dose.withhold", WithholdDose, {"why": why, "reason": reason})

    _ask(screen, asked, WITHHOLDING[why], answered)


def ask_patrol(screen: MedicationScreen, line: Due | None) -> None:
    """Ask what is left, how fast it drips, and what the site looks like."""
    drip = _drip(screen, line)
    if drip is None or line is None:
        return
    now = screen.desk.ward.clock.now()

    def looked(found: Mapping[str, float] | None) -> None:
        if found is None:
            return

        def site(code: str | None) -> None:
            if code is not None:
                facts = {"remaining_ml": found["left"], "rate_ml_per_h": found["rate"], "site": code}
                _enter(screen, line, "dose.patrol", PatrolInfusion, facts)

        options = tuple(SITES.items())
        screen.app.push_screen(Question(lambda: _("What does the site look like?"), options), site)

    amounts = (
        Amount("left", N_("Left"), "mL", 0, MOST_ML, f"{drip.left_now_ml(now):.0f}"),
        Amount("rate", N_("Rate"), "mL/h", 0, MOST_ML_PER_H, f"{drip.rate_ml_per_h:g}"),
    )
    screen.app.push_screen(Amounts(lambda: _("Patrol: {drug}").format(drug=drugs_text(line.items)), amounts), looked)


def ask_pause(screen: MedicationScreen, line: Due | None) -> None:
    """Ask why it rests, or how fast it runs again."""
    if line is None or line.state not in ("running", "paused"):
        _drip(screen, line)
        return
    if line.state == "running":

        def asked() -> str:
            return _("Pause: {drug}").format(drug=drugs_text(line.items))

        def answered(reason: str) -> None:
            _enter(screen, line, "dose.pause", PauseInfusion, {"reason": reason})

        _ask(screen, asked, PAUSE_REASONS, answered)
        return
    begun = line.last("start")
    rate = f"{begun.rate_ml_per_h:g}" if begun is not None and begun.rate_ml_per_h is not None else ""

    def again(found: Mapping[str, float] | None) -> None:
        if found is not None:
            _enter(screen, line, "dose.resume", ResumeInfusion, {"rate_ml_per_h": found["rate"]})

    amounts = (Amount("rate", N_("Rate"), "mL/h", 0.1, MOST_ML_PER_H, rate),)
    screen.app.push_screen(Amounts(lambda: _("Runs again: {drug}").format(drug=drugs_text(line.items)), amounts), again)


def ask_end(screen: MedicationScreen, line: Due | None) -> None:
    """Ask how much went in, and why where that is less than what hung there."""
    drip = _drip(screen, line)
    if drip is None or line is None:
        return
    went_in = max(0.0, drip.volume_ml - drip.left_now_ml(screen.desk.ward.clock.now()))

    def ended(found: Mapping[str, float] | None) -> None:
        if found is None:
            return
        facts: dict[str, Any] = {"infused_ml": found["infused"]}
        if found["infused"] >= drip.volume_ml:
            _enter(screen, line, "dose.end", EndInfusion, facts)
            return

        def answered(reason: str) -> None:
            _enter(screen, line, "dose.end", EndInfusion, facts | {"reason": reason})

        _ask(screen, lambda: _("Why did not all of it go in?"), PAUSE_REASONS, answered)

    amounts = (Amount("infused", N_("Went in"), "mL", 0, MOST_ML, f"{went_in:.0f}"),)
    screen.app.push_screen(Amounts(lambda: _("End: {drug}").format(drug=drugs_text(line.items)), amounts), ended)


def ask_strike(screen: MedicationScreen, line: Due | None) -> None:
    """Ask why the newest entry was wrong."""
    found = line.last(*ENTRIES) if line is not None else None
    if line is None or found is None:
        screen.notify(_("There is no entry to strike out."), severity="warning")
        return

    def asked() -> str:
        at = time_text(found.at, screen.desk.ward.clock.now())
        said = _("Strike out: {at} {act}, {drug}? It stays readable.")
        return said.format(at=at, act=entry_text(found.act), drug=drugs_text(line.items))

    def answered(reason: str) -> None:
        _enter(screen, line, "dose.strike", StrikeDose, {"entry": found.command, "reason": reason})

    _ask(screen, asked, STRIKE_REASONS, answered)


def _ask(
    screen: MedicationScreen, asked: Callable[[], str], reasons: Sequence[str], then: Callable[[str], None]
) -> None:
    def answered(reason: str | None) -> None:
        if reason is not None:
            then(reason)

    options = tuple((_(text), text) for text in reasons)
    screen.app.push_screen(Question(asked, options, other=_OTHER, is_grave=True), answered)


def _drip(screen: MedicationScreen, line: Due | None) -> Drip | None:
    drip = drip_of(line.dose) if line is not None and line.dose is not None else None
    if drip is None:
        screen.notify(_("No infusion runs here."), severity="warning")
    return drip


def _enter(screen: MedicationScreen, line: Due, kind: str, body: type[Any], facts: Mapping[str, Any]) -> None:
    ward, session, bed = screen.desk.ward, screen.session, screen.bed
    screen.save(lambda: medication.enter(ward, session, bed, line, kind, body, facts), _("Saved."))
