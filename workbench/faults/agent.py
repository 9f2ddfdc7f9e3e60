"""A cart without a screen: records what it is told to, and says what it has promised.

Run as `python -m workbench.faults.agent …`. Reads JSON lines, writes JSON lines:

    {"record": token, "stay": id}  ->  {"saved": token, "id": …, "n": …}      after `record` has returned
    (every 50 ms)                  ->  {"open": [n …], "upto": n, "seq": …}   what has no receipt yet
    {"report": path}               ->  {"reported": path}                     the replica, written to a file
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from typing import Any

from wardlink import credential
from wardlink.clinical.vitals import VitalSet
from wardlink.device import Device
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals
from workbench.faults import plants
from workbench.faults.plan import pulse_of

NURSE = Actor(kind="staff", id="n-lijing")
TELL_EVERY_S = 0.05

_writing = threading.Lock()


def tell(**said: Any) -> None:
    """Write one line; whoever reads it may rely on it."""
    with _writing:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def record(device: Device, token: int, stay: str) -> None:
    """Record the set that goes with `token`, and promise it afterwards."""
    body = RecordVitals(readings=VitalSet(pulse_per_min=pulse_of(token)), note=str(token))
    command = device.record("vitals.record", body, actor=NURSE, encounter=stay)
    tell(saved=token, id=command.id, n=command.n)


def tell_what_is_open(device: Device, stopping: threading.Event) -> None:
    """Say again and again what the ward has not answered."""
    while not stopping.wait(TELL_EVERY_S):
        newest = device.outbox.newest()
        # Read before the open ones: a command recorded between the two is neither open nor settled yet.
        upto = newest.n if newest else 0
        open_numbers = [entry.n for entry in device.outbox.entries() if entry.state in ("waiting", "sent")]
        status = device.status()
        tell(open=open_numbers, upto=upto, seq=status.seq, refused=status.refused)


def report(device: Device, path: Path) -> None:
    """Write down every set that the replica holds."""
    replica = device.replica
    sets = [
        {
            "id": held.id,
            "token": held.note,
            "stay": held.encounter,
            "pulse": held.readings.pulse_per_min,
            "pending": held.received_at is None,
        }
        for stay in replica.encounters()
        for held in replica.vitals(stay.id, limit=10**9)
    ]
    path.write_text(json.dumps({"seq": replica.seq, "sets": sets}))
    tell(reported=str(path))


def main() -> None:
    """The command line of the child process; ends with its stdin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--credential", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--plant", choices=plants.PLANTS)
    args = parser.parse_args()
    plants.plant_in_device(args.plant)
    device = Device(args.data, credential.read(args.credential))
    stopping = threading.Event()
    teller = threading.Thread(target=tell_what_is_open, args=(device, stopping), daemon=True)
    device.start()
    teller.start()
    for line in sys.stdin:
        asked = json.loads(line)
        if "record" in asked:
            record(device, asked["record"], asked["stay"])
        else:
            report(device, Path(asked["report"]))
    stopping.set()
    teller.join()
    device.stop()


if __name__ == "__main__":
    main()
