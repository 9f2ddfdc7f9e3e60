"""What somebody does with the hospital's files, each in one transaction with its line of the audit.

Who may is asked before. `House` is made once, where the server is put together; `app.state.running.house`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from server.core import Core
from server.house import keeping
from server.house.drafts import Draft, Drafts
from server.house.file import HouseFile
from server.house.keeping import Version
from server.house.kinds import KINDS, HouseKind, Note
from server.house.looking import Looked, look_at
from server.house.texts import LARGE, MOST_BYTES
from server.identity import audit
from server.identity.staff import Person
from wardlink.clock import ward_time
from wardlink.errors import Collision, FileWrong, InvalidInput, NotFound
from wardlink.i18n import N_

_LOCKED = N_(
    "The server's settings name a file for this ({setting}): that one holds. The technician takes the setting away "
    "before it can be kept here."
)
_WRONG = N_("This file has faults and cannot hold.")
_PAST = N_("This time lies in the past. Leave it empty if the file shall hold at once.")
_SAME = N_("This is word for word what holds already: nothing was changed.")


@dataclass
class House:
    """What holds of each kind, and the drafts."""

    core: Core
    files: Mapping[str, HouseFile[Any]]
    drafts: Drafts = field(default_factory=Drafts)
    _confirming: Lock = field(default_factory=Lock, repr=False)

    def kind(self, name: str) -> HouseKind[Any]:
        """The kind of this name.

        Raises:
            NotFound: there is none.
        """
        if name not in self.files:
            raise NotFound(what="page", name=name[:40])
        return KINDS[name]

    def versions(self, kind: str) -> list[Version]:
        """All versions of a kind, the newest first. Reads the database."""
        with self.core.db.read() as conn:
            return keeping.versions(conn, kind)

    def text(self, kind: str, no: int | None) -> str:
        """A version as it was written; None for what holds, 0 for what ships.

        Raises:
            NotFound: there is none.
            Misconfigured: the file of the settings cannot be read.
        """
        file = self.files[kind]
        if no is None:
            file.look()
            if file.path is not None:
                return file.named_text(file.path)
            no = file.version
        if not no:
            return file.kind.ours_text()
        with self.core.db.read() as conn:
            return keeping.text_of(conn, kind, no)

    def looked(self, draft: Draft) -> Looked:
        """What a draft is; a table is read as one, with what holds now beside it. Reads the database.

        Raises:
            InvalidInput: it is too large.
        """
        kind, held = self.kind(draft.kind), self.files[draft.kind].look()
        if kind.from_table is None or held is None or not draft.file.lower().endswith(".csv"):
            return look_at(kind, draft.data)
        if len(draft.data) > MOST_BYTES:
            raise InvalidInput(LARGE, limit=MOST_BYTES // 1024)
        try:
            return look_at(kind, kind.from_table(draft.data, held).encode())
        except FileWrong as wrong:
            return Looked(faults=wrong.faults)

    def in_use(self, kind: str, looked: Looked) -> Sequence[Note]:
        """What would not go by what was looked at. Reads the database."""
        if looked.faults:
            return ()
        with self.core.db.read() as conn:
            return self.kind(kind).in_use(conn, looked.read)

    def confirm(self, by: Person, kind: str, draft: str, *, saw: str, note: str, effective_at: datetime | None) -> None:
        """Let a draft hold, at once or from a later time. A second time changes nothing.

        Raises:
            DraftGone: it is not here any more.
            InvalidInput: it has faults, says nothing new, or the time lies in the past.
            Collision: the settings name a file, or there are other versions than `saw`.
        """
        with self._confirming:
            if self.drafts.became(draft) is not None:
                return
            found = self.drafts.called(draft, kind, by.id)
            added = self._put_in(by, kind, self.looked(found), saw, note, effective_at)
            self.drafts.is_now(draft, added)

    def again(self, by: Person, kind: str, no: int, *, saw: str, note: str) -> None:
        """Let a former version hold again, as a new one.

        Raises:
            NotFound: there is no such version.
            InvalidInput: it cannot be read any more, or it holds.
            Collision: the settings name a file, or there are other versions than `saw`.
        """
        looked = look_at(self.kind(kind), self.text(kind, no).encode())
        self._put_in(by, kind, looked, saw, note, None)

    def take_back(self, by: Person, kind: str, no: int) -> None:
        """Let a version that waits never hold. Raises Collision: it holds already, or was taken back."""
        with self.core.db.write() as conn:
            keeping.take_back(conn, kind, no, by=str(by.actor), at=self.core.clock.now())
            audit.note(self.core, conn, by, "house-taken-back", f"{kind} version {no}")
        self.files[kind].forget()

    def _put_in(self, by: Person, kind: str, looked: Looked, saw: str, note: str, effective_at: datetime | None) -> int:
        file, now = self.files[kind], self.core.clock.now()
        if file.path is not None:
            raise Collision(_LOCKED, setting=file.kind.setting)
        if looked.faults:
            raise InvalidInput(_WRONG)
        if effective_at is not None and effective_at < now:
            raise InvalidInput(_PAST)
        if effective_at is None and looked.text == self.text(kind, None):
            raise InvalidInput(_SAME)
        with self.core.db.write() as conn:
            added = keeping.add(
                conn,
                kind,
                looked.text,
                by=str(by.actor),
                at=now,
                effective_at=effective_at or now,
                note=note[:200],
                saw=saw,
            )
            audit.note(
                self.core,
                conn,
                by,
                "house-added",
                f"{kind} version {added.no}",
                digest=added.digest,
                holds_from=ward_time(added.effective_at).isoformat(timespec="minutes"),
                note=added.note,
            )
        file.forget()
        return added.no
