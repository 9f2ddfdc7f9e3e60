"""The link over MQTT 3.1.1: paho's protocol engine, driven by one thread of our own.

Our thread alone touches the paho client. Others put messages into a queue and wake it. Every connection
gets a new client: paho would otherwise keep unacknowledged messages and send them again after a reconnect,
behind the back of those who decide what is sent again.
"""

from __future__ import annotations

import logging
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from wardlink.link.backoff import Backoff
from wardlink.link.buffered import BufferedClient
from wardlink.link.connecting import CONNECT_TIMEOUT_S, new_client, open_connection
from wardlink.link.goodbye import GOODBYE_S, say_goodbye
from wardlink.link.port import Incoming, LinkSettings, ignore_connection, ignore_messages
from wardlink.link.topic_names import check_message, filter_bytes, topic_bytes

log = logging.getLogger(__name__)

MAX_QUEUED = 20_000
"""More unsent messages than this and `publish` says no: the connection is a dead end that nobody noticed yet."""

_MISC_EVERY_S = 0.5
_MAX_BATCH = 4_000
_MAX_WRITTEN = 1_000
T = TypeVar("T")

_BAD_CREDENTIALS = {"Bad user name or password", "Not authorized"}


class _Outgoing(NamedTuple):
    topic: str
    payload: bytes
    qos: int
    retain: bool


class PahoLink:
    """A `Link` to a broker. See `wardlink.link.port.Link` for what it promises."""

    def __init__(self, settings: LinkSettings, *, backoff: Backoff | None = None) -> None:
        self.on_messages: Callable[[list[Incoming]], None] = ignore_messages
        self.on_connection: Callable[[bool], None] = ignore_connection
        self._settings = settings
        self._backoff = backoff or Backoff()
        # A broker waits half a keepalive longer; looking too seldom would send our ping too late.
        self._misc_every_s = min(_MISC_EVERY_S, settings.keepalive_s / 4)
        self._topics: dict[str, int] = {}
        self._queue: deque[_Outgoing] = deque()
        self._new_topics: deque[tuple[str, int]] = deque()
        self._awaited: set[int] = set()
        self._batch: list[Incoming] = []
        self._answered = False
        self._accepted = False
        self._connected = False
        self._refused = False
        self._stopping = threading.Event()
        self._woken = False
        self._wake_r, self._wake_w = socket.socketpair()
        self._wake_r.setblocking(False)
        self._wake_w.setblocking(False)
        self._thread = threading.Thread(target=self._run, name=f"link {settings.client_id}", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether the broker is there now and our subscriptions stand."""
        return self._connected

    @property
    def refused(self) -> bool:
        """Whether the broker answers but does not accept our name and secret."""
        return self._refused

    def start(self) -> None:
        """Begin to connect, and go on for ever."""
        self._thread.start()

    def stop(self) -> None:
        """Send what has been published, say goodbye, and end."""
        self._stopping.set()
        self._wake()
        if self._thread.ident is None:
            self._close_wake()
        elif threading.current_thread() is not self._thread:
            self._thread.join(timeout=CONNECT_TIMEOUT_S + GOODBYE_S + 1)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Hand a message to the connection; False if there is none now."""
        check_message(topic, payload, qos)
        if not self._connected or self._stopping.is_set() or len(self._queue) >= MAX_QUEUED:
            return False
        self._queue.append(_Outgoing(topic, payload, qos, retain))
        self._wake()
        return True

    def subscribe(self, topics: Sequence[str], qos: int = 0) -> None:
        """Hear these topics, now and after every reconnect."""
        for topic in topics:
            filter_bytes(topic)
            self._topics[topic] = qos
            self._new_topics.append((topic, qos))
        self._wake()

    def _wake(self) -> None:
        if self._woken:
            return
        self._woken = True
        try:
            self._wake_w.send(b"w")
        except OSError as exc:
            # Full: the thread has a byte to wake up by. Closed: the thread has ended.
            log.debug("not woken: %s", exc)

    def _close_wake(self) -> None:
        self._wake_w.close()
        self._wake_r.close()

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            began_s = time.monotonic()
            self._try()
            # A connection that lasted was a success; one that fell at once is one more failure.
            tries = 0 if time.monotonic() - began_s > self._backoff.most_s else tries + 1
            self._stopping.wait(self._backoff.wait_s(tries))
        self._close_wake()

    def _try(self) -> None:
        """Connect once, and serve the connection until it ends."""
        client: BufferedClient | None = None
        self._answered = self._accepted = False
        self._awaited.clear()
        self._queue.clear()
        self._batch.clear()
        try:
            client = new_client(self._settings)
            client.on_connect = self._on_connect
            client.on_message = self._on_message
            client.on_subscribe = self._on_subscribe
            open_connection(client, self._settings)
            self._serve(client)
        except (OSError, ValueError) as exc:
            log.debug("no connection to %s:%s: %s", self._settings.host, self._settings.port, exc)
        except Exception:
            # Whatever a broker sent that nobody thought of: the next connection begins anew.
            log.exception("the connection of %s failed", self._settings.client_id)
        finally:
            if client is not None and (sock := client.socket()) is not None:
                sock.close()
            # Whoever does not answer does not refuse us either.
            self._refused = self._refused and self._answered
            self._lost()

    def _serve(self, client: BufferedClient) -> None:
        poll = select.poll()
        poll.register(self._wake_r, select.POLLIN)
        while (sock := client.socket()) is not None and not self._stopping.is_set():
            poll.register(sock, select.POLLIN | (select.POLLOUT if client.want_write() else 0))
            self._turn(client, poll)
        if self._stopping.is_set():
            say_goodbye(client, self._write)

    def _turn(self, client: BufferedClient, poll: select.poll) -> None:
        more = client.packet_waits or (self._queue and not client.want_write())
        ready = {descriptor for descriptor, _ in poll.poll(0 if more else self._misc_every_s * 1000)}
        if self._wake_r.fileno() in ready:
            ready.discard(self._wake_r.fileno())
            self._wake_r.recv(4096)
            # Cleared before the queues are looked at: what comes after this wakes us again.
            self._woken = False
        if ready:
            client.fill()
        self._read(client)
        client.loop_misc()
        self._write(client)

    def _read(self, client: BufferedClient) -> None:
        while len(self._batch) < _MAX_BATCH:
            self._batch += client.take_messages(_MAX_BATCH)
            if not client.packet_waits or client.read_packet() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                break
        if self._batch:
            batch, self._batch = self._batch, []
            self._tell(self.on_messages, batch)

    def _tell(self, listener: Callable[[T], None], news: T) -> None:
        try:
            listener(news)
        except Exception:
            # A listener that fails must not take the connection down with it.
            log.exception("a listener of the link %s failed", self._settings.client_id)

    def _write(self, client: BufferedClient) -> bool:
        """Hand on what waits, as far as the kernel takes it; True when nothing is left."""
        while self._accepted and self._new_topics:
            self._subscribe(client, *self._new_topics.popleft())
        client.flush()
        # What the kernel does not take stays in our queue, where `publish` sees how much it is.
        if self._queue and not client.want_write() and client.socket() is not None:
            # Not all at once: we have to read meanwhile.
            for _ in range(min(len(self._queue), _MAX_WRITTEN)):
                self._send(client, self._queue.popleft())
            client.flush()
        return not self._queue and not client.want_write()

    def _send(self, client: BufferedClient, message: _Outgoing) -> None:
        if message.qos == 0:
            client.publish_once(topic_bytes(message.topic), message.payload, retain=message.retain)
        else:
            client.publish(message.topic, message.payload, qos=message.qos, retain=message.retain)

    def _subscribe(self, client: Client, topic: str, qos: int) -> None:
        code, mid = client.subscribe(topic, qos)
        if code == MQTTErrorCode.MQTT_ERR_SUCCESS and mid is not None:
            self._awaited.add(mid)

    def _on_connect(self, client: Client, _userdata: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        self._answered = True
        was_refused, self._refused = self._refused, str(reason) in _BAD_CREDENTIALS
        if reason.is_failure:
            level = logging.DEBUG if was_refused and self._refused else logging.WARNING
            log.log(level, "the broker refuses %s: %s", self._settings.client_id, reason)
            return
        self._accepted = True
        self._new_topics.clear()
        for topic, qos in list(self._topics.items()):
            self._subscribe(client, topic, qos)
        self._maybe_ready()

    def _on_subscribe(self, _client: Client, _userdata: Any, mid: int, reasons: list[ReasonCode], _props: Any) -> None:
        self._awaited.discard(mid)
        for reason in reasons:
            if reason.is_failure:
                log.warning("the broker refuses a subscription of %s: %s", self._settings.client_id, reason)
        self._maybe_ready()

    def _maybe_ready(self) -> None:
        if self._accepted and not self._awaited and not self._connected:
            self._connected = True
            self._tell(self.on_connection, True)

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            self._batch.append(Incoming(message.topic, bytes(message.payload), message.retain))
        except UnicodeDecodeError:
            log.warning("%s got a message whose topic is no text", self._settings.client_id)

    def _lost(self) -> None:
        if self._connected:
            self._connected = False
            self._queue.clear()
            self._tell(self.on_connection, False)
