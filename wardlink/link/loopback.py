"""A broker and its links inside one process: for tests, pictures, and a ward that is only shown.

Retained messages, last wills and topic filters behave as with a real broker; nothing is ever written down.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from wardlink.link.port import Incoming, LinkSettings, ignore_connection, ignore_messages
from wardlink.link.topic_names import check_message, filter_bytes

log = logging.getLogger(__name__)
T = TypeVar("T")


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT topic filter (`+` one level, `#` the rest) covers `topic`."""
    wanted, levels = pattern.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)


class LoopbackBroker:
    """Passes messages between the links that were made with it. `secrets`: who may connect; None lets all in."""

    def __init__(self, secrets: dict[str, str] | None = None) -> None:
        self._secrets = secrets
        self._lock = threading.RLock()
        self._links: list[LoopbackLink] = []
        self._retained: dict[str, bytes] = {}
        self._up = True

    def shut(self) -> None:
        """Fail like a broker that is killed: every link is lost, no will is sent, nothing retained is left."""
        with self._lock:
            self._up = False
            self._retained.clear()
            links, self._links = self._links, []
        for link in links:
            link.lost()

    def open(self) -> None:
        """Come back, empty."""
        with self._lock:
            self._up = True

    def cut(self, client_id: str) -> None:
        """Lose one link without a goodbye: its last will is sent, and it comes back by itself."""
        with self._lock:
            gone = [link for link in self._links if link.settings.client_id == client_id]
            self._links = [link for link in self._links if link not in gone]
        for link in gone:
            link.lost()
            if link.settings.will is not None:
                self.route(Incoming(link.settings.will.topic, link.settings.will.payload), retain=True)

    def knows(self, settings: LinkSettings) -> bool:
        """Whether name and secret are right."""
        if self._secrets is None:
            return True
        secret = None if settings.password is None else settings.password.get_secret_value()
        return settings.username is not None and self._secrets.get(settings.username) == secret

    def enter(self, link: LoopbackLink) -> bool:
        """Take a link in and give it what is retained; False if the broker is down."""
        with self._lock:
            if not self._up:
                return False
            self._links.append(link)
            for pattern in link.topics:
                self.replay(link, pattern)
            return True

    def leave(self, link: LoopbackLink) -> None:
        """A link says goodbye: no will is sent."""
        with self._lock:
            if link in self._links:
                self._links.remove(link)

    def replay(self, link: LoopbackLink, pattern: str) -> None:
        """Give `link` what is retained under `pattern`."""
        with self._lock:
            for topic, payload in self._retained.items():
                if matches(pattern, topic):
                    link.deliver(Incoming(topic, payload, retained=True))

    def route(self, message: Incoming, *, retain: bool) -> None:
        """Pass a message to everyone who hears its topic."""
        with self._lock:
            if retain and message.payload:
                self._retained[message.topic] = message.payload
            elif retain:
                self._retained.pop(message.topic, None)
            for link in self._links:
                if any(matches(pattern, message.topic) for pattern in link.topics):
                    link.deliver(message)


class LoopbackLink:
    """A `Link` to a `LoopbackBroker`. See `wardlink.link.port.Link` for what it promises."""

    def __init__(self, broker: LoopbackBroker, settings: LinkSettings, *, retry_s: float = 0.02) -> None:
        self.on_messages: Callable[[list[Incoming]], None] = ignore_messages
        self.on_connection: Callable[[bool], None] = ignore_connection
        self.settings = settings
        self.topics: dict[str, int] = {}
        self._broker = broker
        self._retry_s = retry_s
        self._arrived: deque[Incoming] = deque()
        self._something = threading.Condition()
        self._inside = False
        self._connected = False
        self._refused = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"loopback {settings.client_id}", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether the broker is there now."""
        return self._connected

    @property
    def refused(self) -> bool:
        """Whether the broker did not accept our name and secret."""
        return self._refused

    def start(self) -> None:
        """Begin to connect, and go on for ever."""
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye, and end."""
        self._broker.leave(self)
        with self._something:
            self._stopping = True
            self._something.notify()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Pass a message on; False if the broker is not there."""
        check_message(topic, payload, qos)
        if not self._connected or self._stopping:
            return False
        self._broker.route(Incoming(topic, bytes(payload)), retain=retain)
        return True

    def subscribe(self, topics: Sequence[str], qos: int = 0) -> None:
        """Hear these topics, now and after every reconnect."""
        for topic in topics:
            filter_bytes(topic)
            self.topics[topic] = qos
            if self._inside:
                self._broker.replay(self, topic)

    def deliver(self, message: Incoming) -> None:
        """The broker has something for us."""
        with self._something:
            self._arrived.append(message)
            self._something.notify()

    def lost(self) -> None:
        """The broker is gone."""
        with self._something:
            self._inside = False
            self._something.notify()

    def _run(self) -> None:
        while not self._stopping:
            # A loss is told before the next connection, however short it was.
            self._follow()
            self._refused = not self._broker.knows(self.settings)
            if not self._refused and not self._inside:
                self._inside = self._broker.enter(self)
            self._follow()
            with self._something:
                if not self._arrived and not self._stopping:
                    self._something.wait(None if self._inside and self._connected else self._retry_s)
                batch = list(self._arrived)
                self._arrived.clear()
            if batch:
                self._tell(self.on_messages, batch)
        if self._connected:
            self._connected = False
            self._tell(self.on_connection, False)

    def _follow(self) -> None:
        if self._inside != self._connected:
            self._connected = self._inside
            self._tell(self.on_connection, self._connected)

    def _tell(self, listener: Callable[[T], None], news: T) -> None:
        try:
            listener(news)
        except Exception:
            log.exception("a listener of the link %s failed", self.settings.client_id)
