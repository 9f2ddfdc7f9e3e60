"""Which devices are alive: heard from their own status messages, forgotten by no one, written down by none.

Kept in memory: after a restart a device is unknown until it speaks, which is the truth.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from wardlink import topics
from wardlink.clock import Clock
from wardlink.errors import MessageUnreadable
from wardlink.link.port import Incoming
from wardlink.messages.status import SILENT_AFTER_S, DeviceStatus, decode

log = structlog.get_logger(__name__)

Listener = Callable[["DeviceSeen"], None]


@dataclass(frozen=True)
class DeviceSeen:
    """What was last heard of a device, and when, by the server's clock.

    A retained message says what was true at some earlier time: it sets `status`, but nobody was heard.
    """

    ward: str
    device: str
    status: DeviceStatus
    heard_at: datetime | None
    heard_s: float | None

    def silent(self, now_s: float) -> bool:
        """Whether the device has said that it ended, was lost, or has said nothing for too long."""
        return not self.status.online or self.heard_s is None or now_s - self.heard_s > SILENT_AFTER_S


class Fleet:
    """The devices of all wards, by what they say of themselves."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, DeviceSeen] = {}
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def hear(self, message: Incoming) -> None:
        """Take in one message of a `status` topic. The server's own status is not a device's."""
        try:
            topic = topics.parse(message.topic)
            if topic.name == topics.SERVER:
                return
            status = decode(message.payload)
        except MessageUnreadable as fault:
            log.warning("fleet.unreadable", fault=str(fault))
            return
        with self._lock:
            before = self._seen.get(topic.name)
            seen = DeviceSeen(
                ward=topic.ward,
                device=topic.name,
                status=status,
                heard_at=self._clock.now(),
                heard_s=self._clock.monotonic_s(),
            )
            if message.retained:
                seen = replace(seen, heard_at=status.at, heard_s=before.heard_s if before else None)
            elif not status.online and before is not None:
                # The last will is the broker's word: keep when the device itself was last heard.
                seen = replace(seen, heard_at=before.heard_at, heard_s=before.heard_s)
            self._seen[topic.name] = seen
            listeners = list(self._listeners)
        for listener in listeners:
            listener(seen)

    def state(self, device: str) -> DeviceSeen | None:
        """What was last heard of this device; None if nothing ever was."""
        return self._seen.get(device)

    def of_ward(self, ward: str) -> list[DeviceSeen]:
        """Every device of the ward that was ever heard, by name."""
        with self._lock:
            return sorted((seen for seen in self._seen.values() if seen.ward == ward), key=lambda seen: seen.device)

    def all(self) -> list[DeviceSeen]:
        """Every device that was ever heard, by name."""
        with self._lock:
            return sorted(self._seen.values(), key=lambda seen: seen.device)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with everything heard, from the link's thread; returns how to end it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
