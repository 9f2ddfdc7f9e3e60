"""The broker under a measurement: one process, the same for everything that is compared on it."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from wardlink.errors import Misconfigured
from wardlink.i18n import N_
from wardlink.process.child import Child, free_port
from workbench.faults import broker as nats

BrokerName = Literal["nats", "mosquitto"]
SECRET = "bench"
"""Of every account. The broker listens on loopback only and ends with the run."""

_NO_MOSQUITTO = N_("Mosquitto is not installed here. Run: make system-deps")
_START_TIMEOUT_S = 20.0


class RunningBroker:
    """A broker on loopback that every account may use for everything. Use as a context manager."""

    def __init__(self, name: BrokerName, folder: Path, accounts: Iterable[str]) -> None:
        self.port = free_port()
        self.name = name
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "broker.log"
        if name == "mosquitto":
            self.child = _mosquitto(folder, self.port, log)
        else:
            known = dict.fromkeys(accounts, SECRET)
            self.child = nats.broker(folder, mqtt_port=self.port, nats_port=free_port(), accounts=known, log=log)

    def __enter__(self) -> RunningBroker:
        self.child.start()
        try:
            self.child.wait_ready(lambda: listens(self.port), _START_TIMEOUT_S)
        except BaseException:
            self.child.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.child.kill()


def listens(port: int) -> bool:
    """Whether somebody takes connections on this port of loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def mosquitto_binary() -> str | None:
    """Where Mosquitto is; Debian puts it where users do not look."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def version(name: BrokerName) -> str:
    """What the broker calls itself."""
    command = [mosquitto_binary() or "mosquitto", "-h"] if name == "mosquitto" else [nats.binary(), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return said.splitlines()[0] if said else name


def _mosquitto(folder: Path, port: int, log: Path) -> Child:
    binary = mosquitto_binary()
    if binary is None:
        raise Misconfigured(_NO_MOSQUITTO)
    config = folder / "mosquitto.conf"
    # Without the first two limits off, Mosquitto throws away what queues for a busy subscriber.
    config.write_text(
        "max_queued_messages 0\nmax_inflight_messages 0\nallow_anonymous true\n"
        f"persistence false\nset_tcp_nodelay true\nlistener {port} 127.0.0.1\n"
    )
    return Child("broker", [binary, "-c", str(config)], log=log)
