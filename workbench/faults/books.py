"""Reads what the server has on its disk, without the server and without touching the original."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.faults.verdict import Held


@dataclass(frozen=True)
class Books:
    """The server's log: every number of it, the sets in it, and the commands that have their answer on the disk."""

    numbers: tuple[int, ...]
    sets: tuple[Held, ...]
    answered: frozenset[str]
    parked: int


def read(folder: Path) -> Books:
    """The books of the server whose data folder this is; it does not run, or is only read up to some commit."""
    with _copy(folder / "ward.db") as path:
        db = sqlite3.connect(path)
        try:
            rows = db.execute("SELECT seq, kind, command, n, device, encounter, body FROM change ORDER BY ward, seq")
            changes = rows.fetchall()
            refused = db.execute("SELECT command FROM refusal").fetchall()
            [(parked,)] = db.execute("SELECT count(*) FROM parked")
        finally:
            db.close()
    return Books(
        numbers=tuple(row[0] for row in changes),
        sets=tuple(_held(*row) for row in changes if row[1] == "vitals.recorded"),
        answered=frozenset(row[2] for row in changes if row[2]) | {row[0] for row in refused},
        parked=parked,
    )


def _held(seq: int, _kind: str, command: str, n: int, device: str, stay: str, body: str) -> Held:
    told = json.loads(body)
    return Held(int(told["note"]), command, stay, told["readings"]["pulse_per_min"], seq, n, device)


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    # Opening a database writes to it (its log is replayed); the copy takes that.
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            if (part := path.with_name(path.name + suffix)).exists():
                shutil.copy(part, Path(folder) / part.name)
        yield Path(folder) / path.name
