"""What is asked before the result of a skin test is written down: sizes, what else is seen, and a second reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from cart.screens.amounts import Amount, Amounts
from cart.screens.question import Question
from cart.screens.witness import WitnessScreen
from cart.usecases import skin_test
from cart.usecases.dose_words import STRIKE_REASONS, drugs_text
from cart.usecases.words import time_text
from wardlink.clinical.skin_test import Result, readable_from, readable_until, reading, suggested
from wardlink.i18n import N_, domain
from wardlink.messages.order_words import result_text

if TYPE_CHECKING:
    from cart.screens.medication import MedicationScreen
    from cart.usecases.medication import Due
    from cart.usecases.session import Session

_ = domain("cart").gettext

MOST_MM = 100.0


def ask_reading(screen: MedicationScreen, line: Due | None) -> None:
    """Read the test under the cursor: refused too early, with a doctor's word too late."""
    since = skin_test.waits_since(line) if line is not None else None
    if line is None or since is None:
        screen.notify(_("No skin test waits here to be read."), severity="warning")
        return
    now = screen.desk.ward.clock.now()
    match reading(since, now):
        case "too-early":
            screen.refuse(lambda: _("Too early: read it from {at} on.").format(at=time_text(readable_from(since), now)))
        case "in-time":
            _Reading(screen, line, None).ask_sizes()
        case "too-late":
            _ask_late(screen, line, since, now)


def ask_strike(screen: MedicationScreen, line: Due | None) -> bool:
    """Ask why the result of this test is wrong; whether there is one."""
    test = skin_test.result_of(line) if line is not None else None
    if line is None or test is None:
        return False

    def asked() -> str:
        said = _("Strike out the result of {drug}: {result}? It stays readable.")
        return said.format(drug=drugs_text(line.items), result=result_text(test.result))

    def answered(reason: str | None) -> None:
        if reason is not None:
            ward, session, bed = screen.desk.ward, screen.session, screen.bed
            screen.save(lambda: skin_test.strike(ward, session, bed, test, reason), _("Saved."))

    options = tuple((_(text), text) for text in STRIKE_REASONS)
    screen.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)
    return True


def _ask_late(screen: MedicationScreen, line: Due, since: datetime, now: datetime) -> None:
    def asked() -> str:
        said = _("Too late: it was to be read until {at}. Repeat the test, or a doctor decides.")
        return said.format(at=time_text(readable_until(since), now))

    def answered(reason: str | None) -> None:
        if reason is not None:
            _Reading(screen, line, reason).ask_sizes()

    options = tuple((_(text), text) for text in skin_test.LATE_REASONS)
    screen.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)


@dataclass
class _Reading:
    """One reading on its way through the questions."""

    screen: MedicationScreen
    line: Due
    reason: str | None
    before_mm: float = 0
    after_mm: float = 0
    itch_or_redness: bool = False
    result: Result = "doubtful"

    def ask_sizes(self) -> None:
        def answered(found: Mapping[str, float] | None) -> None:
            if found is not None:
                self.before_mm, self.after_mm = found["before"], found["after"]
                self._ask_signs()

        amounts = (
            Amount("before", N_("Wheal at first"), "mm", 0, MOST_MM),
            Amount("after", N_("Wheal now"), "mm", 0, MOST_MM),
        )
        asked = Amounts(lambda: _("Skin test: {drug}").format(drug=drugs_text(self.line.items)), amounts)
        self.screen.app.push_screen(asked, answered)

    def _ask_signs(self) -> None:
        def answered(sign: str | None) -> None:
            if sign is not None:
                self.itch_or_redness = sign == "yes"
                self._ask_result()

        options = (("no", N_("no")), ("yes", N_("yes")))
        self.screen.app.push_screen(Question(lambda: _("Is it red around, or does it itch?"), options), answered)

    def _ask_result(self) -> None:
        hint = suggested(self.before_mm, self.after_mm, itch_or_redness=self.itch_or_redness)

        def asked() -> str:
            said = _("Grown by {mm} mm, which suggests {result}. What do both of you read?")
            return said.format(mm=f"{self.after_mm - self.before_mm:g}", result=result_text(hint))

        def answered(result: str | None) -> None:
            if result is not None:
                self.result = cast("Result", result)
                self._ask_second()

        # In words of the record, which both the cart and the pages use.
        options = tuple((name, name) for name in ("negative", "positive", "doubtful"))
        self.screen.app.push_screen(Question(asked, options, translate=result_text, is_grave=True), answered)

    def _ask_second(self) -> None:
        def asked() -> str:
            said = _("Skin test {drug}: {result}. A second nurse reads it as well.")
            return said.format(drug=drugs_text(self.line.items), result=result_text(self.result))

        def signed(session: Session | None) -> None:
            if session is not None:
                self._save(session.staff.id)

        self.screen.app.push_screen(WitnessScreen(asked), signed)

    def _save(self, second_reader: str) -> None:
        ward, session, bed = self.screen.desk.ward, self.screen.session, self.screen.bed
        said = _("Skin test: {result}. Saved.").format(result=result_text(self.result))
        self.screen.save(
            lambda: skin_test.record_reading(
                ward,
                session,
                bed,
                self.line,
                result=self.result,
                before_mm=self.before_mm,
                after_mm=self.after_mm,
                itch_or_redness=self.itch_or_redness,
                second_reader=second_reader,
                reason=self.reason,
            ),
            said,
        )
