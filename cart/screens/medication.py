"""A medication round at one bed: scan the wristband, scan each drug, and give once nothing stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens import dose_acts, skin_test_acts, verbal
from cart.screens.base import CartScreen
from cart.screens.bed_asking import BedAsking
from cart.screens.dose_refused import DoseRefused
from cart.screens.medication_scans import RoundScans
from cart.screens.question import Question
from cart.screens.witness import WitnessScreen
from cart.usecases import dose_asks, medication
from cart.usecases.dose_words import OVERRIDE_REASONS, TIMING_REASONS, drugs_text
from cart.usecases.medication import AtHand, BedRound, Due
from cart.usecases.scan import patient_code
from cart.widgets import dose_lines
from cart.widgets.dose_panel import DosePanel
from cart.widgets.grid import Grid
from cart.widgets.identity import Identity
from wardlink.clinical.dose_checks import Check, still_open
from wardlink.i18n import N_, domain
from wardlink.messages.doses import Scan
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.usecases.session import Session
    from wardlink.clinical.dose_states import DoseState
    from wardlink.codes.kinds import BagLabel

_ = domain("cart").gettext


class MedicationScreen(CartScreen):
    """The doses of one patient. What was scanned and answered is kept by dose until it is given or the page closed."""

    KEYS: ClassVar = (
        Key("g", "give", N_("Give"), N_("Give the dose under the cursor, or start the infusion.")),
        Key("h", "withhold('held')", N_("Hold"), N_("Not given for now, with a reason.")),
        Key("r", "withhold('refused')", N_("Refused"), N_("The patient refuses it, with a reason.")),
        Key("n", "withhold('missed')", None, N_("It was missed, with a reason.")),
        Key("p", "patrol", N_("Patrol"), N_("Look after the infusion: what is left, rate, site.")),
        Key("z", "pause", N_("Pause"), N_("Pause the infusion, or let it run again.")),
        Key("e", "end", N_("End"), N_("End the infusion: how much went in.")),
        Key("o", "override", N_("Pass over"), N_("Go on without a check: with a reason and a second nurse.")),
        Key("a", "part", None, N_("Only a part of it is given: how much.")),
        Key("t", "skin_test", N_("Skin test"), N_("Read a skin test that was injected, with a second nurse.")),
        Key("b", "verbal", N_("Verbal"), N_("A dose on a doctor's word in a rescue: repeated, given, written later.")),
        Key("x", "strike", N_("Strike"), N_("Strike out the newest entry about this dose, with a reason.")),
        Key("escape", "back", N_("Back"), N_("Back to the patient; the round at this bed is over.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The page as it is now; None: the stay is not known here any more."""

        def __init__(self, bed: BedRound | None) -> None:
            super().__init__()
            self.bed = bed

    def __init__(self, encounter: str) -> None:
        super().__init__()
        self.encounter = encounter
        self._bed: BedRound | None = None
        self._hands: dict[str, AtHand] = {}
        self._scans = RoundScans(self)
        self._asking = BedAsking(self)
        self._is_noted = False
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """Who; doses; what stands in the way of the one under the cursor."""
        yield Identity(id="who")
        yield Grid(id="doses")
        with VerticalScroll(id="dose-side", can_focus=False):
            yield DosePanel()

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    # -- the ward

    def ward_changed(self) -> None:
        """Read the page again; the first time, tell other carts that somebody is here."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="medication", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is None or desk.session is None:
            return
        session, now = desk.session, desk.ward.clock.now()
        bed = medication.read_round(desk.ward, session, self.encounter, now)
        if bed is not None and not self._is_noted:
            from cart.usecases.session import opened

            self._is_noted = True
            opened(desk.ward, session, self.encounter, "medication")
            if medication.begin(desk.ward, session, bed, now) is not None:
                bed = medication.read_round(desk.ward, session, self.encounter, now)
        self.post_message(self.Read(bed))

    @on(Read)
    def _read(self, event: Read) -> None:
        if event.bed is None:
            self.notify(_("This patient is no longer in this ward."), severity="warning")
            self.dismiss()
            return
        self._bed = event.bed
        self._asking.heard(event.bed)
        self.show()
        self.cart.scan_again()

    def tick(self) -> None:
        """Scans have grown older, and windows open and close."""
        self.show()

    def on_resize(self) -> None:
        """Other columns fit."""
        self.show()

    @on(Grid.Moved)
    def _moved(self) -> None:
        self._show_panel()

    def show(self) -> None:
        """Show what was read, with what is at hand."""
        bed = self._bed
        if bed is None or self.cart.desk is None or self.cart.desk.session is None or not self.query("#doses"):
            return
        now = self.now()
        is_wide = self.size.width >= 110
        self.query_one(Identity).show(bed.stay, bed.others, now)
        lines = [dose_lines.line(line, now, is_wide=is_wide) for line in bed.lines]
        empty = _("Nothing is due within four hours.")
        self.query_one(Grid).show(dose_lines.columns(is_wide), lines, empty=empty)
        self._show_panel()

    def _show_panel(self) -> None:
        bed, line = self._bed, self.line
        if bed is not None and self.cart.desk is not None and self.cart.desk.session is not None:
            found = self.found(line) if line is not None else []
            waits = {check.key for check in self.still_open(line)} if line is not None else set()
            at_hand = self.at_hand(line) if line is not None else AtHand()
            self.query_one(DosePanel).show(line, found, waits, at_hand, bed, self.now())

    # -- what is at hand

    @property
    def bed(self) -> BedRound:
        """What was read; whoever asks for it has a line of it."""
        assert self._bed is not None
        return self._bed

    @property
    def line(self) -> Due | None:
        """The line under the cursor."""
        return self._bed.line(self.query_one(Grid).key) if self._bed is not None else None

    def at_hand(self, line: Due) -> AtHand:
        """What was scanned and answered for it."""
        return self._hands.get(line.key, AtHand())

    @property
    def wristband(self) -> Scan | None:
        """The patient's code as it was last read."""
        found = self.desk.wristbands.get(self.encounter)
        return None if found is None else patient_code(*found)

    def found(self, line: Due) -> list[Check]:
        """What stands in the way of it, answered or not."""
        if not line.is_waiting:
            return []
        band = self.wristband
        return medication.checks_of(line, self.bed, self.at_hand(line), band.at if band else None, self.now())

    def still_open(self, line: Due) -> tuple[Check, ...]:
        """What still stands in its way."""
        return still_open(self.found(line), self.at_hand(line).answers, by=self.session.staff.id)

    def now(self) -> datetime:
        """This instant, by the ward's clock."""
        return self.desk.ward.clock.now()

    # -- scans

    def takes_scan(self, text: str) -> bool:
        """A scan is meant for this page: the wristband, a drug, or the badge of a second nurse."""
        return self._bed is not None and self._scans.take(text)

    def takes_bag(self, code: str, label: BagLabel) -> str | None:
        """A bag of this patient: why it must not be hung, in a word that is counted; None if it is taken."""
        return self._scans.take_bag(code, label)

    def scanned_for(self, key: str, at_hand: AtHand) -> str | None:
        """What was scanned for a line; red, and what is wrong, where it must not be given all the same."""
        self.keep(key, at_hand)
        line = self.bed.line(key)
        self._asking.begin(line)
        grave = next((c for c in self.still_open(line) if c.answer == "nothing"), None) if line is not None else None
        if grave is not None:
            self.refuse(grave.text)
        self.show()
        return grave.code if grave is not None else None

    def keep(self, key: str, at_hand: AtHand) -> None:
        """Keep what is at hand for a line."""
        self._hands[key] = at_hand

    @property
    def has_scans(self) -> bool:
        """Whether anything was scanned here for a dose that is not given yet."""
        return any(at_hand.scans for at_hand in self._hands.values())

    def ask_witness(self, line: Due, badge: str = "") -> None:
        """Ask the second nurse for her badge and PIN."""

        def answered(session: Session | None) -> None:
            if session is not None:
                self._hands[line.key] = self.at_hand(line).witnessed(session.staff.id)
                self.notify(_("✓ Second nurse: {name}").format(name=plain(session.staff.name)))
                self._go_on(line)

        self.app.push_screen(WitnessScreen(lambda: drugs_text(line.items), badge), answered)

    def refuse(self, why: Callable[[], str]) -> None:
        """Turn the screen red."""
        self.app.push_screen(DoseRefused(why))

    # -- giving

    @on(Grid.Chosen)
    def _chosen(self) -> None:
        self.action_give()

    def action_give(self) -> None:
        """Ask what is still to be answered, one after the other; then give."""
        line = self.line
        if line is None or self._busy:
            return
        if not line.is_waiting:
            self.notify(_("Nothing of this can be given any more."), severity="warning")
            return
        self._asking.begin(line)
        waits = self.still_open(line)
        if not waits:
            self._finish(line)
            return
        check = waits[0]
        answered = check.key in self.at_hand(line).answers.reasons
        match check.answer:
            case "nothing":
                self.refuse(check.text)
            case "witness" | "scan" | "override" if check.answer == "witness" or answered:
                self.ask_witness(line)
            case "scan":
                self.notify(check.text() + " " + _("O goes on without it."), severity="warning")
            case "override":
                self._ask_reason(line, check, OVERRIDE_REASONS)
            case "reason":
                self._ask_reason(line, check, TIMING_REASONS)
            case "confirm":
                self._ask_word(line, check)

    def action_override(self) -> None:
        """Pass over the first check that may be, with a reason and a second nurse."""
        line = self.line
        if line is None or not line.is_waiting:
            return
        reasons = self.at_hand(line).answers.reasons
        waits = [c for c in self.still_open(line) if c.answer in ("scan", "override") and c.key not in reasons]
        if waits:
            self._ask_reason(line, waits[0], OVERRIDE_REASONS)
        else:
            self.notify(_("There is nothing here that may be passed over."), severity="warning")

    def _ask_reason(self, line: Due, check: Check, reasons: Iterable[str]) -> None:
        def answered(reason: str | None) -> None:
            if reason is not None:
                self._hands[line.key] = self.at_hand(line).answered(check, reason)
                self._go_on(line)

        options = tuple((_(text), text) for text in reasons)
        self.app.push_screen(Question(check.text, options, other=N_("another reason"), is_grave=True), answered)

    def _ask_word(self, line: Due, check: Check) -> None:
        def answered(word: str | None) -> None:
            if word is not None:
                self._hands[line.key] = self.at_hand(line).answered(check)
                self._go_on(line)

        self.app.push_screen(Question(check.text, (("yes", N_("Yes, checked")),), is_grave=True), answered)

    def _go_on(self, line: Due) -> None:
        """After an answer: ask the next thing, but never give without a key for it."""
        self.show()
        waits = self.still_open(line)
        if waits and (waits[0].answer != "scan" or waits[0].key in self.at_hand(line).answers.reasons):
            self.action_give()

    def _finish(self, line: Due) -> None:
        found, at_hand, band = self.found(line), self.at_hand(line), self.wristband
        bed, session, ward = self.bed, self.session, self.desk.ward
        if line.is_infusion:
            dose_acts.ask_start(
                self,
                line,
                lambda volume_ml, rate_ml_per_h: medication.start(
                    ward, session, bed, line, at_hand, band, found, volume_ml=volume_ml, rate_ml_per_h=rate_ml_per_h
                ),
            )
        else:
            self.save(lambda: medication.give(ward, session, bed, line, at_hand, band, found), _("Given and saved."))

    def save(self, record: Callable[[], object], said: str) -> None:
        """Write something down about the line in a worker; what was at hand for it is used up."""
        if self.line is not None:
            self.record(record, said, self.line.key)

    def record(self, record: Callable[[], object], said: str, key: str = "") -> None:
        """Write something down in a worker."""
        if not self._busy:
            self._busy = True
            self._save(key, record, said)

    @work(thread=True, exit_on_error=False)
    def _save(self, key: str, record: Callable[[], object], said: str) -> None:
        try:
            record()
        finally:
            self._busy = False
        self.app.call_from_thread(self._saved, key, said)

    def _saved(self, key: str, said: str) -> None:
        self._hands.pop(key, None)
        self.notify(said)
        self.ward_changed()

    # -- everything else about a dose

    def action_part(self) -> None:
        """Only a part of it is given."""
        line = self.line
        if line is not None and line.is_waiting and not line.is_infusion:

            def answered(pct: float, reason: str | None) -> None:
                self._hands[line.key] = replace(self.at_hand(line), amount_pct=pct, part_reason=reason)
                self.show()

            dose_acts.ask_part(self, line, answered)

    def action_withhold(self, why: DoseState) -> None:
        """It is not given, for a reason."""
        dose_acts.ask_withhold(self, self.line, why)

    def action_patrol(self) -> None:
        """Look after the infusion."""
        dose_acts.ask_patrol(self, self.line)

    def action_pause(self) -> None:
        """Pause the infusion, or let it run again."""
        dose_acts.ask_pause(self, self.line)

    def action_end(self) -> None:
        """End the infusion."""
        dose_acts.ask_end(self, self.line)

    def action_strike(self) -> None:
        """Strike out the newest entry, or the result of a skin test."""
        if not skin_test_acts.ask_strike(self, self.line):
            dose_acts.ask_strike(self, self.line)

    def action_verbal(self) -> None:
        """A dose on a doctor's word."""
        if self._bed is not None:
            verbal.begin(self)

    def action_skin_test(self) -> None:
        """Read a skin test."""
        skin_test_acts.ask_reading(self, self.line)

    def action_back(self) -> None:
        """The round here is over."""
        bed, desk, session = self._bed, self.desk, self.session
        if bed is not None and (bed.mine or dose_asks.open_of(bed, session)):
            self.app.run_worker(lambda: medication.end(desk.ward, session, bed), thread=True, exit_on_error=False)
        self.dismiss()
