"""Deals with the platform about a stay: each step once, and what got no answer is cleared up before anything else.

A message is on disk before it goes out. As long as nobody knows whether it was done, the stay's next message is a
question (5203) or a reversal (2601), never the same again (ADR 14). A stop of the server at any point is the same case.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Row

from server.core import Core
from server.insurance import keeping
from server.insurance.journal import Exchange, end, open_messages
from server.insurance.port import (
    Card,
    Fee,
    FeeAnswer,
    InsurancePlatform,
    Insured,
    Log,
    NotEntitled,
    PlatformAway,
    PlatformRefused,
    ResultUnknown,
    Settlement,
    Visit,
)
from server.insurance.stages import BACK, FORWARD, Stage, after, may_follow, stages
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

T = TypeVar("T")

QUIET_S = 300.0
"""After so long a message that the platform does not know will not arrive any more."""

_BUSY = N_("Somebody else is dealing with the insurance of this stay at this moment.")
_NOT_NOW = N_("This step does not follow on where the insurance of this stay stands ({stage}).")
_ASKABLE = N_("The platform itself can say whether this was done; it is asked with the next step.")
_TAKE_BACK_THERE = N_("Take the lines back at the platform first, and then say that this was not done.")
_NO_MDTRT_ID = N_("Please enter the number that the platform has given this admission.")
_NO_WAY_BACK = N_("There is nothing to take back for this stay.")


class Dealings:
    """The dealings of one hospital. A stay is dealt with by one person at a time."""

    def __init__(
        self, core: Core, platform: InsurancePlatform, *, discharge_first: bool = True, quiet_s: float = QUIET_S
    ) -> None:
        """`discharge_first`: whether this province wants 2402 before 2304, or after it."""
        self._core = core
        self.platform = platform
        self._order = stages(discharge_first)
        self._quiet_s = quiet_s
        self._busy: set[str] = set()
        self._guard = threading.Lock()

    def person(self, card: Card, *, actor: str) -> Insured:
        """Who shows this card.

        Raises:
            PlatformRefused: the platform knows no such card.
            PlatformAway: it does not answer.
        """
        return self.platform.person(card, self._exchange(None, actor))

    def register(self, encounter: str, card: Card, *, actor: str) -> str:
        """Report an admission; a second time answers the same.

        Raises:
            NotEntitled: no benefits are paid to this person at present.
        """
        with self._alone(encounter, actor) as (visit, stage):
            if stage != "none":
                return visit.mdtrt_id
            today = ward_date(self._core.clock.now())
            if not self.platform.entitled(visit, today, self._exchange(encounter, actor)):
                raise NotEntitled

            def moved(conn: Connection, mdtrt_id: str) -> None:
                keeping.move(conn, encounter, "registered", mdtrt_id=mdtrt_id)

            return self._step("2401", visit, actor, lambda log: self.platform.register(visit, card, log), moved)

    def change(self, encounter: str, *, actor: str) -> None:
        """Report that what was said about an admission has changed."""
        with self._alone(encounter, actor) as (visit, stage):
            if stage == "none":
                raise Collision(_NOT_NOW, stage=stage)
            self.platform.change(visit, self._exchange(encounter, actor))

    def upload(self, encounter: str, fees: Sequence[Fee], *, actor: str) -> None:
        """Let exactly these lines stand over there: what is new is sent; if one is gone, all are taken back first."""
        with self._alone(encounter, actor) as (visit, stage):
            with self._core.db.read() as conn:
                sent = keeping.sent_fees(conn, encounter)
            if sent - {fee.sn for fee in fees}:
                self._back("2302", visit, stage, actor)
                sent, stage = frozenset(), after("2302", self._order)
            new = [fee for fee in fees if fee.sn not in sent]
            if not new:
                return
            self._check("2301", stage)

            def moved(conn: Connection, answers: list[FeeAnswer]) -> None:
                keeping.keep_fees(conn, encounter, answers)
                keeping.move(conn, encounter, "uploaded")

            self._step("2301", visit, actor, lambda log: self.platform.upload(visit, new, log), moved)

    def discharge(self, encounter: str, *, actor: str) -> None:
        """Report a discharge; a second time does nothing."""
        with self._alone(encounter, actor) as (visit, stage):
            if self._is_past("discharged", stage):
                return
            self._check("2402", stage)
            # A stay that is settled before its patient has gone ends over there at this moment.
            gone = replace(visit, discharged_at=visit.discharged_at or self._core.clock.now())
            self._step(
                "2402",
                visit,
                actor,
                lambda log: self.platform.discharge(gone, log),
                lambda conn, _none: keeping.move(conn, encounter, "discharged"),
            )

    def where(self, encounter: str) -> tuple[Stage, frozenset[str]]:
        """Where a stay stands, and the names of its lines over there; nothing is asked."""
        with self._core.db.read() as conn:
            _visit, stage = keeping.visit_of(conn, encounter)
            return stage, keeping.sent_fees(conn, encounter)

    def standing(self, encounter: str) -> Settlement | None:
        """The settlement that stands, as it was answered; nothing is asked."""
        with self._core.db.read() as conn:
            row = keeping.standing(conn, encounter)
        return None if row is None else keeping.settlement_in(row)

    def presettle(self, encounter: str, card: Card, *, use_account: bool, invoice: str, actor: str) -> Settlement:
        """What a settlement would come to."""
        with self._alone(encounter, actor) as (visit, stage):
            self._check("2304", stage)
            with self._core.db.read() as conn:
                bill = keeping.bill_of(conn, encounter, use_account=use_account, invoice=invoice)
            return self.platform.presettle(visit, bill, card, self._exchange(encounter, actor))

    def settle(
        self,
        encounter: str,
        card: Card,
        *,
        use_account: bool,
        invoice: str,
        actor: str,
        estimate: Mapping[str, Any] | None = None,
    ) -> Settlement:
        """Settle; a second time answers the settlement that stands. `estimate` is kept beside the answer."""
        with self._alone(encounter, actor) as (visit, stage):
            if self._is_past("settled", stage):
                found = self.standing(encounter)
                assert found is not None
                return found
            self._check("2304", stage)
            with self._core.db.write() as conn:
                bill = keeping.bill_of(conn, encounter, use_account=use_account, invoice=invoice)
                # On disk before the message: an answer that is found later is compared with it.
                keeping.move(conn, encounter, stage, estimate=None if estimate is None else dict(estimate))
            return self._step(
                "2304",
                visit,
                actor,
                lambda log: self._settle_or_find(
                    visit, log, lambda: self.platform.settle(visit, bill, card, log), actor
                ),
                lambda conn, answer: self._settled(conn, encounter, answer, actor),
            )

    def back(self, encounter: str, *, actor: str) -> Stage:
        """Take the last step back, in strict reverse; where the stay stands then.

        Raises:
            Collision: there is nothing to take back.
        """
        with self._alone(encounter, actor) as (visit, stage):
            infno = next((infno for infno, of in BACK.items() if of == stage), None)
            if infno is None:
                raise Collision(_NO_WAY_BACK)
            self._back(infno, visit, stage, actor)
            return after(infno, self._order)

    def clear(self, encounter: str, *, actor: str) -> None:
        """Clear up what got no answer.

        Raises:
            ResultUnknown: it is still not known; ask again later.
        """
        with self._alone(encounter, actor):
            return

    def decide(self, encounter: str, no: int, *, done: bool, actor: str, mdtrt_id: str = "") -> None:
        """Somebody has looked at the platform's own pages and says whether an open message was done.

        For what the platform neither answers nor lets us reverse. `mdtrt_id`: of an admission that was done.

        Raises:
            NotFound: no such message of this stay is open.
            Collision: the platform can be asked, or the lines have to be taken back over there first.
            InvalidInput: an admission without its number.
        """
        with self._held(encounter), self._core.db.write() as conn:
            row = next((row for row in open_messages(conn, encounter) if row.no == no), None)
            if row is None:
                raise NotFound(what="entry", name=str(no))
            if row.infno in ("2304", "2305"):
                raise Collision(_ASKABLE)
            if done and row.infno == "2301":
                raise Collision(_TAKE_BACK_THERE)
            if done and row.infno == "2401" and not mdtrt_id:
                raise InvalidInput(_NO_MDTRT_ID)
            end(conn, no, "decided", self._core.clock.now())
            if done and row.infno in FORWARD:
                found = {"mdtrt_id": mdtrt_id} if row.infno == "2401" else {}
                keeping.move(conn, encounter, FORWARD[row.infno], **found)
            elif done:
                self._went_back(conn, encounter, row.infno)

    def _settle_or_find(self, visit: Visit, log: Log, settle: Callable[[], Settlement], actor: str) -> Settlement:
        try:
            return settle()
        except PlatformRefused:
            # It also refuses what is settled there already: then that is our settlement.
            try:
                found = self.platform.settlement(visit, self._exchange(visit.encounter, actor))
            except (PlatformAway, PlatformRefused) as exc:
                raise ResultUnknown from exc
            if found is None:
                raise
            return found

    def _back(self, infno: str, visit: Visit, stage: Stage, actor: str) -> None:
        self._check(infno, stage)
        with self._core.db.read() as conn:
            row = keeping.standing(conn, visit.encounter)
        acts: dict[str, Callable[[Log], None]] = {
            "2404": lambda log: self.platform.unregister(visit, log),
            "2302": lambda log: self.platform.withdraw(visit, log),
            "2405": lambda log: self.platform.undischarge(visit, log),
            "2305": lambda log: self.platform.unsettle(visit, row.setl_id if row is not None else "", log),
        }
        self._step(infno, visit, actor, acts[infno], lambda conn, _none: self._went_back(conn, visit.encounter, infno))

    def _step(
        self,
        infno: str,
        visit: Visit,
        actor: str,
        ask: Callable[[Log], T],
        moved: Callable[[Connection, T], None],
    ) -> T:
        exchange = self._exchange(visit.encounter, actor)
        try:
            result = ask(exchange)
        except (PlatformRefused, PlatformAway, ResultUnknown) as exc:
            if exchange.infno == infno:
                state = (
                    "refused"
                    if isinstance(exc, PlatformRefused)
                    else "away"
                    if isinstance(exc, PlatformAway)
                    else "unknown"
                )
                with self._core.db.write() as conn:
                    exchange.end(conn, state)
            raise
        with self._core.db.write() as conn:
            exchange.end(conn, "answered")
            moved(conn, result)
        return result

    def _clear(self, row: Row[Any], visit: Visit, actor: str) -> None:
        settles = row.infno in ("2304", "2305")
        if settles and self._adopted(row, visit, actor):
            return
        try:
            self.platform.reverse(visit, row.msgid, row.infno, self._exchange(visit.encounter, actor))
        except PlatformRefused as exc:
            # A platform that does not know the message may only not have got it yet.
            age_s = (self._core.clock.now() - row.at).total_seconds()
            if age_s < self._quiet_s or not settles:
                raise ResultUnknown from exc
            if self._adopted(row, visit, actor):
                return
        except PlatformAway as exc:
            raise ResultUnknown from exc
        with self._core.db.write() as conn:
            end(conn, row.no, "reversed", self._core.clock.now())

    def _adopted(self, row: Row[Any], visit: Visit, actor: str) -> bool:
        """Whether the platform says that it was done; then it is done here too."""
        try:
            found = self.platform.settlement(visit, self._exchange(visit.encounter, actor))
        except (PlatformAway, PlatformRefused) as exc:
            raise ResultUnknown from exc
        if (found is not None) != (row.infno == "2304"):
            return False
        with self._core.db.write() as conn:
            end(conn, row.no, "adopted", self._core.clock.now())
            if found is not None:
                self._settled(conn, visit.encounter, found, row.actor)
            else:
                self._went_back(conn, visit.encounter, "2305")
        return True

    def _settled(self, conn: Connection, encounter: str, answer: Settlement, actor: str) -> None:
        stay = keeping.insured_stay(conn, encounter)
        estimate = stay.estimate if stay is not None else None
        now = self._core.clock.now()
        keeping.keep_settlement(conn, encounter, answer, estimate, actor=actor, at=now)
        keeping.move(conn, encounter, "settled")

    def _went_back(self, conn: Connection, encounter: str, infno: str) -> None:
        if infno == "2302":
            keeping.drop_fees(conn, encounter)
        if infno == "2305":
            keeping.undo_settlement(conn, encounter, self._core.clock.now())
        emptied = {"mdtrt_id": ""} if infno == "2404" else {}
        keeping.move(conn, encounter, after(infno, self._order), **emptied)

    def _is_past(self, wanted: Stage, stage: Stage) -> bool:
        return self._order.index(stage) >= self._order.index(wanted)

    def _check(self, infno: str, stage: Stage) -> None:
        if not may_follow(infno, stage, self._order):
            raise Collision(_NOT_NOW, stage=stage)

    def _exchange(self, encounter: str | None, actor: str) -> Exchange:
        return Exchange(self._core.db, self._core.clock, encounter=encounter, actor=actor)

    @contextmanager
    def _alone(self, encounter: str, actor: str) -> Iterator[tuple[Visit, Stage]]:
        """Nobody else deals with this stay meanwhile, and nothing about it is open."""
        with self._held(encounter):
            with self._core.db.read() as conn:
                visit, _stage = keeping.visit_of(conn, encounter)
                left = open_messages(conn, encounter)
            for row in left:
                self._clear(row, visit, actor)
            with self._core.db.read() as conn:
                found = keeping.visit_of(conn, encounter)
            yield found

    @contextmanager
    def _held(self, encounter: str) -> Iterator[None]:
        """Nobody else deals with this stay meanwhile."""
        with self._guard:
            if encounter in self._busy:
                raise Collision(_BUSY)
            self._busy.add(encounter)
        try:
            yield
        finally:
            with self._guard:
                self._busy.discard(encounter)
