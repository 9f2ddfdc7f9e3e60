"""The orders of the sample ward, on the same way as every other: signed, reviewed, taken over, checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from wardlink.clinical.order_states import DRUG_CATEGORIES
from wardlink.messages.base import Actor, Message
from wardlink.messages.orders import CheckOrder, IssueOrder, ReviewOrder

if TYPE_CHECKING:
    from server.core import Core

PHARMACIST = Actor(kind="staff", id="p-qianlin")
TAKES_OVER = Actor(kind="staff", id="n-wangmin")
CHECKS = Actor(kind="staff", id="n-zhaoyan")

_WAY = ("issued", "reviewed", "transcribed", "active")


def sample_orders() -> list[Mapping[str, Any]]:
    """The table."""
    rows: list[Mapping[str, Any]] = tomllib.loads(
        files("workbench.demo").joinpath("sample_orders.toml").read_text("utf-8")
    )["orders"]
    return rows


def order(core: Core, ward: str, stays: Mapping[str, str], doctors: Mapping[str, str]) -> int:
    """Issue the sample orders in a ward that has none yet, and bring each as far as the table says; how many.

    `stays` and `doctors` by bed; what is for a bed without a patient is left out.
    """
    from server.record.service import records_of
    from wardlink.record.orders import ORDER

    with core.db.read() as conn:
        if records_of(conn, ORDER, ward=ward, limit=1):
            return 0
    made = 0
    for row in sample_orders():
        if row["bed"] in stays and row["bed"] in doctors:
            _order(core, ward, stays[row["bed"]], Actor(kind="staff", id=doctors[row["bed"]]), row)
            made += 1
    return made


def _order(core: Core, ward: str, stay: str, doctor: Actor, row: Mapping[str, Any]) -> None:
    facts = {name: value for name, value in row.items() if name not in ("bed", "stands")}
    body = IssueOrder.model_validate({"kind": "standing", "start_at": core.clock.now()} | facts)

    def say(kind: str, said: Message, by: Actor) -> str:
        return core.execute(kind, said, ward=ward, actor=by, encounter=stay, bed=row["bed"]).id

    name = say("order.issue", body, doctor)
    wanted = _WAY.index(row["stands"])
    if wanted >= _WAY.index("reviewed") and body.category in DRUG_CATEGORIES:
        say("order.review", ReviewOrder(order=name, accepted=True), PHARMACIST)
    if wanted >= _WAY.index("transcribed"):
        say("order.check", CheckOrder(order=name, step="transcribed"), TAKES_OVER)
    if wanted >= _WAY.index("active"):
        say("order.check", CheckOrder(order=name, step="checked"), CHECKS)
