"""What a scan means on the page of a medication round: the patient, a drug, a bag, or a second nurse."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from typing import TYPE_CHECKING

from cart.screens.verbal import VerbalOrder
from cart.screens.witness import WitnessScreen
from cart.usecases import medication
from cart.usecases.dose_words import drugs_text
from cart.usecases.drug_codes import read_pack
from cart.usecases.scan import Scanned, presence_check, understand
from cart.usecases.scan_acts import note_refused
from cart.widgets.grid import Grid
from wardlink.clinical.dose_checks import drug_name
from wardlink.clock import WARD_ZONE
from wardlink.i18n import domain
from wardlink.record.bags import fault_of
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from cart.screens.medication import MedicationScreen
    from cart.usecases.drug_codes import Pack
    from cart.usecases.scan import Scan
    from wardlink.codes.kinds import BagLabel

_ = domain("cart").gettext


class RoundScans:
    """Takes the scans that are meant for one page; whatever it refuses is counted."""

    def __init__(self, page: MedicationScreen) -> None:
        self._page = page

    def take(self, text: str) -> bool:
        """Whether the scan was meant for this page, which then has dealt with it."""
        page = self._page
        board = page.desk.ward.replica
        scan = understand(text, board.encounters(), presence=presence_check(board.log, page.now()))
        if scan.what is Scanned.BADGE:
            return self._badge(scan.text)
        if scan.what is Scanned.PATIENT:
            return self._patient(scan)
        pack = read_pack(text, page.now().astimezone(WARD_ZONE).date())
        if pack is None:
            return False
        if isinstance(page.app.screen, VerbalOrder):
            if not page.app.screen.pack_scanned(pack):
                self._refuse(scan, "unknown", lambda: _("This drug is not in the dictionary. Type its name."))
            return True
        page.cart.close_questions()
        self._pack(scan, pack)
        return True

    def take_bag(self, code: str, label: BagLabel) -> str | None:
        """A bag of this patient: why it must not be hung, in a word that is counted; None if it is taken."""
        page, board = self._page, self._page.desk.ward.replica
        dose, order = board.record(DOSE, label.dose), board.record(ORDER, label.group)
        fault = fault_of(label, order, dose, page.now())
        line = page.bed.line(label.dose)
        if fault is not None or dose is None:
            return fault
        page.cart.close_questions()
        page.query_one(Grid).go_to(dose.id)
        page.notify(_("✓ Bag: {drugs}").format(drugs=drugs_text(dose.items)))
        if line is not None:
            page.scanned_for(line.key, page.at_hand(line).with_bag(code, dose.items, page.now()))
        return None

    def _badge(self, badge: str) -> bool:
        page = self._page
        if isinstance(page.app.screen, WitnessScreen):
            page.app.screen.badge_scanned(badge)
            return True
        line = page.line
        if line is None or not any(c.answer in ("witness", "scan", "override") for c in page.still_open(line)):
            return False
        page.ask_witness(line, badge)
        return True

    def _patient(self, scan: Scan) -> bool:
        page = self._page
        if scan.encounter == page.encounter:
            page.cart.close_questions()
            page.desk.wristbands[page.encounter] = (scan.text, page.now())
            page.notify(_("✓ Right patient: {name}").format(name=plain(page.bed.stay.name)))
            page.show()
            return True
        if not page.has_scans:
            return False
        stay = page.desk.ward.replica.encounter(scan.encounter or "")
        other, name = plain(stay.name if stay else scan.text), plain(page.bed.stay.name)
        said = _("Wrong patient: this is {other}. The drugs are for {name}.")
        self._refuse(scan, "wrong-patient", lambda: said.format(other=other, name=name))
        return True

    def _pack(self, scan: Scan, pack: Pack) -> None:
        page, now = self._page, self._page.now()
        grid = page.query_one(Grid)
        line = medication.line_of_pack(page.bed.lines, pack.gtin, grid.key, now)
        if line is None:
            shown, name = clip(plain(pack.text), 40), plain(page.bed.stay.name)
            said = _("{name} is to get no such drug now: {code}")
            self._refuse(scan, "not-ordered", lambda: said.format(name=name, code=shown))
            return
        grid.go_to(line.key)
        if not line.is_waiting:
            self._refuse(
                scan,
                "already-given",
                lambda: _("This dose was given already: {drug}").format(drug=drugs_text(line.items)),
            )
            return
        at_hand = page.at_hand(line)
        for item in line.items:
            if pack.gtin in item.gtins:
                at_hand = at_hand.with_pack(pack, item, now)
                page.notify(_("✓ {drug}").format(drug=plain(drug_name(item))))
        fault = page.scanned_for(line.key, at_hand)
        if fault is not None:
            self._note(scan, fault)

    def _refuse(self, scan: Scan, reason: str, why: Callable[[], str]) -> None:
        self._note(scan, reason)
        self._page.refuse(why)

    def _note(self, scan: Scan, reason: str) -> None:
        page = self._page
        ward, actor = page.desk.ward, page.session.actor
        work = to_thread(note_refused, ward, scan, reason, type(page).__name__, actor, page.encounter)
        page.app.run_worker(work, exit_on_error=False)
