"""The carts of a fault run, as the harness sees them: what each was asked, and what it has promised."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wardlink.process.child import Child
from workbench.faults.proxy import Cable
from workbench.faults.verdict import Held, Promise


@dataclass
class Told:
    """What a cart said last about itself."""

    open: frozenset[int] = frozenset()
    upto: int = 0
    seq: int = -1
    refused: int = 0


@dataclass
class Cart:
    """One cart process, its two cables, and its words."""

    name: str
    mqtt: Cable
    http: Cable
    journal: Path
    promises: list[Promise] = field(default_factory=list)
    told: Told | None = None
    reported: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def launch(self, command: Sequence[str], log: Path) -> None:
        """Make and start its process."""
        self.process = Child(self.name, command, log=log, on_line=self._hear)
        self.process.start()

    def record(self, token: int, stay: str) -> bool:
        """Ask it to record; False if it is not there."""
        return self.process.alive and self.process.say(json.dumps({"record": token, "stay": stay}))

    def kill(self) -> None:
        """Kill it; what it had said before counts."""
        self.process.kill()
        self.told = None

    def settled(self) -> set[str]:
        """Ids of the commands that it holds for answered by the server, by its own last words."""
        with self._lock:
            told = self.told
            if told is None:
                return set()
            return {p.id for p in self.promises if p.n <= told.upto and p.n not in told.open}

    @property
    def is_answered(self) -> bool:
        """Whether everything it has promised has its receipt, by its own last words."""
        with self._lock:
            told = self.told
            return told is not None and not told.open and told.upto >= max((p.n for p in self.promises), default=0)

    def holds(self, path: Path) -> list[Held]:
        """The sets in the report that it has written."""
        sets = json.loads(path.read_text())["sets"]
        return [Held(int(s["token"]), s["id"], s["stay"], s["pulse"]) for s in sets if s["token"] is not None]

    def _hear(self, line: str) -> None:
        said = json.loads(line)
        with self._lock:
            if "saved" in said:
                self.promises.append(Promise(said["saved"], self.name, said["id"], said["n"]))
                with self.journal.open("a") as file:
                    file.write(line + "\n")
            elif "reported" in said:
                self.reported = said["reported"]
            else:
                self.told = Told(frozenset(said["open"]), said["upto"], said["seq"], said["refused"])
