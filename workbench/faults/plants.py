"""Four bugs that a ward link could have, planted into a running process to see whether the fault run finds them.

They are patches of the child processes of a fault run; nothing in the product knows of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.core import Core

SLOW_COMMIT_S = 0.15
"""A disk that takes its time, so that the moment between a receipt and its commit is there to be hit."""


def no_dedupe(core: Core) -> None:
    """The server knows no command again: what comes twice is applied twice."""
    from sqlalchemy import text

    from server.ingest import Ingest

    with core.db.write() as conn:
        conn.execute(text("DROP INDEX IF EXISTS uq_change_command"))
    Ingest._already = lambda *_, **__: {}  # type: ignore[method-assign]


def receipt_before_commit(_core: Core) -> None:
    """The server answers first and commits afterwards.

    Its receipts name no change, since there is none yet. One that does is found out by the devices: what should be in
    the log and is not they send again, and nothing is lost.
    """
    from server.ingest import Ingest

    honest = Ingest._apply_all

    def answer_first(ingest: Ingest, work: Any, reads: Any) -> None:
        honest(ingest, work, reads)
        for answered in work.answers._receipts.values():
            for receipt in answered:
                receipt.pop("seq", None)
        ingest.send(work.answers.messages(work.batch.now))
        time.sleep(SLOW_COMMIT_S)

    Ingest._apply_all = answer_first  # type: ignore[assignment, method-assign]


def gaps_accepted() -> None:
    """A device applies what comes, whatever is missing before it."""
    from wardlink.device import journal
    from wardlink.device.receiver import Verdict, judge

    def careless(mine: Any, found: Any, *, asked: bool = False) -> Verdict:
        verdict = judge(mine, found, asked=asked)
        return Verdict.APPLY if verdict is Verdict.REPAIR else verdict

    journal.judge = careless  # type: ignore[attr-defined]


def puback_is_a_receipt() -> None:
    """A device takes the broker's PUBACK for the server's receipt."""
    from wardlink import topics
    from wardlink.link.paho_link import PahoLink
    from wardlink.link.port import Incoming
    from wardlink.messages import commands, receipts

    honest = PahoLink._send

    def send(link: PahoLink, client: Any, message: Any) -> None:
        if "/up/" not in message.topic:
            honest(link, client, message)
            return
        if client.on_publish is None:
            client.under_way = dict[int, bytes]()
            client.on_publish = partial(acknowledged, link)
        info = client.publish(message.topic, message.payload, qos=message.qos)
        client.under_way[info.mid] = message.payload

    def acknowledged(link: PahoLink, client: Any, _userdata: Any, mid: int, *_: Any) -> None:
        payload = client.under_way.pop(mid, None)
        if payload is not None:
            command = commands.decode(payload)
            receipt = receipts.Receipt(id=command.id, outcome="applied")
            told = receipts.Receipts(at=datetime.now(UTC), stream=command.stream, receipts=(receipt,))
            link.on_messages([Incoming(topics.down(command.ward, command.device), receipts.encode(told))])

    PahoLink._send = send  # type: ignore[assignment, method-assign]


SERVER_PLANTS: dict[str, Callable[[Core], None]] = {
    "no-dedupe": no_dedupe,
    "receipt-before-commit": receipt_before_commit,
}
DEVICE_PLANTS: dict[str, Callable[[], None]] = {
    "gaps-accepted": gaps_accepted,
    "puback-is-receipt": puback_is_a_receipt,
}
PLANTS = (*SERVER_PLANTS, *DEVICE_PLANTS)


def plant_in_server(name: str | None, core: Core) -> None:
    """Plant `name`, if it is a bug of the server. Before the server starts to work."""
    if name in SERVER_PLANTS:
        SERVER_PLANTS[name](core)


def plant_in_device(name: str | None) -> None:
    """Plant `name`, if it is a bug of a device. Before the device is made."""
    if name in DEVICE_PLANTS:
        DEVICE_PLANTS[name]()
