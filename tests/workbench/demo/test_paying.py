"""What the demo's patients have paid ahead, and what its server is told of the gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.core import Core
from server.db import Database
from server.integrations.sandbox.provider import SandboxProvider, SandboxSettings
from server.migrate import upgrade
from server.money.deposits import held
from server.money.ledger import unbalanced
from server.payments.port import Trade
from wardlink.clock import SystemClock
from workbench import ward
from workbench.demo import paying
from workbench.demo.folder import DemoFolder
from workbench.demo.plan import sample_ward
from workbench.demo.ports import Ports, inside, outside
from workbench.gateways.sandbox.gateway import Gateway


def test_deposits_are_booked_once(tmp_path: Path) -> None:
    """As the table says, into a ledger that balances; a second start adds nothing."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core, sample = Core(Database(url), SystemClock()), sample_ward()
    built = ward.build(core, sample.plan(core.clock.now()), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:2"), {})
    made = [paying.pay_ahead(core, built.stays) for _ in range(2)]
    with core.db.read() as conn:
        found = {bed: held(conn, built.stays[bed]) for bed in ("12", "21", "1")}
        faults = unbalanced(conn)
    core.db.close()

    assert made == [33, 0]
    assert found == {"12": 150_000, "21": 0, "1": 300_000}
    assert faults == []


def test_the_server_and_the_gateway_know_each_other(tmp_path: Path) -> None:
    """By the settings, from the first start on: the gateway takes the server's signature, and the other way round."""
    folder = DemoFolder(tmp_path / "ward")
    folder.card(SystemClock().now())
    given = paying.settings(folder, "127.0.0.1", Ports())
    with Gateway(folder.gateway) as gateway:
        keys = [Path(given[f"WARDLINK_PAY_SANDBOX_{name}"]) for name in ("KEY", "GATEWAY_KEY")]
        settings = SandboxSettings(gateway.url, given["WARDLINK_PAY_SANDBOX_MERCHANT"], *keys, None, timeout_s=30)
        found = SandboxProvider(settings).query("0" * 32)
    folder.close()

    assert found.state is Trade.ABSENT
    assert paying.settings(DemoFolder(tmp_path / "ward"), "127.0.0.1", Ports()) == given


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_who_listens_everywhere_is_found_by_an_address(host: str) -> None:
    """Codes with 0.0.0.0 in them lead nowhere."""
    assert inside(host) == "127.0.0.1"
    assert outside(host) not in ("0.0.0.0", "::", "")
    assert outside("192.0.2.7") == inside("192.0.2.7") == "192.0.2.7"
