"""The hospital whose board is measured: one ward of so many beds, others beside it, and the server with its pages.

Every patient of the first ward has a whole set of today, so that every tile has a value in each of its cells.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pydantic import SecretStr

from wardlink import credential
from wardlink.clock import SystemClock
from wardlink.credential import Credential, DeviceKind
from wardlink.messages.base import Actor
from wardlink.process.child import Child
from workbench.bench import hospital
from workbench.bench.brokers import SECRET, RunningBroker
from workbench.bench.hospital import CART, NURSE, OTHER_CART
from workbench.bench.load import Gateway
from workbench.bench.server import BESIDE
from workbench.bench.sides import START_TIMEOUT_S, Ours

KILLED, FROZEN = "t-killed", "t-frozen"
"""Terminals of the first two beds."""

_CALM_AFTER_S, _CALM_WINDOW_S, _CALM_CORES = 150.0, 2.0, 0.1

_WELL = {"temp_c": 36.8, "pulse_per_min": 72, "rr_per_min": 16, "spo2_pct": 98, "sbp_mmhg": 122, "dbp_mmhg": 78}
_OTHER_WARD_BEDS = 15
"""Fewer beds that send oftener are the same load, and the server sooner has everything done that a day begins with."""


def wards(beds: int, sets_per_s: int) -> list[Gateway]:
    """The ward that is looked at, and so many others that each bed of it sends about once a second."""
    others = max(0, round(sets_per_s / beds) - 1)
    return hospital.gateways((beds, *(_OTHER_WARD_BEDS for _other in range(others))))


def accounts(found: Sequence[Gateway]) -> list[str]:
    """The devices that the broker must know."""
    return [CART, OTHER_CART, KILLED, FROZEN, *(gateway.device for gateway in found)]


def make(path: Path, found: Sequence[Gateway]) -> str:
    """The database at `path`; returns the token of the nurse's session."""
    from sqlalchemy import insert

    from server.core import Core
    from server.db import Database
    from server.identity import sessions
    from server.identity.models import Device
    from server.identity.staff import Person
    from server.migrate import upgrade
    from wardlink.clinical.vitals import VitalSet
    from wardlink.messages.vitals import RecordVitals

    path.parent.mkdir(parents=True, exist_ok=True)
    upgrade(f"sqlite:///{path}")
    core = Core(Database(f"sqlite:///{path}"), SystemClock())
    now, first = core.clock.now(), found[0]
    try:
        hospital.make_people(core.db, found)
        fixed = {"kind": "terminal", "ward": first.ward, "enrolled_at": now, "secret_sha256": hospital.SECRET_SHA256}
        fixed |= {"broker_hash": "", "mosquitto_hash": ""}
        terminals = [
            fixed | {"id": name, "name": name, "bed": bed}
            for name, (_stay, bed) in zip((KILLED, FROZEN), first.encounters, strict=False)
        ]
        with core.db.write() as conn:
            conn.execute(insert(Device), terminals)
            person = Person(NURSE, NURSE, "nurse", (first.ward,))
            token = sessions.begin(conn, person, device=None, now=now).token
        body = RecordVitals(readings=VitalSet.model_validate(_WELL), source="manual")
        nurse = Actor(kind="staff", id=NURSE)
        for stay, bed in first.encounters:
            core.execute("vitals.record", body, ward=first.ward, actor=nurse, encounter=stay, bed=bed)
    finally:
        core.db.close()
    hospital.settle(path)
    return token


class Paged(Ours):
    """The server with its pages, and a folder of plain files beside them."""

    def __init__(self, folder: Path, broker: RunningBroker) -> None:
        super().__init__(folder, broker)
        self.beside = folder / "beside"
        self.beside.mkdir(parents=True, exist_ok=True)

    def command(self, commit_delay_ms: float) -> Sequence[str]:
        """How the process is started."""
        return [*super().command(commit_delay_ms), "--pages", "--beside", str(self.beside)]

    def wait_ready(self, child: Child, lines: Sequence[str]) -> None:
        """Return when it hears the broker and answers for its pages."""
        super().wait_ready(child, lines)
        child.wait_ready(self._answers, START_TIMEOUT_S)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/board/sign-in", timeout=2, trust_env=False).status_code == 200
        except httpx2.HTTPError:
            return False

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.http_port}"

    def address(self, name: str) -> str:
        """The address of a plain file."""
        return f"{self.url}{BESIDE}/{name}"

    def cpu_s(self) -> float:
        """The processor time of the server until now."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def calm_down(self) -> None:
        """Wait until it has done what is left of a day: bills, meals, lessons of patients it has never seen."""
        until_s = time.monotonic() + _CALM_AFTER_S
        before_s = self.cpu_s()
        while time.monotonic() < until_s:
            time.sleep(_CALM_WINDOW_S)
            now_s = self.cpu_s()
            if now_s - before_s < _CALM_CORES * _CALM_WINDOW_S:
                return
            before_s = now_s

    def credential(self, name: str, kind: DeviceKind = "cart", bed: str | None = None) -> Credential:
        """Who a device of the first ward is."""
        return Credential(
            device=name,
            kind=kind,
            name=name,
            ward=hospital.gateways((1,))[0].ward,
            bed=bed,
            secret=SecretStr(SECRET),
            broker_port=self.broker.port,
            server_url=self.url,
        )

    def terminal(self, name: str, bed: str) -> Child:
        """A terminal in a process of its own, not yet started."""
        path = self.folder / f"{name}.json"
        credential.write(self.credential(name, "terminal", bed), path)
        command = [sys.executable, "-m", "workbench.bench.connected", str(path), str(self.folder / name)]
        return Child(name, command, log=self.folder / f"{name}.log")


@dataclass(frozen=True)
class Sent:
    """What the monitors have sent while they ran."""

    seconds: float
    sent: int
    receipted: int

    @property
    def per_s(self) -> float:
        """Sets a second; NaN before anything was counted."""
        return self.receipted / self.seconds if self.seconds else float("nan")


class Monitors:
    """Every bed's monitor sends, in a process of its own, inside the block; `per_s` over all of them."""

    def __init__(self, side: Paged, beds_of_ward: Sequence[int], per_s: float) -> None:
        self._lines: list[str] = []
        command = [sys.executable, "-m", "workbench.bench.monitors", "--port", str(side.broker.port)]
        command += ["--beds", ",".join(map(str, beds_of_ward)), "--per-s", str(per_s)]
        log = side.folder / "monitors.log"
        self._child = Child("monitors", command, log=log, on_line=self._lines.append)

    def __enter__(self) -> Monitors:
        self._child.start()
        self._child.wait_ready(lambda: bool(self._lines), START_TIMEOUT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()

    def sent(self) -> Sent:
        """What has been counted until now.

        Raises:
            Unreachable: the load has ended by itself.
        """
        self._child.check()
        counted = [json.loads(line) for line in self._lines[1:]]
        return Sent(*(sum(each[name] for each in counted) for name in ("seconds", "sent", "receipted")))
