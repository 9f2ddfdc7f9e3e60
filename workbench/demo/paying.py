"""Money in the demo: the sandbox gateway beside the server, and what was paid ahead before the demo begins."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from wardlink.money import fen
from wardlink.process.child import Child
from workbench.demo.folder import DemoFolder
from workbench.demo.ports import Ports, inside, outside
from workbench.gateways.sandbox import accounts

if TYPE_CHECKING:
    from server.core import Core

MERCHANT = "ward"
PAYEE = "示例医院"
"""What payers read of it."""

TAKES = "staff:k-wuli"
"""The cashier who took the deposits."""

_AFTER_ADMISSION = timedelta(minutes=20)


def gateway(folder: DemoFolder, host: str, ports: Ports, environment: Mapping[str, str]) -> Child:
    """The process of the gateway, not yet started."""
    command = [
        *(sys.executable, "-m", "workbench.gateways.sandbox", str(folder.gateway), "--host", host),
        *("--port", str(ports.gateway), "--shown-host", outside(host), "--name", MERCHANT, PAYEE),
    ]
    return Child("gateway", command, log=folder.logs / "gateway.log", environment=environment)


def settings(folder: DemoFolder, host: str, ports: Ports) -> dict[str, str]:
    """What the server must know of the gateway; the keys of both are made if there are none yet."""
    accounts.own_key(folder.gateway)
    return {
        "WARDLINK_PAY_SANDBOX_URL": f"http://{inside(host)}:{ports.gateway}",
        "WARDLINK_PAY_SANDBOX_MERCHANT": MERCHANT,
        "WARDLINK_PAY_SANDBOX_KEY": str(accounts.enrol(folder.gateway, MERCHANT)),
        "WARDLINK_PAY_SANDBOX_GATEWAY_KEY": str(accounts.public_key(folder.gateway)),
        "WARDLINK_PAY_NOTIFY_URL": f"http://{inside(host)}:{ports.page}",
    }


def sample_deposits() -> Mapping[str, int]:
    """What was paid ahead at admission by bed, in fen; under an empty name, everywhere else."""
    table = tomllib.loads(files("workbench.demo").joinpath("sample_deposits.toml").read_text("utf-8"))
    return {"": fen(table["usual"])} | {bed: fen(yuan) for bed, yuan in table["beds"].items()}


def pay_ahead(core: Core, stays: Mapping[str, str]) -> int:
    """Book the deposits of the sample ward, once for each stay; how many. `stays` by bed."""
    from server.money.deposits import deposit_in
    from server.patients.service import encounter_view

    deposits, made = sample_deposits(), 0
    with core.db.write() as conn:
        for bed, stay in stays.items():
            view, amount_fen = encounter_view(conn, stay), deposits.get(bed, deposits[""])
            if view is None or amount_fen == 0:
                continue
            made += deposit_in(
                conn,
                encounter=stay,
                amount_fen=amount_fen,
                channel="cash",
                key=f"demo-deposit:{stay}",
                at=view.admitted_at + _AFTER_ADMISSION,
                actor=TAKES,
            )
    return made
