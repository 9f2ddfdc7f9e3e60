"""The link over MQTT 3.1.1: paho's protocol engine, driven by one thread of our own.

Our thread alone touches the paho client. Others put messages into a queue and wake it. Every connection
gets a new client: paho would otherwise keep unacknowledged messages and send them again after a reconnect,
behind the back of those who decide what is sent again.
"""

from __future__ import annotations

import logging
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from wardlink.link.backoff import Backoff
from wardlink.link.buffered import BufferedClient
from wardlink.link.port import Incoming, LinkSettings, ignore_connection, ignore_messages

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 3.0
MAX_QUEUED = 20_000
"""More unsent messages than this and `publish` says no: the connection is a dead end that nobody noticed yet."""

_MISC_EVERY_S = 0.5
_MAX_BATCH = 4_000
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
        self._topics: dict[str, int] = {}
        self._queue: deque[_Outgoing] = deque()
        self._new_topics: deque[tuple[str, int]] = deque()
        self._awaited: set[int] = set()
        self._batch: list[Incoming] = []
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
        """Whether the broker did not accept our name and secret the last time."""
        return self._refused

    def start(self) -> None:
        """Begin to connect, and go on for ever."""
        self._thread.start()

    def stop(self) -> None:
        """Send what has been published, say goodbye, and end."""
        self._stopping.set()
        self._wake()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=CONNECT_TIMEOUT_S + 2)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Hand a message to the connection; False if there is none now."""
        if not self._connected or self._stopping.is_set() or len(self._queue) >= MAX_QUEUED:
            return False
        self._queue.append(_Outgoing(topic, payload, qos, retain))
        self._wake()
        return True

    def subscribe(self, topics: Sequence[str], qos: int = 0) -> None:
        """Hear these topics, now and after every reconnect."""
        for topic in topics:
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

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            began_s = time.monotonic()
            try:
                client = self._connect()
            except (OSError, ValueError) as exc:
                log.debug("no connection to %s:%s: %s", self._settings.host, self._settings.port, exc)
            else:
                self._serve(client)
            # A connection that lasted was a success; one that fell at once is one more failure.
            tries = 0 if time.monotonic() - began_s > self._backoff.most_s else tries + 1
            self._stopping.wait(self._backoff.wait_s(tries))
        self._wake_w.close()
        self._wake_r.close()

    def _connect(self) -> BufferedClient:
        s = self._settings
        client = BufferedClient(
            CallbackAPIVersion.VERSION2,
            client_id=s.client_id,
            clean_session=True,
            protocol=MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        # How many may be under way is for the sender of the messages to decide.
        client.max_inflight_messages_set(0)
        if s.username is not None:
            client.username_pw_set(s.username, None if s.password is None else s.password.get_secret_value())
        if s.will is not None:
            client.will_set(s.will.topic, s.will.payload, qos=1, retain=True)
        if s.tls:
            client.tls_set(ca_certs=None if s.ca_file is None else str(s.ca_file), cert_reqs=ssl.CERT_REQUIRED)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        self._accepted = False
        self._awaited.clear()
        self._queue.clear()
        client.connect(s.host, s.port, keepalive=s.keepalive_s)
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        return client

    def _serve(self, client: BufferedClient) -> None:
        poll = select.poll()
        poll.register(self._wake_r, select.POLLIN)
        while (sock := client.socket()) is not None and not self._stopping.is_set():
            poll.register(sock, select.POLLIN | (select.POLLOUT if client.want_write() else 0))
            self._turn(client, poll)
        if self._stopping.is_set():
            self._say_goodbye(client)
        self._lost()

    def _turn(self, client: BufferedClient, poll: select.poll) -> None:
        ready = {descriptor for descriptor, _ in poll.poll(0 if client.unread else _MISC_EVERY_S * 1000)}
        if self._wake_r.fileno() in ready:
            ready.discard(self._wake_r.fileno())
            self._wake_r.recv(4096)
            # Cleared before the queues are looked at: what comes after this wakes us again.
            self._woken = False
        if ready or client.unread:
            self._read(client)
        self._write(client)
        client.loop_misc()

    def _read(self, client: BufferedClient) -> None:
        if not client.unread and not client.fill():
            return
        while client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS:
            if not client.unread or client.socket() is None or len(self._batch) >= _MAX_BATCH:
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

    def _write(self, client: Client) -> None:
        if self._accepted:
            while self._new_topics:
                topic, qos = self._new_topics.popleft()
                self._subscribe(client, topic, qos)
        while self._queue and client.socket() is not None:
            message = self._queue.popleft()
            client.publish(message.topic, message.payload, qos=message.qos, retain=message.retain)
        if client.want_write():
            client.loop_write()

    def _subscribe(self, client: Client, topic: str, qos: int) -> None:
        code, mid = client.subscribe(topic, qos)
        if code == MQTTErrorCode.MQTT_ERR_SUCCESS and mid is not None:
            self._awaited.add(mid)

    def _on_connect(self, client: Client, _userdata: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        self._refused = str(reason) in _BAD_CREDENTIALS
        if reason.is_failure:
            log.warning("the broker refuses %s: %s", self._settings.client_id, reason)
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
        self._batch.append(Incoming(message.topic, bytes(message.payload), message.retain))

    def _lost(self) -> None:
        if self._connected:
            self._connected = False
            self._queue.clear()
            self._tell(self.on_connection, False)

    def _say_goodbye(self, client: BufferedClient) -> None:
        until_s = time.monotonic() + 1.0
        if client.socket() is None:
            return
        self._write(client)
        client.disconnect()
        while client.socket() is not None and client.want_write() and time.monotonic() < until_s:
            client.loop_write()
