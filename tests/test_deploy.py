"""What an engineer copies from deploy/ is what the programs understand and write today."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from server.broker.accounts import Account
from server.broker.mosquitto import render_mosquitto
from server.broker.nats import Tls, render_nats

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))

ACCOUNTS = [
    Account("server", "server", nats_hash="$2b$04$...", mosquitto_hash="$7$101$..."),
    Account("cart-1", "cart", "w1", nats_hash="$2b$04$...", mosquitto_hash="$7$101$..."),
    Account("terminal-1", "terminal", "w1", "b1", nats_hash="$2b$04$...", mosquitto_hash="$7$101$..."),
]
TLS = Tls(Path("/etc/wardlink/broker.pem"), Path("/etc/wardlink/broker.key"))
EXAMPLES = {
    f"mosquitto/{name}": text
    for name, text in render_mosquitto(
        ACCOUNTS, folder=Path("/etc/mosquitto/wardlink"), host="0.0.0.0", port=8883, tls=TLS
    ).items()
} | {
    "nats/nats-server.json": render_nats(
        ACCOUNTS, host="0.0.0.0", port=8883, store=Path("/var/lib/nats/wardlink/store"), tls=TLS
    )
    + "\n"
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_what_the_command_writes(name: str) -> None:
    """Each example is, byte for byte, the rendering for a server, a cart and a terminal."""
    assert (DEPLOY / name).read_text() == EXAMPLES[name]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_option_in_a_unit_exists(unit: Path) -> None:
    """The subcommand and each of its options are known to the console command."""
    [line] = re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
    _, *words = shlex.split(line)
    shown = subprocess.run(
        [sys.executable, "-c", "from commands.main import main; main()", words[0], "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"LANG": "C.UTF-8", "COLUMNS": "200", "PYTHONPATH": str(DEPLOY.parent)},
    ).stdout

    assert [word for word in words if word.startswith("--") and word not in shown] == []
