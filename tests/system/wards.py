"""A whole ward as processes: a real server, a real broker, and devices of this test beside them.

The server is `wardlink server` with its embedded broker, or with a broker of its own process that stays when
the server is gone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx2
from sqlalchemy import select
from sqlmodel import col

from server.broker.accounts import accounts_of
from server.core import Core
from server.db import Database
from server.migrate import upgrade
from server.models import ChangeRow
from server.patients.models import Ward
from server.projection import beds_concerned
from tests.brokers import BrokerUnderTest, account, broker_called, secret_of
from tests.waiting import wait_until
from wardlink import credential as credentials
from wardlink.clock import SystemClock
from wardlink.credential import Credential
from wardlink.device import Device
from wardlink.messages.base import Actor
from wardlink.messages.changes import Change
from wardlink.messages.encounters import Admit
from wardlink.process.child import Child, free_port
from workbench.ward import Addresses, BuiltWard, DevicePlan, StaffPlan, WardPlan, build

WARD = "w3"
BED, BED_2 = "12", "13"
BADGE, PIN = "N1001", "2580"
NURSE = Actor(kind="staff", id="n-lijing")
NURSE_2 = Actor(kind="staff", id="n-wangfang")
DOCTOR, PHARMACIST = ("D2001", "7531"), ("P3001", "4680")
"""Badge and PIN."""
CARTS = ("c1", "c2")
TERMINAL, MONITOR = "t12", "m12"
START_WITHIN_S = 60.0

PLAN = WardPlan(
    ward=WARD,
    name="3",
    beds=[(BED, BED), (BED_2, BED_2), ("14", "14")],
    staff=[
        StaffPlan("n-lijing", "李静", "nurse", BADGE, PIN),
        StaffPlan("n-wangfang", "王芳", "nurse", "N1002", "1470"),
        StaffPlan("d-zhoutao", "周涛", "doctor", *DOCTOR),
        StaffPlan("p-qian", "钱药师", "pharmacist", *PHARMACIST),
    ],
    devices=[
        *(DevicePlan(cart, "cart", cart.upper()) for cart in CARTS),
        DevicePlan(TERMINAL, "terminal", "T12", BED),
        DevicePlan(MONITOR, "monitor", "M12", BED),
    ],
    patients=[
        Admit(
            admission_no=f"S{bed}",
            mrn=f"S{bed}",
            name=name,
            sex="female",
            birth_on=date(1959, 6, 26),
            id_last4="4827",
            bed=bed,
        )
        for bed, name in ((BED, "王秀英"), (BED_2, "孙梅"))
    ],
)


class RunningWard:
    """One ward. Devices that it gives out are stopped with it."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str | None = None,
        broker: str | None = None,
        plan: WardPlan = PLAN,
    ) -> None:
        self.folder = folder
        self._plan = plan
        self._data = folder / "server"
        self._data.mkdir(parents=True)
        self.url = url or f"sqlite:///{self._data / 'ward.db'}"
        self.http_port = free_port()
        self.broker: BrokerUnderTest | None = None
        upgrade(self.url)
        self.db = Database(self.url)
        if broker is not None:
            (folder / "broker").mkdir()
            self.broker = broker_called(broker, folder / "broker")
        self.broker_port = self.broker.port if self.broker else free_port()
        self.built = self._build()
        self.server = self._server()
        self._devices: dict[str, Device] = {}

    @property
    def address(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def stay(self) -> str:
        """The stay in bed 12."""
        return self.built.stays[BED]

    def credential(self, device: str) -> Path:
        """The credential of a device, as a file."""
        path = self.folder / "credentials" / f"{device}.json"
        if not path.exists():
            credentials.write(self.built.credentials[device], path)
        return path

    def start(self) -> None:
        """Start broker and server, and wait until they work."""
        if self.broker is not None:
            self.broker.start()
        self.start_server()

    def start_server(self) -> None:
        """Start the server, anew if it was stopped or killed."""
        self.server.start()
        self.server.wait_ready(self._ready, START_WITHIN_S)

    def device(self, name: str, *, start: bool = True) -> Device:
        """The device `name` on its own folder; the one that runs already, if it does."""
        if name not in self._devices:
            self._devices[name] = Device(self.folder / "devices" / name, self.built.credentials[name])
            if start:
                self._devices[name].start()
        return self._devices[name]

    def end(self, name: str) -> None:
        """Stop a device; its folder stays."""
        self._devices.pop(name).stop()

    def stop(self) -> None:
        """End everything."""
        for name in list(self._devices):
            self.end(name)
        self.server.stop()
        if self.broker is not None:
            self.broker.stop()
        self.db.close()

    def changes(self, kind: str | None = None) -> list[Change]:
        """What stands in the server's log, as a device would be told it."""
        with self.db.read() as conn:
            query = select(ChangeRow.__table__).where(col(ChangeRow.ward) == WARD)  # type: ignore[attr-defined]
            rows = conn.execute(query.order_by(col(ChangeRow.seq))).all()
        return [_change(row) for row in rows if kind in (None, row.kind)]

    def in_step(self, *devices: Device, timeout_s: float = 30.0) -> None:
        """Wait until these devices have sent everything and know everything."""

        def agreed() -> bool:
            if any(device.outbox.depth() for device in devices):
                return False
            return all(d.replica.seq >= self._head(d.credential) for d in devices if d.credential.kind != "monitor")

        wait_until(agreed, "all devices in step with the server", timeout_s=timeout_s, every_s=0.05)

    def _head(self, who: Credential) -> int:
        """The last change that this device hears of: a terminal is told nothing of what is not about its bed."""
        query = select(ChangeRow.__table__).where(col(ChangeRow.ward) == WARD)  # type: ignore[attr-defined]
        with self.db.read() as conn:
            if who.kind != "terminal":
                return conn.execute(select(col(Ward.seq)).where(col(Ward.id) == WARD)).scalar_one()
            rows = conn.execute(query.order_by(col(ChangeRow.seq).desc()).limit(200))
            return next((row.seq for row in rows if who.bed in beds_concerned(row._mapping)), 0)

    def _build(self) -> BuiltWard:
        core = Core(self.db, SystemClock())
        built = build(core, self._plan, Addresses("127.0.0.1", self.broker_port, self.address))
        if self.broker is not None:
            with self.db.read() as conn:
                # The last one is nobody's: the broker under test is asked in its name whether it is there.
                self.broker.accounts[:] = [*accounts_of(conn), account("nobody", "cart", "w9")]
        return built

    def _server(self) -> Child:
        settings = {
            "WARDLINK_DATA_DIR": str(self._data),
            "WARDLINK_DATABASE_URL": self.url,
            "WARDLINK_PORT": str(self.http_port),
            "WARDLINK_BROKER_PORT": str(self.broker_port),
            "WARDLINK_PAGES": "false",
        }
        if self.broker is not None:
            settings |= {"WARDLINK_BROKER": "external"}
            settings |= {"WARDLINK_BROKER_PASSWORD": secret_of("server").get_secret_value()}
        command = [sys.executable, "-m", "commands", "server"]
        root = str(Path(__file__).parents[2])
        paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        return Child("server", command, log=self.folder / "server.log", environment=settings | {"PYTHONPATH": paths})

    def _ready(self) -> bool:
        try:
            return httpx2.get(f"{self.address}/health/ready", timeout=2, trust_env=False).status_code == 200
        except httpx2.HTTPError:
            return False


@contextmanager
def running(folder: Path, *, url: str | None = None, broker: str | None = None) -> Iterator[RunningWard]:
    """A ward that runs for the block."""
    ward = RunningWard(folder, url=url, broker=broker)
    try:
        ward.start()
        yield ward
    finally:
        ward.stop()


def _change(row: object) -> Change:
    import orjson

    fields = {name: getattr(row, name) for name in Change.model_fields if name != "body"}
    return Change(**fields, body=orjson.loads(row.body))  # type: ignore[attr-defined]


def values_of(change: Change, names: Sequence[str]) -> tuple[float | None, ...]:
    """Readings of a recorded set, in the order of `names`."""
    return tuple(change.body["readings"].get(name) for name in names)
