"""A server's core and two carts in one process, in step only when they are told to be, on one clock that is moved.

The server is the real one on SQLite; a cart is its real store, outbox, journal, replica, sender and repairer. Between
them lie lists of what is on the wire, and questions over HTTP that are answered by what answers them in the server.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from server.changes import MAX_RANGE, read_range, render_range
from server.core import Core
from server.db import Database
from server.live import Live
from server.migrate import upgrade
from server.orders.clock import OrderClock
from server.snapshot import render_snapshot
from tests.server.conftest import MEMORY
from tests.server.wards import SmallWard, as_incoming
from wardlink import topics
from wardlink.clock import FixedClock
from wardlink.codes.cards import ShownCard
from wardlink.device.entries import Entry
from wardlink.device.http import CardFound, SignInAnswer
from wardlink.device.intake import Intake
from wardlink.device.journal import Journal, News
from wardlink.device.outbox import Outbox
from wardlink.device.repair import Repairer
from wardlink.device.replica import Replica
from wardlink.device.sender import Sender
from wardlink.device.store import Store
from wardlink.errors import Unreachable
from wardlink.messages import changes, receipts
from wardlink.messages.base import Actor, Message
from wardlink.messages.changes import ChangeRange, Snapshot
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.receipts import Receipts

WARD = "w1"
CARTS = ("c1", "c2")
LOOKS_EVERY_H = 1

Wire = list[Any]
Trouble = Callable[[Wire], None]


@cache
def _template() -> Path:
    path = Path(mkdtemp(dir=MEMORY, prefix="wardlink-shift-")) / "ward.db"
    upgrade(f"sqlite:///{path}")
    return path


def forget_template() -> None:
    """Take the empty database off the disk that every ward of these tests is a copy of."""
    if _template.cache_info().currsize:
        shutil.rmtree(_template().parent, ignore_errors=True)
        _template.cache_clear()


class ShiftServer:
    """The core, which can be killed and started anew; what it says is put on the wires of the carts."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{shutil.copy(_template(), folder / 'ward.db')}"
        self.ward = SmallWard(Database(self._url))
        self.up = True
        self.heard: dict[str, Wire] = {cart: [] for cart in CARTS}
        self.decided: list[tuple[str, str]] = []
        """Commands of carts with what was first answered to each, in the order in which they were applied."""
        self.on_decided: Callable[[str, str], None] = lambda command, outcome: None
        self.on_look: Callable[[], None] = lambda: None
        self._answered: set[str] = set()
        self._listen()

    @property
    def core(self) -> Core:
        """The core that runs now."""
        return self.ward.core

    @property
    def clock(self) -> FixedClock:
        """The clock of the whole ward."""
        return self.ward.clock

    def start_anew(self) -> None:
        """The process is killed and started: what it had in memory is gone."""
        self.ward.db.close()
        self.ward.db = Database(self._url)
        self.ward.core = Core(self.ward.db, self.clock)
        self._listen()

    def take(self, messages: list[bytes], cart: str) -> None:
        """Let the ingest take these messages of a cart as one batch; what it answers goes on the wires."""
        if self.up and messages:
            self.core.ingest.process([as_incoming(m)._replace(topic=topics.up(WARD, cart)) for m in messages])
            self._tell()

    def execute(self, kind: str, body: Message, **envelope: Any) -> Any:
        """What somebody does at the server itself."""
        done = self.core.execute(kind, body, **envelope)
        self._tell()
        return done

    def look(self) -> None:
        """Its own clock looks at the orders."""
        if self.up:
            self._orders.look()
            self._tell()
            self.on_look()

    def range(self, after: int, limit: int) -> ChangeRange:
        """What an answer of the changes endpoint says."""
        with self.ward.db.read() as conn:
            found = read_range(conn, WARD, after, limit=limit)
        return changes.decode_range(render_range(found, self.clock.now()))

    def snapshot(self) -> Snapshot:
        """What an answer of the snapshot endpoint says."""
        with self.ward.db.read() as conn:
            return changes.decode_snapshot(render_snapshot(conn, WARD, self.clock.now()))

    def close(self) -> None:
        """Let go of the database."""
        self.ward.db.close()

    def _listen(self) -> None:
        self.ward.core.ingest.send = self._say
        self._renew_live()
        self._orders = OrderClock(self.ward.core)

    def _renew_live(self) -> None:
        self.core.live = self.core.ingest.live = Live(self._say, self.core.terminal_beds)

    def _tell(self) -> None:
        # A thread of its own tells what was committed; here it is waited for, so that a run can be played again.
        live = self.core.live
        live.start()
        live.stop()
        self._renew_live()

    def _say(self, messages: Any) -> None:
        for topic, payload in messages:
            where = topics.parse(topic)
            if where.channel == "down":
                told = receipts.decode(payload)
                self._note(told)
                self.heard[where.name].append(told)
            elif where.channel == "changes" and where.ward == WARD:
                for wire in self.heard.values():
                    wire.append(changes.decode_range(payload))

    def _note(self, told: Receipts) -> None:
        for receipt in told.receipts:
            if receipt.id not in self._answered:
                self._answered.add(receipt.id)
                self.decided.append((receipt.id, receipt.outcome))
                self.on_decided(receipt.id, receipt.outcome)


class ShiftHttp:
    """`WardHttp` to the server in the same process; unreachable while `cart` or server are."""

    def __init__(self, server: ShiftServer, cart: ShiftCart) -> None:
        self._server = server
        self._cart = cart

    def _reach(self) -> ShiftServer:
        if not (self._server.up and self._cart.http):
            raise Unreachable
        return self._server

    def changes(self, after: int, limit: int | None = None) -> ChangeRange:
        """What has changed since `after`."""
        return self._reach().range(after, MAX_RANGE if limit is None else limit)

    def snapshot(self) -> Snapshot:
        """Everything, anew."""
        return self._reach().snapshot()

    def time(self) -> datetime:
        """The server's time."""
        return self._reach().clock.now()

    def sign_in(self, badge: str, pin: str) -> SignInAnswer:
        """Nobody signs in here."""
        raise Unreachable

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """A cart is no bedside."""
        raise Unreachable

    def find_by_card(self, card: ShownCard, staff: str) -> CardFound:
        """Nobody shows a card here."""
        raise Unreachable

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """A cart is no bedside."""
        raise Unreachable

    def act_as(self, consent: str | None) -> None:
        """Nobody asks who sits in front of it."""

    def close(self) -> None:
        """Nothing to let go of."""


class ShiftCart:
    """One cart. `mqtt` and `http`: whether it is reached that way; `up`: what it has sent and nobody has read."""

    def __init__(self, name: str, folder: Path, server: ShiftServer) -> None:
        self.name = name
        self.mqtt = self.http = True
        self.up: list[bytes] = []
        self._folder = folder / name
        self._server = server
        self._missing = self._wants_snapshot = False
        self.open()

    def open(self) -> None:
        """The program starts on what lies on the disk."""
        self.store = Store(self._folder)
        self.outbox = Outbox(self.store, ward=WARD, device=self.name)
        self.journal = Journal(self.store, self.outbox, Intake(ward=WARD, bed=None))
        self.replica = Replica(self.store)
        self.sender = Sender(cursor=self.outbox.first_open())
        self._repairer = Repairer(
            self.journal,
            ShiftHttp(self._server, self),
            self._server.clock,
            emit=lambda event: None,
            answered=lambda at, asked_s, answered_s: None,
            unsent_again=lambda: self.sender.begin(self.outbox.first_open()),
            name=self.name,
        )

    def kill(self) -> None:
        """The power goes; what was on the wire goes with it."""
        self.store.close()
        self.up.clear()
        self._wire.clear()
        self.open()
        self._missing = True

    def close(self) -> None:
        """Let go of the disk."""
        self.store.close()

    @property
    def _wire(self) -> Wire:
        return self._server.heard[self.name]

    def record(self, kind: str, body: Message, actor: Actor, encounter: str | None, bed: str | None) -> Command:
        """A nurse saves something; it is on the disk when this returns."""
        entry = Entry(kind, body, actor, encounter=encounter, bed=bed)
        [command] = self.journal.record([entry], self._server.clock.now())
        return command

    def reach(self, *, mqtt: bool, http: bool) -> None:
        """The network comes or goes, by each of the two ways."""
        if mqtt != self.mqtt:
            self.up.clear()
            self._wire.clear()
            self.sender.begin(self.outbox.first_open())
            self._missing = True
        self.mqtt, self.http = mqtt, http

    def exchange(self, up: Trouble, down: Trouble, *, at_once: int) -> None:
        """Send what waits, let the server take it in batches of `at_once`, hear what it says, ask for what is missing.

        `up` and `down` spoil what is on the wire.
        """
        if self.mqtt:
            self._send()
            up(self.up)
            batch, self.up = self.up, []
            for start in range(0, len(batch), at_once):
                self._server.take(batch[start : start + at_once], self.name)
        self.hear(down)
        if self._missing or self._wants_snapshot:
            self.repair(snapshot=self._wants_snapshot)

    def hear(self, down: Trouble) -> None:
        """Take in what the server has told; without MQTT it is lost."""
        if not self.mqtt:
            self._wire.clear()
        down(self._wire)
        news, self._wire[:] = list(self._wire), []
        while news:
            batch, news = news[:3], news[3:]
            self._take_in(batch)

    def repair(self, *, snapshot: bool = False) -> None:
        """Ask over HTTP; what cannot be asked now is asked later."""
        try:
            self._repairer.ask(snapshot)
            self._repairer.repair()
            self._missing = self._wants_snapshot = False
        except Unreachable:
            self._missing = True

    def _send(self) -> None:
        now_s = self._server.clock.monotonic_s()
        while (room := self.sender.room(now_s)) > 0:
            page = self.outbox.page(self.sender.cursor, room, self.sender.replay_upto)
            for n, payload in page:
                self.up.append(payload)
                self.sender.sent(n, now_s)
            if len(page) < room:
                return

    def _take_in(self, batch: list[News]) -> None:
        outcome = self.journal.take_in(batch)
        self.sender.settled(found.n for found in outcome.settled)
        now_s = self._server.clock.monotonic_s()
        for found in batch:
            if isinstance(found, Receipts) and found.expect is not None and found.stream == self.outbox.stream:
                self.sender.expected(found.expect, self.outbox.base, now_s)
        if outcome.taken.reopened:
            self.sender.begin(self.outbox.first_open())
        self._missing |= outcome.missing
        self._wants_snapshot |= outcome.taken.wants_snapshot


class ShiftWard:
    """The whole: a server, two carts, one clock."""

    def __init__(self) -> None:
        self._scratch = TemporaryDirectory(dir=MEMORY)
        folder = Path(self._scratch.name)
        self.server = ShiftServer(folder)
        self.carts = {name: ShiftCart(name, folder, self.server) for name in CARTS}

    @property
    def now(self) -> datetime:
        """The time everywhere."""
        return self.server.clock.now()

    def pass_hours(self, hours: float) -> None:
        """Let time pass; the server's own clock looks every hour while it is up."""
        end = self.now + timedelta(hours=hours)
        while self.now < end:
            step = min(timedelta(hours=LOOKS_EVERY_H), end - self.now)
            self.server.clock.advance(step.total_seconds())
            self.server.look()

    def settle(self) -> None:
        """The network is back for good: whatever it takes until nothing waits any more."""
        self.server.up = True
        for cart in self.carts.values():
            cart.reach(mqtt=True, http=True)
        for _ in range(40):
            self.server.clock.advance(20)
            for cart in self.carts.values():
                cart.repair()
                cart.exchange(clean, clean, at_once=1000)
            if not any(self._waits(cart) for cart in self.carts.values()):
                break
        for cart in self.carts.values():
            cart.exchange(clean, clean, at_once=1000)
            cart.repair()
            cart.journal.tidy(self.now)

    def fresh(self) -> ShiftCart:
        """A third cart that has just taken its first copy."""
        self.server.heard["c3"] = []
        cart = ShiftCart("c3", Path(self._scratch.name), self.server)
        cart.repair()
        return cart

    def close(self) -> None:
        """Let go of everything."""
        for cart in self.carts.values():
            cart.close()
        self.server.close()
        self._scratch.cleanup()

    @staticmethod
    def _waits(cart: ShiftCart) -> bool:
        replays = cart.sender.cursor <= cart.sender.replay_upto
        return bool(cart.outbox.depth() or cart.sender.in_flight or cart.up or replays)


def clean(wire: Wire) -> None:
    """Nothing happens on the way."""
