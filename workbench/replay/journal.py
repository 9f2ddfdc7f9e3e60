"""Where a replay stands, on disk beside the monitor's store, so that an interrupted one goes on without doubles."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wardlink.errors import Collision, Misconfigured
from wardlink.i18n import N_
from wardlink.messages.base import Instant
from wardlink.messages.commands import Command
from workbench.replay.recording import Recording

_OTHER = N_(
    "In {folder} another replay stands at sample {next} of {total}. Let it end first, or choose another --data."
)
_ENDED = N_("This recording has been played to its end for this stay. Add --again to play it once more.")
_UNREADABLE = N_("{path} does not say where a replay stands. Choose another --data.")


class Standing(BaseModel):
    """One replay: what is played for whom, from when on, and the first sample that is not known to be recorded.

    Commands of the monitor up to number `after_n` are not of this replay.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    encounter: str
    start_at: Instant
    after_n: int
    total: int
    next: int = 0

    def counting(self, newest: Command | None, recording: Recording) -> Standing:
        """The standing with the newest command of the store counted in.

        A sample is recorded first and counted afterwards: the store may be ahead of the count, never behind.
        """
        if newest is None or newest.n <= self.after_n:
            return self
        offset = newest.measured_at - self.start_at + recording.samples[0].at
        done = sum(1 for sample in recording.samples if sample.at <= offset)
        return self.model_copy(update={"next": max(self.next, done)})


class ReplayJournal:
    """The standing of the replay of one monitor's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "replay.json"

    def resume(
        self,
        recording: Recording,
        encounter: str,
        newest: Command | None,
        *,
        start_at: datetime,
        unanswered: int = 0,
        again: bool = False,
    ) -> Standing:
        """Where to go on: an interrupted replay keeps its own start, any other begins at `start_at`.

        One that has ended but for `unanswered` receipts has only those to wait for.

        Raises:
            Collision: another replay has not come to its end here, or this one has and shall not be played again.
            Misconfigured: the file cannot be read.
        """
        before = self._read()
        if before is not None:
            same = (before.digest, before.encounter) == (recording.digest, encounter)
            before = before.counting(newest, recording) if same else before
            ended = before.next >= before.total
            if same and (not ended or (unanswered and not again)):
                return before
            if not ended:
                raise Collision(_OTHER, folder=self._folder, next=before.next, total=before.total)
            if same and not again:
                raise Collision(_ENDED)
        fresh = Standing(
            digest=recording.digest,
            encounter=encounter,
            start_at=start_at,
            after_n=newest.n if newest else 0,
            total=len(recording.samples),
        )
        self.write(fresh)
        return fresh

    def write(self, standing: Standing) -> None:
        """Keep the standing, whole or not at all."""
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(standing.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def _read(self) -> Standing | None:
        try:
            return Standing.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as exc:
            raise Misconfigured(_UNREADABLE, path=self._path) from exc
