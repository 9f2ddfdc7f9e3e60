"""Devices, a broker and the fake server, wired together in one process: for the tests of the device half."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pydantic import SecretStr

from tests.device.fake_server import WARD, FakeHttp, FakeServer
from wardlink import topics
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import SystemClock
from wardlink.credential import Credential, DeviceKind
from wardlink.device import Device, link_settings
from wardlink.link.loopback import LoopbackBroker, LoopbackLink
from wardlink.link.port import Incoming, LinkSettings, Will
from wardlink.messages import changes, receipts, status
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals

NURSE = Actor(kind="staff", id="n-lijing")
STAY_1 = "00000000-0000-7000-8000-000000000001"


def credential(device: str = "c1", kind: DeviceKind = "cart", bed: str | None = None) -> Credential:
    """A device of the test ward."""
    return Credential(device=device, kind=kind, name=device, ward=WARD, bed=bed, secret=SecretStr("s"))


def vitals(pulse_per_min: float = 72, **readings: object) -> RecordVitals:
    """A set with at least a pulse."""
    return RecordVitals(readings=VitalSet(pulse_per_min=pulse_per_min, **readings))


class ServerOnLink:
    """Puts a `FakeServer` behind a link: what the real server's ingest and live do. `mute`: commands are not read."""

    def __init__(self, server: FakeServer, broker: LoopbackBroker) -> None:
        self.server = server
        self.mute = False
        self.heard: dict[str, status.DeviceStatus] = {}
        goodbye = status.encode(status.DeviceStatus(online=False))
        will = Will(topics.status(WARD, topics.SERVER), goodbye)
        self.link = LoopbackLink(broker, LinkSettings("", 0, "server", will=will))
        self.link.on_messages = self._hear
        self.link.on_connection = lambda connected: self.beat() if connected else None
        self.link.subscribe([f"{topics.ROOT}/+/up/+", f"{topics.ROOT}/+/status/+"])

    def start(self) -> None:
        """Begin to serve."""
        self.link.start()

    def stop(self) -> None:
        """End, without saying so."""
        self.link.stop()

    def beat(self, *, seq: int | None = None) -> None:
        """Say that the server lives."""
        told = status.DeviceStatus(online=True, at=self.server.at, seq=seq)
        self.link.publish(topics.status(WARD, topics.SERVER), status.encode(told), retain=True)

    def _hear(self, messages: list[Incoming]) -> None:
        by_device: dict[str, list[bytes]] = defaultdict(list)
        for message in messages:
            topic = topics.parse(message.topic)
            if topic.channel == "status":
                self.heard[topic.name] = status.decode(message.payload)
            else:
                by_device[topic.name].append(message.payload)
        if self.mute:
            return
        for device, payloads in by_device.items():
            told, found = self.server.batch(payloads)
            self.link.publish(topics.down(WARD, device), receipts.encode(told))
            if found is not None:
                self.link.publish(topics.changes(WARD), changes.encode(found))


class TestWard:
    """A broker, a server, and devices whose folders outlive them. Use as a context manager."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = LoopbackBroker()
        self.server = FakeServer()
        self.http = FakeHttp(self.server)
        self.served = ServerOnLink(self.server, self.broker)
        self._running: list[Device] = []

    def __enter__(self) -> TestWard:
        self.served.start()
        return self

    def __exit__(self, *_: object) -> None:
        for device in list(self._running):
            self.end(device)
        self.served.stop()

    def device(self, who: Credential | None = None, clock: SystemClock | None = None, *, start: bool = True) -> Device:
        """A device on its own folder, started unless told otherwise."""
        who = who or credential()
        link = LoopbackLink(self.broker, link_settings(who))
        device = Device(self.folder / who.device, who, clock=clock, link=link, http=self.http)
        self._running.append(device)
        if start:
            device.start()
        return device

    def end(self, device: Device) -> None:
        """Stop a device."""
        self._running.remove(device)
        device.stop()
