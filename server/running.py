"""Everything of the server that runs: broker, link, core. Started and stopped in the order that loses nothing."""

from __future__ import annotations

import gc
import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select
from sqlmodel import col

from server.alerts.engine import AlertEngine
from server.broker.accounts import Account, accounts_of
from server.broker.embedded import EmbeddedBroker
from server.care_team.round import CareTeamRound
from server.config import Settings
from server.core import Core
from server.device_watch import DeviceWatch
from server.guides.round import GuideRound
from server.house.acts import House
from server.house.file import HouseFile
from server.house.kinds import ESCALATION, PRICES, SCHEDULES
from server.house.shelf import Shelf
from server.identity.devices import Addresses
from server.insurance.service import Insurance
from server.lessons.round import LessonRound
from server.meals.round import MealRound
from server.money.prices import PriceList
from server.money.round import ChargeRound
from server.orders.clock import OrderClock
from server.ownership import Ownership
from server.patients.models import Ward
from server.payments.service import Payments
from server.payments.watch import PayWatch
from server.reconcile.clock import ReconcileClock
from server.reconcile.service import Reconciliation
from wardlink import topics
from wardlink.link.port import Link, LinkSettings, Will, client_id
from wardlink.messages import status

log = structlog.get_logger(__name__)

ADDRESSES = "addresses.json"
"""The file in the data folder in which a server says where devices find it."""


def calm_collector() -> None:
    """Let Python look for circular garbage less often.

    The objects of a batch live until its commit and form no circles. By default they would make the collector go
    through the whole program several times a batch, and find nothing.
    """
    gc.freeze()
    gc.set_threshold(25_000, 20, 20)


class Running:
    """The parts beside the routes. `start` waits for the embedded broker, never for an external one."""

    def __init__(
        self,
        settings: Settings,
        core: Core,
        payments: Payments,
        reconciliation: Reconciliation,
        insurance: Insurance,
    ) -> None:
        self._settings = settings
        self._core = core
        self.broker: EmbeddedBroker | None = None
        self._ownership = Ownership(core.db)
        self._watch = DeviceWatch(core)
        self._orders = OrderClock(core)
        self._alerts = AlertEngine(core)
        self._price_list = HouseFile(PRICES, settings.price_list, Shelf(core, PRICES.name))
        self.prices()
        self._charges = ChargeRound(core, self.prices)
        self.meals = MealRound(core, settings.menu, insurance.expected_fen)
        self.guides = GuideRound(core, settings.guides)
        self.lessons = LessonRound(core, settings.lessons)
        files: list[HouseFile[Any]] = [self.meals.file, self._price_list, insurance.rules]
        files += [HouseFile(kind, None, Shelf(core, kind.name)) for kind in (ESCALATION, SCHEDULES)]
        files += [self.guides.file, self.lessons.file]
        self.house = House(core, {file.kind.name: file for file in files})
        self._teams = CareTeamRound(core)
        self._channels = payments
        self._payments = PayWatch(payments)
        self._reconcile = ReconcileClock(reconciliation)

    def prices(self) -> PriceList:
        """The price list that holds now. Reads the database."""
        return self._price_list.must_look()

    def start(self) -> None:
        """Start broker, link and core, and write down where they are.

        Raises:
            BrokerUnavailable: the embedded broker cannot be started; nothing runs then.
            Collision: another server works on this database.
        """
        self._ownership.take()
        try:
            self._start()
        except BaseException:
            if self.broker is not None:
                self.broker.stop()
            self._ownership.release()
            raise

    def _start(self) -> None:
        s = self._settings
        if s.broker == "embedded":
            self.broker = EmbeddedBroker(
                s.data_dir / "broker",
                host=s.broker_host,
                port=s.broker_port,
                accounts=self._accounts,
                binary=s.nats_server,
            )
            self.broker.start()
            self._core.on_devices_changed.append(self.broker.reload)
        calm_collector()
        self._core.start(self._link())
        self._watch.start()
        self._orders.start()
        self._alerts.start()
        self._charges.start()
        self.meals.start()
        self.guides.start()
        self.lessons.start()
        self._teams.start()
        self._payments.start()
        self._reconcile.start()
        write_addresses(s.data_dir, self.addresses())

    def stop(self) -> None:
        """Finish what is at hand, say goodbye, then end the broker."""
        self._reconcile.stop()
        self._payments.stop()
        self.lessons.stop()
        self._teams.stop()
        self.guides.stop()
        self.meals.stop()
        self._charges.stop()
        self._alerts.stop()
        self._orders.stop()
        self._watch.stop()
        try:
            self._core.stop()
        finally:
            self._channels.shut()
            self._ownership.release()
            if self.broker is not None:
                self.broker.stop()

    def addresses(self) -> Addresses:
        """Where devices find this server and its broker."""
        s = self._settings
        return Addresses(
            broker_host=_reachable(s.broker_host, s.public_url),
            broker_port=self.broker.port if self.broker is not None else s.broker_port,
            server_url=s.public_url or f"http://{_reachable(s.host, None)}:{s.port}",
            broker_tls=s.broker_tls,
        )

    def _accounts(self) -> Sequence[Account]:
        with self._core.db.read() as conn:
            return accounts_of(conn)

    def _link(self) -> Link:
        from wardlink.link.paho_link import PahoLink

        s = self._settings
        name, password, port = s.broker_username, s.broker_password, s.broker_port
        if self.broker is not None:
            name, password, port = topics.SERVER, self.broker.password, self.broker.port
        return PahoLink(
            LinkSettings(
                host=_near(s.broker_host),
                port=port,
                client_id=client_id(name, password),
                username=name,
                password=password,
                will=self._will(),
                tls=s.broker_tls,
            )
        )

    def _will(self) -> Will | None:
        # MQTT allows one will a connection, and it tells one ward; the others notice the silence within seconds.
        with self._core.db.read() as conn:
            ward = conn.execute(select(col(Ward.id)).order_by(col(Ward.id)).limit(1)).scalar()
        if ward is None:
            return None
        return Will(topics.status(ward, topics.SERVER), status.encode(status.DeviceStatus(online=False)))


def _near(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _reachable(host: str, public_url: str | None) -> str:
    """A host name for devices: an address that means "every interface" is one for nobody."""
    if host not in ("0.0.0.0", "::"):
        return host
    return (public_url and urlsplit(public_url).hostname) or socket.gethostname()


def write_addresses(folder: Path, addresses: Addresses) -> None:
    """Leave a note of where this server is, for `wardlink device enrol`."""
    path = folder / ADDRESSES
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(addresses.__dict__, indent=1))
    os.replace(draft, path)


def read_addresses(folder: Path) -> Addresses:
    """Where the server of this data folder was when it last started; the defaults if it never did."""
    try:
        return Addresses(**json.loads((folder / ADDRESSES).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return Addresses()
