"""Killed with signal 9 at every step of a payment and its refund: taken up again, it ends the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.db import Database
from tests.server.payments.crashing import Setting
from tests.server.payments.sandbox import MERCHANT, SandboxStage
from tests.server.wards import STAY_1, SmallWard

pytestmark = [pytest.mark.slow, pytest.mark.timeout(700)]

ROOT = Path(__file__).parents[3]

WHOLE = {
    "orders": [["part_refunded", 10_000, 4_000, False]],
    "refunds": [["done", 4_000]],
    "entries": [["deposit_in", 10_000], ["deposit_refund", 4_000], ["transfer", 4_000]],
    "balances": {"clearing.sandbox": 6_000, "deposit": -6_000},
    "at_channel": 6_000,
}


def killed_everywhere(
    gateway: SandboxStage, sqlite_url: str, folder: Path, *, heard: bool, comes_back: bool
) -> list[dict[str, Any]]:
    """What was left after each step, the last without a kill."""
    database = Database(sqlite_url)
    SmallWard(database)
    database.close()
    setting = Setting(
        template=sqlite_url.removeprefix("sqlite:///"),
        work=str(Path(sqlite_url.removeprefix("sqlite:///")).parent),
        stay=STAY_1,
        url=gateway.gateway.url,
        merchant=MERCHANT,
        key=str(gateway.key),
        gateway_key=str(gateway.gateway.public_key),
        gateway_private_key=str(gateway.gateway.folder / "gateway.pem"),
        heard=heard,
        comes_back=comes_back,
    )
    told = folder / "setting.json"
    told.write_text(json.dumps(setting.__dict__))
    command = [sys.executable, "-m", "tests.server.payments.crashing", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"step"')]
    assert all(each["killed"] for each in found[:-1]), done.stderr
    assert found[-1]["exit"] == 0, done.stderr
    return found


@pytest.mark.parametrize("heard", [True, False], ids=["by a notice", "by closing"])
def test_people_come_again(gateway: SandboxStage, sqlite_url: str, tmp_path: Path, heard: bool) -> None:
    """With the same keys, after whatever step: one credit, one refund."""
    found = killed_everywhere(gateway, sqlite_url, tmp_path, heard=heard, comes_back=True)

    assert len(found) > 20
    assert [each["final"] for each in found] == [WHOLE] * len(found)


def test_nobody_comes_again(gateway: SandboxStage, sqlite_url: str, tmp_path: Path) -> None:
    """The server alone: whatever was paid at the channel stands in the books to the fen, and what was sent is done."""
    found = killed_everywhere(gateway, sqlite_url, tmp_path, heard=True, comes_back=False)

    assert found[-1]["final"] == WHOLE
    for each in found:
        final = each["final"]
        assert final["balances"].get("clearing.sandbox", 0) == final["at_channel"], each
        assert "refunds-due" not in final["balances"], each
        assert {order[0] for order in final["orders"]} <= {"closed", "paid", "part_refunded"}, each
