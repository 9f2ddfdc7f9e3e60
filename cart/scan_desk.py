"""What becomes of a scan that no page wanted for itself: a patient opens, a round or a pairing is recorded, or red.

Imported with the first scan: it knows the rules of codes and the pages that a scan opens.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cart.screens.base import CartScreen
from cart.screens.medication import MedicationScreen
from cart.screens.question import Question
from cart.screens.scan_refused import ScanRefused, card_reason
from cart.screens.stop import Stop
from cart.usecases.meals import AT_BED_WITHIN, deliver, dishes_text, refusal, slot_text
from cart.usecases.patient import names_alike
from cart.usecases.scan import REFUSED, Scanned, presence_check, understand
from cart.usecases.scan_acts import note_refused, pair, record_round
from cart.widgets.scan_taken import ScanTaken
from wardlink.clock import ward_date
from wardlink.codes.kinds import BagLabel, DeviceTag, TrayLabel
from wardlink.errors import SignInFailed, WardlinkError
from wardlink.i18n import N_, domain
from wardlink.messages.pairings import PAIRED_WITHIN
from wardlink.record.meals import MEAL
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.app import CartApp
    from cart.desk import Desk
    from cart.usecases.scan import Scan
    from cart.usecases.session import Session
    from wardlink.codes.cards import ShownCard
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.meals import MealView

_ = domain("cart").gettext


@runtime_checkable
class TakesBadge(Protocol):
    """A page or a question that waits for a badge."""

    def badge_scanned(self, text: str) -> None:
        """A badge was scanned."""


class ScanDesk:
    """Acts on the scans of one program whose device is open."""

    def __init__(self, app: CartApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._kept = ""

    def take(self, text: str) -> None:
        """A scanner has read something, on whatever page."""
        app, desk = self._app, self._desk
        if isinstance(app.screen, Stop):
            # Until somebody has seen the red nothing else is taken.
            app.bell()
            return
        board, now = desk.ward.replica, desk.ward.clock.now()
        scan = understand(
            text,
            board.encounters(),
            former=board.encounter,
            today=ward_date(now),
            presence=presence_check(board.log, now),
        )
        if desk.session is None:
            if scan.what in (Scanned.BADGE, Scanned.ELSEWHERE, Scanned.UNKNOWN):
                app.page.badge_scanned(scan.text)
            else:
                app.notify(_("Please sign in first: scan your badge."))
        elif scan.card is not None:
            # Before the page hears of it: no page may show or keep what a card says.
            self._record(self._ask_whose(scan, scan.card, desk.session))
        elif (scan.what is Scanned.BADGE and self._is_awaited(scan.text)) or app.page.takes_scan(text):
            pass
        elif scan.what in REFUSED:
            self._refuse(scan, scan.reason, desk.session)
        else:
            self._act_on(scan, now, desk.session)

    def again(self) -> None:
        """A page that was opened by a scan is ready for it."""
        text, self._kept = self._kept, ""
        if text:
            self.take(text)

    def _is_awaited(self, badge: str) -> bool:
        top = self._app.screen
        if isinstance(top, CartScreen) or not isinstance(top, TakesBadge):
            return False
        top.badge_scanned(badge)
        return True

    def _act_on(self, scan: Scan, now: datetime, session: Session) -> None:
        """A scan that the page leaves to the program."""
        page, encounter = self._app.page, scan.encounter
        stay = self._desk.ward.replica.encounter(encounter) if encounter else None
        if scan.what is Scanned.PATIENT and stay is not None:
            self._desk.wristbands[stay.id] = (scan.text, now)
            self._app.close_questions()
            self._app.open_patient(stay.id)
            self._app.call_after_refresh(self._say_who, stay)
        elif scan.what is Scanned.BED and stay is not None:
            self._record(self._record_round(stay, session))
        elif scan.what is Scanned.BAG and stay is not None:
            if isinstance(page, MedicationScreen) and page.encounter != stay.id:
                self._refuse(scan, "wrong-patient", session)
            elif isinstance(page, MedicationScreen) and isinstance(scan.code, BagLabel):
                if (fault := page.takes_bag(scan.text, scan.code)) is not None:
                    self._refuse(scan, fault, session)
            else:
                self._app.close_questions()
                self._kept = scan.text
                self._app.open_patient(stay.id)
                self._app.push_screen(MedicationScreen(stay.id))
                self._app.call_after_refresh(self._say_who, stay)
        elif isinstance(scan.code, TrayLabel):
            self._tray(scan, scan.code.meal, now, session)
        elif isinstance(scan.code, DeviceTag):
            self._pair(scan, scan.code.device, now, session)
        elif scan.what is Scanned.BADGE:
            self._ask_badge(scan.text)
        elif scan.what is Scanned.PACK and (whose := getattr(page, "encounter", None)) is not None:
            if isinstance(page, MedicationScreen):
                self._refuse(scan, "unknown", session)
            else:
                self._app.close_questions()
                self._kept = scan.text
                self._app.push_screen(MedicationScreen(whose))
        else:
            self._refuse(scan, "no-patient" if scan.what is Scanned.PACK else "no-page", session)

    def _tray(self, scan: Scan, name: str, now: datetime, session: Session) -> None:
        """A tray: for the patient whose wristband was scanned last, if that was just now; else red."""
        board = self._desk.ward.replica
        read = [(at, stay, text) for stay, (text, at) in self._desk.wristbands.items() if now - at <= AT_BED_WITHIN]
        _at, at_bed, bed_code = max(read, default=(now, None, ""))
        meal = board.record(MEAL, name)
        why = refusal(meal, at_bed)
        if why is None and meal is not None:
            self._record(self._record_tray(meal, scan.text, bed_code, session))
        else:
            whose = board.encounter(meal.encounter) if meal is not None and meal.encounter else None
            self._refuse(scan, why or "tray-unknown", session, whose)

    async def _record_tray(self, meal: MealView, tray_code: str, bed_code: str, session: Session) -> None:
        await to_thread(deliver, self._desk.ward, session, meal, tray_code, bed_code)
        self._app.look_again()
        self._say_taken(_("Brought: {meal}, {dishes}").format(meal=slot_text(meal), dishes=plain(dishes_text(meal))))

    async def _ask_whose(self, scan: Scan, card: ShownCard, session: Session) -> None:
        """A card: the server says whose, and their page opens."""
        self._app.notify(_("The server is asked whose card this is ..."))
        try:
            found = await to_thread(self._desk.ward.find_by_card, card, by=session.actor)
        except SignInFailed:
            self._refuse(scan, "card-slowed", session)
            return
        except WardlinkError:
            self._refuse(scan, "card-offline", session)
            return
        stay = self._desk.ward.replica.encounter(found.encounter) if found.encounter else None
        if stay is None:
            self._refuse(scan, card_reason(found.outcome), session)
            return
        self._app.close_questions()
        self._app.open_patient(stay.id)
        self._app.call_after_refresh(self._say_card, stay)

    def _say_card(self, stay: EncounterView) -> None:
        said = _("Card: bed {bed}, {name}. Before drugs scan the wristband.")
        self._say_taken(said.format(bed=stay.bed, name=plain(stay.name)))

    def _pair(self, scan: Scan, monitor: str, now: datetime, session: Session) -> None:
        """A monitor's tag: it stands at the patient whose wristband was scanned last, if that was just now."""
        read = [(stay, at) for stay, (_text, at) in self._desk.wristbands.items() if now - at <= PAIRED_WITHIN]
        whose, wristband_at = max(read, key=lambda found: found[1], default=("", now))
        stay = self._desk.ward.replica.encounter(whose) if whose else None
        if stay is None:
            self._refuse(scan, "no-wristband", session)
        else:
            self._record(self._record_pairing(stay, monitor, wristband_at, now, session))

    # -- what is left behind

    async def _record_round(self, stay: EncounterView, session: Session) -> None:
        await to_thread(record_round, self._desk.ward, stay.id, stay.bed, session.actor)
        self._app.look_again()
        self._say_taken(_("Round recorded: bed {bed}, {name}").format(bed=stay.bed, name=plain(stay.name)))

    async def _record_pairing(
        self, stay: EncounterView, monitor: str, wristband_at: datetime, monitor_at: datetime, session: Session
    ) -> None:
        ward, actor = self._desk.ward, session.actor
        await to_thread(pair, ward, stay, monitor, wristband_at=wristband_at, monitor_at=monitor_at, actor=actor)
        said = _("Monitor {monitor} is paired with bed {bed}, {name}")
        self._say_taken(said.format(monitor=monitor, bed=stay.bed, name=plain(stay.name)))

    def _refuse(self, scan: Scan, reason: str, session: Session, whose: EncounterView | None = None) -> None:
        """Fill the screen with the reason, and leave a trace of it. `whose`: the patient, where no code names one."""
        ward, page = self._desk.ward, type(self._app.page).__name__
        stay = whose or (ward.replica.encounter(scan.encounter) if scan.encounter else None)
        self._record(to_thread(note_refused, ward, scan, reason, page, session.actor, whose.id if whose else None))
        self._app.push_screen(ScanRefused(scan, reason, stay.name if stay else ""))

    def _record(self, work: Awaitable[None]) -> None:
        self._app.run_worker(work, exit_on_error=False)

    # -- what is said

    def _say_taken(self, text: str) -> None:
        """In green; it goes by itself."""
        self._app.page.query(ScanTaken).remove()
        self._app.page.mount(ScanTaken(text, self._desk.ward.clock.monotonic_s()))

    def _say_who(self, stay: EncounterView) -> None:
        said = _("Wristband: bed {bed}, {name}").format(bed=stay.bed, name=plain(stay.name))
        if alike := names_alike(self._desk.ward.replica, stay):
            said += " · " + _("Look out, a name like it: {others}").format(others=plain(", ".join(alike)))
        self._say_taken(said)

    def _ask_badge(self, badge: str) -> None:
        """A badge on a page that waits for none: whoever scans it says what for."""

        def asked() -> str:
            return _("Badge {badge} was scanned. This page waits for no second nurse.").format(badge=badge)

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._app.sign_out(_("Another badge was scanned. Please enter the PIN."))
                self._app.call_after_refresh(lambda: self._app.page.badge_scanned(badge))

        if not isinstance(self._app.screen, Question):
            self._app.push_screen(Question(asked, [("sign-in", N_("Sign in with this badge"))]), answered)
