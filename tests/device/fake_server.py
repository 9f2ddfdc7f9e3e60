"""A small server for the tests of the device half: the rules of the link, without a database or a network.

It keeps what the real one keeps (a cursor a stream, the answers it gave, a numbered log) and can be cut off,
restarted, or set back to an earlier copy of itself.
"""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wardlink.codes.cards import ShownCard
from wardlink.device.http import CardFound, SignInAnswer, SnapshotShorter
from wardlink.errors import SignInFailed, Unreachable
from wardlink.ids import new_id
from wardlink.messages.bodies import parse_body
from wardlink.messages.calls import RaiseCall
from wardlink.messages.changes import BedView, Change, ChangeRange, Snapshot, StaffView
from wardlink.messages.commands import Command, decode
from wardlink.messages.encounters import EncounterView
from wardlink.messages.receipts import Receipt, Receipts
from wardlink.messages.records import RecordView
from wardlink.messages.vitals import RecordVitals, StrikeVitals
from wardlink.record.kind import Said
from wardlink.record.kinds import BY_COMMAND

WARD = "w3"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NURSE = StaffView(id="n-lijing", name="李静", role="nurse")
REFUSED = "call.cancel"
"""Commands of this kind are refused, so that tests have a refusal."""


def stay(number: int, bed: str) -> EncounterView:
    """A stay in `bed`."""
    return EncounterView(
        id=f"00000000-0000-7000-8000-{number:012d}",
        admission_no=f"ZY{number:06d}",
        mrn=f"M{number:06d}",
        name="演示病人",
        sex="female",
        birth_on=datetime(1950, 5, 17, tzinfo=UTC).date(),
        ward=WARD,
        bed=bed,
        status="in-progress",
        level="level2",
        diet="regular",
        admitted_at=NOW,
    )


@dataclass
class Books:
    """What a server has on its disk."""

    log_id: str = field(default_factory=new_id)
    next_n: dict[tuple[str, str], int] = field(default_factory=dict)
    answers: dict[str, Receipt] = field(default_factory=dict)
    applied: list[Command] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    joints: list[str] = field(default_factory=lambda: ["0" * 16])
    notes: list[str] = field(default_factory=list)
    stays: dict[str, EncounterView] = field(default_factory=dict)
    records: dict[tuple[str, str], RecordView] = field(default_factory=dict)


class FakeServer:
    """Applies commands, one batch a call, and answers questions. Thread-safe."""

    def __init__(self) -> None:
        self.books = Books()
        self.at = NOW
        self.down = False
        self.longest_catch_up = 10_000
        self._lock = threading.RLock()
        for number in (1, 2, 3):
            view = stay(number, str(number))
            self.books.stays[view.id] = view

    @property
    def seq(self) -> int:
        """The number of the last change."""
        return len(self.books.changes)

    def backup(self) -> Books:
        """A copy of everything as it is now."""
        with self._lock:
            return copy.deepcopy(self.books)

    def restore(self, books: Books) -> None:
        """Go back to an earlier copy."""
        with self._lock:
            self.books = copy.deepcopy(books)

    def batch(self, payloads: list[bytes]) -> tuple[Receipts, ChangeRange | None]:
        """Apply one batch of one device, and commit: the receipts, and the range of new changes if there are any."""
        with self._lock:
            before = self.seq
            receipts: list[Receipt] = []
            expect: int | None = None
            stream: str | None = None
            for payload in payloads:
                command = decode(payload)
                stream = command.stream
                answer, missing = self._one(command)
                if answer is not None:
                    receipts.append(answer)
                expect = missing if missing is not None else expect
            told = Receipts(at=self.at, stream=stream, expect=expect, receipts=tuple(receipts))
            return told, self._range(before) if self.seq > before else None

    def change(self, kind: str, body: Any, **where: Any) -> ChangeRange:
        """Something that others have done: the next change."""
        with self._lock:
            self._note(kind, body.model_dump(mode="json", exclude_none=True), **where)
            if kind == "encounter.changed":
                self.books.stays[body.id] = body
            return self._range(self.seq - 1)

    def changes_after(self, after: int, limit: int = 50) -> ChangeRange:
        """As over HTTP."""
        self._answer_or_not()
        with self._lock:
            if limit and self.seq - after > self.longest_catch_up:
                raise SnapshotShorter
            found = tuple(change for change in self.books.changes if change.seq > after)[:limit]
            upto = found[-1].seq if found else min(after, self.seq)
            return ChangeRange(
                ward=WARD,
                log=self.books.log_id,
                at=self.at,
                after=after,
                upto=upto,
                joint_after=self._joint(after),
                joint_upto=self._joint(upto),
                changes=found,
                more=upto < self.seq,
            )

    def snapshot(self) -> Snapshot:
        """As over HTTP."""
        self._answer_or_not()
        with self._lock:
            vitals: dict[str, dict[str, Any]] = {}
            calls: dict[str, dict[str, Any]] = {}
            for change in self.books.changes:
                if change.kind == "vitals.recorded":
                    vitals[change.body["id"]] = change.body
                elif change.kind == "vitals.struck" and change.body["id"] in vitals:
                    vitals[change.body["id"]] = vitals[change.body["id"]] | change.body
                elif change.kind == "call.changed":
                    calls[change.body["id"]] = change.body
            return Snapshot.model_validate(
                {
                    "ward": WARD,
                    "ward_name": "3 病区",
                    "log": self.books.log_id,
                    "seq": self.seq,
                    "joint": self._joint(self.seq),
                    "at": self.at,
                    "beds": [BedView(id=str(n), label=f"{n} 床") for n in range(1, 5)],
                    "staff": [NURSE],
                    "encounters": list(self.books.stays.values()),
                    "vitals": list(vitals.values()),
                    "calls": [call for call in calls.values() if call["state"] == "raised"],
                    "records": {
                        kind: [v.model_dump(mode="json") for (k, _), v in self.books.records.items() if k == kind]
                        for kind in {k for k, _ in self.books.records}
                    },
                }
            )

    def _answer_or_not(self) -> None:
        if self.down:
            raise Unreachable

    def _range(self, after: int) -> ChangeRange:
        found = tuple(self.books.changes[after:])
        return ChangeRange(
            ward=WARD,
            log=self.books.log_id,
            at=self.at,
            after=after,
            upto=self.seq,
            joint_after=self._joint(after),
            joint_upto=self._joint(self.seq),
            changes=found,
        )

    def _joint(self, seq: int) -> str:
        return self.books.joints[seq] if seq <= self.seq else ""

    def _one(self, command: Command) -> tuple[Receipt | None, int | None]:
        stream = (command.device, command.stream)
        expected = self.books.next_n.get(stream, 1)
        known = self.books.answers.get(command.id)
        if known is not None:
            self.books.next_n[stream] = max(expected, command.n + 1)
            again = known.outcome == "applied"
            return known.model_copy(update={"outcome": "already-applied"}) if again else known, None
        due = max(expected, command.base)
        if command.n > due:
            return None, due
        if due > expected:
            self.books.notes.append("stream-gap")
        elif command.n < expected:
            self.books.notes.append("stream-rewound")
        self.books.next_n[stream] = max(expected, command.n + 1)
        answer = self._apply(command)
        self.books.answers[command.id] = answer
        return answer, None

    def _apply(self, command: Command) -> Receipt:
        if command.kind == REFUSED:
            return Receipt(id=command.id, outcome="refused", code="too-late", reason_zh="太晚了", reason_en="Too late")
        self.books.applied.append(command)
        body = parse_body(command.kind, command.body)
        where = {"command": command.id, "device": command.device, "bed": command.bed, "encounter": command.encounter}
        match body:
            case RecordVitals():
                told = {name: v for name, v in command.body.items() if name != "seen"}
                told |= command.model_dump(
                    mode="json", include={"id", "encounter", "measured_at", "entered_at", "device", "actor"}
                )
                self._note("vitals.recorded", told | {"received_at": self.at.isoformat()}, **where)
            case StrikeVitals():
                struck = {
                    "id": body.vitals,
                    "encounter": command.encounter,
                    "struck_at": command.entered_at.isoformat(),
                    "struck_by": command.actor.model_dump(),
                    "struck_reason": body.reason,
                }
                self._note("vitals.struck", struck, **where)
            case RaiseCall():
                call = {
                    "id": command.id,
                    "bed": command.bed,
                    "cls": "P2",
                    "state": "raised",
                    "raised_at": command.measured_at.isoformat(),
                    "received_at": self.at.isoformat(),
                }
                self._note("call.changed", call, **where)
            case _ if command.kind in BY_COMMAND:
                self._fold(command, body, where)
            case _:
                return Receipt(id=command.id, outcome="applied")
        return Receipt(id=command.id, outcome="applied", seq=self.seq)

    def _fold(self, command: Command, body: Any, where: dict[str, Any]) -> None:
        kind = BY_COMMAND[command.kind]
        place = (kind.name, kind.target(command, body))
        name = NURSE.name if command.actor.id == NURSE.id else None
        after = kind.fold(self.books.records.get(place), Said(command, body, name, self.at))
        if after is not None:
            self.books.records[place] = after
            self._note(kind.change, after.model_dump(mode="json", exclude_none=True), **where)

    def _note(self, kind: str, body: dict[str, Any], **where: Any) -> None:
        self.books.joints.append(new_id()[-16:].replace("-", "0"))
        self.books.changes.append(Change(seq=self.seq + 1, kind=kind, at=self.at, body=body, **where))


class FakeHttp:
    """`WardHttp` to a `FakeServer` in the same process. `staff`: badge to PIN; `seconds`: what opens a stay."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self.staff = {"N1001": "2580"}
        self.seconds = {"ZY000001": ("19500517", "123X")}
        self.snapshots = 0
        self.questions = 0

    def changes(self, after: int, limit: int | None = None) -> ChangeRange:
        """What has changed since `after`."""
        self.questions += 1
        return self._server.changes_after(after, 50 if limit is None else min(limit, 50))

    def snapshot(self) -> Snapshot:
        """Everything, anew."""
        self.snapshots += 1
        return self._server.snapshot()

    def time(self) -> datetime:
        """The server's time."""
        return self._server.at

    def sign_in(self, badge: str, pin: str) -> SignInAnswer:
        """Who has this badge and PIN."""
        if self._server.down:
            raise Unreachable
        if self.staff.get(badge) != pin:
            raise SignInFailed
        return SignInAnswer(token="t", staff=NURSE, expires_at=self._server.at)

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """The stay with these two identifiers."""
        if self._server.down:
            raise Unreachable
        if second not in self.seconds.get(admission_no, ()):
            raise SignInFailed
        return next(view for view in self._server.books.stays.values() if view.admission_no == admission_no)

    def find_by_card(self, card: ShownCard, staff: str) -> CardFound:
        """Nobody knows any card here."""
        if self._server.down:
            raise Unreachable
        return CardFound(outcome="unknown")

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """It is nobody's card."""
        raise Unreachable if self._server.down else SignInFailed

    def act_as(self, consent: str | None) -> None:
        """Nobody asks who sits in front of it."""

    def close(self) -> None:
        """Nothing to let go of."""
