"""The device's disk: one program, transactions that hold, and kill -9 at any moment."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.device.wards import NURSE, STAY_1, credential, vitals
from wardlink.device import Device
from wardlink.device.schema import VERSIONS
from wardlink.device.store import Store, get, put
from wardlink.errors import Collision, Misconfigured, StoreFailed
from wardlink.i18n import speaking


def test_two_programs_cannot_be_the_same_device(tmp_path: Path) -> None:
    """A second program on the same folder is turned away in words, and may come once the first has ended."""
    first = Store(tmp_path)
    with pytest.raises(Collision) as turned_away, speaking("en"):
        Store(tmp_path)
    with speaking("en"):
        assert "another Wardlink program" in turned_away.value.text()

    first.close()
    Store(tmp_path).close()


def test_a_newer_disk_is_left_alone(tmp_path: Path) -> None:
    """Data of a newer version are not touched."""
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "device.db") as conn:
        conn.execute(f"PRAGMA user_version = {len(VERSIONS) + 1}")

    with pytest.raises(Misconfigured):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """Rubbish in place of the database is an error in words, and stays for somebody to look at."""
    (tmp_path / "device.db").write_bytes(b"no database" * 1000)

    with pytest.raises(StoreFailed):
        Store(tmp_path)
    assert (tmp_path / "device.db").read_bytes().startswith(b"no database")


def test_only_this_user_may_read_the_disk(tmp_path: Path) -> None:
    """Folder and file are closed to others: they hold patients."""
    Store(tmp_path / "new").close()

    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "device.db").stat().st_mode & 0o077 == 0


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """What was written before the failure is gone with it."""
    store = Store(tmp_path)

    def fail() -> None:
        with store.write() as conn:
            put(conn, "key", "value")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as conn:
        assert get(conn, "key") is None
    store.close()


def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    """What is committed while somebody reads does not change what they see."""
    store = Store(tmp_path)
    with store.read() as reader:
        assert get(reader, "key") is None
        with store.write() as conn:
            put(conn, "key", "value")
        assert get(reader, "key") is None
    with store.read() as reader:
        assert get(reader, "key") == "value"
    store.close()


_RECORDER = """
import sys
from pathlib import Path
from tests.device.wards import NURSE, STAY_1, credential, vitals
from wardlink.device import Device

device = Device(Path(sys.argv[1]), credential())
while True:
    sys.stdout.write(device.record("vitals.record", vitals(), actor=NURSE, encounter=STAY_1).id + "\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("recorded", [1, 7, 60])
def test_what_was_saved_survives_kill_9(tmp_path: Path, recorded: int) -> None:
    """Every command whose record() had returned is in the outbox and in the charts after the program was killed."""
    recorder = subprocess.Popen(
        [sys.executable, "-c", _RECORDER, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert recorder.stdout is not None
    saved = [recorder.stdout.readline().strip() for _ in range(recorded)]
    recorder.send_signal(signal.SIGKILL)
    saved += [line.strip() for line in recorder.stdout if line.endswith("\n")]
    recorder.wait()
    device = Device(tmp_path, credential())
    entries = device.outbox.entries()

    # One more may have reached the disk before it could be told.
    assert [entry.id for entry in entries][: len(saved)] == saved
    assert len(entries) <= len(saved) + 1
    assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
    assert {v.id for v in device.replica.vitals(STAY_1)} == {entry.id for entry in entries[-500:]}
    assert device.record("vitals.record", vitals(), actor=NURSE, encounter=STAY_1).n == len(entries) + 1
    device.stop()
