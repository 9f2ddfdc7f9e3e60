"""The thread that keeps a device in step: takes in what the link brings, sends what waits, says that we live.

The decisions are `sender`, `receiver` and `clock_sync`; the transactions are `journal`. This file moves the
bytes between them. The link's own thread only queues; nobody waits for the network.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from pydantic import ValidationError

from wardlink import topics
from wardlink.clock import SystemClock
from wardlink.credential import Credential
from wardlink.device.clock_sync import ClockSync
from wardlink.device.journal import Journal, News, Outcome
from wardlink.device.outbox import Outbox
from wardlink.device.sender import Sender
from wardlink.device.server_watch import ServerWatch
from wardlink.device.status import Applied, CallHeard, Connection, DeviceEvent, Settled
from wardlink.errors import MessageUnreadable, StoreFailed
from wardlink.link.port import Incoming, Link
from wardlink.messages import changes, receipts, status
from wardlink.messages.alerts import AlertNotice
from wardlink.messages.calls import CallNotice
from wardlink.messages.commands import faults
from wardlink.messages.receipts import Receipts

log = logging.getLogger(__name__)

TICK_S = 1.0
TIDY_EVERY_S = 3600.0
_AHEAD_SAYS_MISSING_S = 1.0
_CLOCK_STEP_S = 0.1


@dataclass(frozen=True)
class _Arrived:
    messages: list[Incoming]
    at_s: float


class Sync:
    """Owns the link of one device. `missed` is told whenever something has to be fetched over HTTP."""

    def __init__(
        self,
        credential: Credential,
        journal: Journal,
        outbox: Outbox,
        clock: SystemClock,
        *,
        make_link: Callable[[], Link],
        emit: Callable[[DeviceEvent], None],
        missed: Callable[[bool], None],
        keep_offset: Callable[[float], None],
    ) -> None:
        self._who = credential
        self._journal = journal
        self._outbox = outbox
        self._clock = clock
        self._make_link = make_link
        self._emit = emit
        self._missed = missed
        self._keep_offset = keep_offset
        self._link: Link | None = None
        self._queue: deque[_Arrived | bool] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._sender = Sender(cursor=outbox.first_open())
        self._watch = ServerWatch()
        self._offsets = ClockSync()
        self._told: Connection | None = None
        self._begin_again = False
        self._beat_s = float("-inf")
        self._tidied_s = float("-inf")
        self._ahead_s: float | None = None
        self.clock_offset_s: float | None = None
        self.synced_at: datetime | None = None
        self.offline_since: datetime | None = clock.now()
        self._thread = threading.Thread(target=self._run, name=f"sync {credential.device}", daemon=True)

    @property
    def online(self) -> bool:
        """Whether the broker is there."""
        return self._link is not None and self._link.connected

    @property
    def server_alive(self) -> bool:
        """Whether the server was heard within the last seconds."""
        return self.online and self._watch.alive(time.monotonic())

    @property
    def refused(self) -> bool:
        """Whether the broker does not accept this device's credential."""
        return self._link is not None and self._link.refused

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Say that we end, and end."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send something that is not a command, at once; False if the broker is not there."""
        return self._link is not None and self._link.publish(topic, payload, qos=1)

    def begin_again(self) -> None:
        """The replica was replaced, and what was answered may be unsent again: begin at the earliest of it."""
        self._begin_again = True
        self._wake.set()

    def answered(self, at: datetime, asked_s: float, answered_s: float) -> None:
        """The server has answered over HTTP; `at` is its time, and we hold everything up to then."""
        self._watch.heard(answered_s)
        self._learn_time(at, asked_s, answered_s)
        self.synced_at = at
        self._wake.set()

    def _run(self) -> None:
        link = self._make_link()
        link.on_messages = self._hear
        link.on_connection = self._connection
        link.subscribe(self._topics(), qos=0)
        self._link = link
        link.start()
        while not self._stopping.is_set():
            self._wake.wait(self._pause_s())
            self._wake.clear()
            try:
                self._turn()
            except StoreFailed:
                # Nothing was answered or applied, so all of it comes again; the screen shows the outbox as it is.
                log.exception("the disk of %s fails", self._who.device)
                self._stopping.wait(TICK_S)
            except Exception:
                log.exception("the sync of %s failed", self._who.device)
                self._stopping.wait(TICK_S)
        self._say(online=False)
        link.stop()

    def _turn(self) -> None:
        while self._queue:
            item = self._queue.popleft()
            if isinstance(item, bool):
                self._connected(item)
            else:
                self._take_in(item)
        now_s = time.monotonic()
        if self._begin_again:
            self._begin_again = False
            self._sender.begin(self._outbox.first_open())
        self._say_connection()
        self._ask_if_behind(now_s)
        if now_s - self._beat_s >= status.HEARTBEAT_S and self._say(online=True):
            self._beat_s = now_s
        # By the server's time: a clock that is days off would throw away what has just been told.
        if self.clock_offset_s is not None and now_s - self._tidied_s >= TIDY_EVERY_S:
            self._tidied_s = now_s
            self._journal.tidy(self._clock.now())
        self._send()

    def _pause_s(self) -> float:
        if self._queue:
            return 0.0
        now_s = time.monotonic()
        due = [TICK_S, self._beat_s + status.HEARTBEAT_S - now_s if self.online else TICK_S]
        if (resend_s := self._sender.due_s()) is not None:
            due.append(resend_s - now_s)
        return max(0.01, min(due))

    def _topics(self) -> list[str]:
        who = self._who
        heard = [topics.down(who.ward, who.device), topics.status(who.ward, topics.SERVER)]
        if who.kind == "cart":
            heard += [topics.changes(who.ward), topics.alerts(who.ward), topics.calls(who.ward, "+")]
        if who.kind == "terminal" and who.bed is not None:
            heard.append(topics.bed_changes(who.ward, who.bed))
        return heard

    def _hear(self, messages: list[Incoming]) -> None:
        self._queue.append(_Arrived(messages, time.monotonic()))
        self._wake.set()

    def _connection(self, connected: bool) -> None:
        self._queue.append(connected)
        self._wake.set()

    def _connected(self, connected: bool) -> None:
        self._watch.unknown()
        if connected:
            self._sender.server_lost = False
            self._sender.begin(self._outbox.first_open())
            self._beat_s = float("-inf")
            self._missed(False)

    def _take_in(self, arrived: _Arrived) -> None:
        news: list[News] = []
        for message in arrived.messages:
            try:
                found = self._read(message)
            except MessageUnreadable as fault:
                log.warning("unreadable on %s: %s", message.topic, fault)
                self._missed(False)
                continue
            if isinstance(found, status.DeviceStatus):
                self._server_says(found, message.retained, arrived.at_s)
            elif not message.retained:
                # Only a status may be kept by a broker; any other kept message was meant for some other time.
                news.append(found)
        if not news:
            return
        if not all(isinstance(found, CallNotice) for found in news):
            self._watch.heard(arrived.at_s)
        asks = [found for found in news if isinstance(found, Receipts)]
        outcome = self._journal.take_in(news)
        self._time_from(asks, outcome, arrived.at_s)
        self._after(outcome, asks)

    def _read(self, message: Incoming) -> News | status.DeviceStatus:
        match topics.parse(message.topic).channel:
            case "down":
                return receipts.decode(message.payload)
            case "changes" | "bed":
                return changes.decode_range(message.payload)
            case "alerts":
                return _alert_notice(message)
            case "status":
                return status.decode(message.payload)
            case _:
                return _notice(message)

    def _after(self, outcome: Outcome, asks: list[Receipts]) -> None:
        self._sender.settled(found.n for found in outcome.settled)
        now_s = time.monotonic()
        for found in asks:
            if found.expect is not None and found.stream == self._outbox.stream:
                self._sender.expected(found.expect, self._outbox.base, now_s)
        if outcome.taken.reopened:
            self._sender.begin(self._outbox.first_open())
        if outcome.missing or outcome.taken.wants_snapshot:
            self._missed(outcome.taken.wants_snapshot)
        if outcome.synced_at is not None:
            self.synced_at = outcome.synced_at
        if outcome.settled:
            refused = tuple(s.receipt.id for s in outcome.settled if s.receipt.outcome in ("refused", "parked"))
            self._emit(Settled(tuple(s.receipt.id for s in outcome.settled), refused))
        if outcome.taken.kinds:
            self._emit(Applied(frozenset(outcome.taken.kinds), frozenset(outcome.taken.encounters)))
        for notice in outcome.heard:
            self._emit(CallHeard(notice))

    def _server_says(self, found: status.DeviceStatus, retained: bool, now_s: float) -> None:
        was_lost = self._watch.lost
        if not found.online:
            self._watch.gone()
        elif retained:
            self._watch.lost = False
        else:
            self._watch.heard(now_s)
            self._compare(found, now_s)
        self._sender.server(lost=self._watch.lost, first_open=self._outbox.first_open())
        if was_lost and not self._watch.lost:
            self._missed(False)

    def _compare(self, found: status.DeviceStatus, now_s: float) -> None:
        # The server may say how far its log is: whoever stands there misses nothing at that moment.
        if found.seq is None or found.at is None or self._who.kind == "monitor":
            return
        if found.seq > self._journal.position().seq:
            self._ahead_s = self._ahead_s or now_s
        else:
            self._ahead_s = None
            self.synced_at = found.at

    def _ask_if_behind(self, now_s: float) -> None:
        # A change that is under way arrives within a moment; a lost one never does.
        if self._ahead_s is not None and now_s - self._ahead_s >= _AHEAD_SAYS_MISSING_S:
            self._ahead_s = None
            self._missed(False)

    def _time_from(self, asks: list[Receipts], outcome: Outcome, arrived_s: float) -> None:
        # The server read its clock after the last of the commands that one message answers had reached it.
        numbers = {settled.receipt.id: settled.n for settled in outcome.settled}
        for found in asks:
            sent = [self._sender.sent_s(numbers[r.id]) for r in found.receipts if r.id in numbers]
            known = [sent_s for sent_s in sent if sent_s is not None]
            if known:
                self._learn_time(found.at, max(known), arrived_s)

    def _learn_time(self, at: datetime, asked_s: float, answered_s: float) -> None:
        self._offsets.hear(at, asked_s=asked_s, answered_s=answered_s)
        offset_s = self._offsets.offset_s(datetime.now(UTC), time.monotonic())
        if offset_s is None:
            return
        self.clock_offset_s = offset_s
        if abs(offset_s - self._clock.offset_s) > _CLOCK_STEP_S:
            self._clock.offset_s = offset_s
            self._keep_offset(offset_s)

    def _say_connection(self) -> None:
        now = Connection(self.online, self.server_alive)
        if now == self._told:
            return
        self._told = now
        if now.online and now.server_alive:
            self.offline_since = None
        elif self.offline_since is None:
            self.offline_since = self._clock.now()
        self._emit(now)

    def _say(self, *, online: bool) -> bool:
        if self._link is None:
            return False
        told = status.DeviceStatus(
            online=online,
            at=self._clock.now(),
            outbox=self._outbox.depth(),
            refused=self._outbox.trouble(),
            seq=self._journal.position().seq,
            clock_offset_s=self.clock_offset_s,
            version=version("wardlink"),
        )
        topic = topics.status(self._who.ward, self._who.device)
        return self._link.publish(topic, status.encode(told), qos=1, retain=True)

    def _send(self) -> None:
        link = self._link
        if link is None or not link.connected:
            return
        topic = topics.up(self._who.ward, self._who.device)
        now_s = time.monotonic()
        while (room := self._sender.room(now_s)) > 0:
            page = self._outbox.page(self._sender.cursor, room, self._sender.replay_upto)
            for n, payload in page:
                # QoS 1 so that the broker does not lose it lightly; its PUBACK is no receipt and is not looked at.
                if not link.publish(topic, payload, qos=1):
                    return
                self._sender.sent(n, now_s)
                self._outbox.note_sent(n)
            if len(page) < room:
                return


def _alert_notice(message: Incoming) -> AlertNotice:
    try:
        return AlertNotice.model_validate_json(message.payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def _notice(message: Incoming) -> CallNotice:
    try:
        found = CallNotice.model_validate_json(message.payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc
    # The broker lets a terminal speak on its own bed's topic only, so the topic says who calls.
    if found.bed != topics.parse(message.topic).name:
        raise MessageUnreadable(detail=f"a call of bed {found.bed} from the terminal of another bed")
    return found
