"""One demo from start to end: prepares, starts, shows where everything is, looks after it, checks it, stops it."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlencode

from wardlink.clock import SystemClock
from wardlink.i18n import domain
from workbench.demo import health
from workbench.demo.folder import Card, DemoFolder
from workbench.demo.health import Books, Check
from workbench.demo.plan import CASHES, MANAGES, SIGNS_IN, SampleWard, sample_ward
from workbench.demo.ports import Ports, choose
from workbench.demo.prepare import prepare
from workbench.demo.processes import Crew, crew
from workbench.demo.relatives import NAME as RELATIVE
from workbench.demo.relatives import PIN as RELATIVE_PIN

_ = domain("commands").gettext

START_TIMEOUT_S = 60.0
LOOK_EVERY_S = 0.25
GROWS_WITHIN_S = 20.0
"""How long after the end of a timed run a monitor that is late may still be heard."""


@dataclass(frozen=True)
class Order:
    """What is asked of a demo. `seconds` None: until it is ended."""

    folder: Path
    host: str = "127.0.0.1"
    port_base: int | None = None
    seconds: float | None = None
    simulate: bool = True
    fresh: bool = False


@dataclass(frozen=True)
class Login:
    """One way in: what it opens, where, and what is typed there."""

    what: str
    address: str
    typed: str


class Demo:
    """A demo. Use as a context manager: on leaving, every process is ended and the folder given back.

    `report` hears how far the start is, `say` what has happened.

    Raises:
        Unreachable: a port is busy, or a process does not get ready.
        Collision: another demo runs in the folder.
        Misconfigured: the folder holds something else.
    """

    def __init__(self, order: Order, report: Callable[[str], None], say: Callable[[str], None]) -> None:
        self.order = order
        self._report = report
        self._say = say
        self.sample: SampleWard = sample_ward()
        self.ports: Ports = choose(order.host, order.port_base)
        self._folder = DemoFolder(order.folder, fresh=order.fresh)
        self.is_new = self._folder.is_new
        self._card: Card = self._folder.card(SystemClock().now())
        self._crew: Crew | None = None

    def __enter__(self) -> Demo:
        return self

    def __exit__(self, *_: object) -> None:
        if self._crew is not None:
            self._crew.stop()
        self._folder.close()

    @property
    def path(self) -> Path:
        """Where it keeps its data."""
        return self._folder.path

    @property
    def page(self) -> str:
        """The address of the server and of the manager's page."""
        return f"http://{self.order.host}:{self.ports.page}"

    @property
    def cart(self) -> str:
        """The address of the cart's screen, with its key."""
        return self._screen(self.ports.cart, self._card.cart_token)

    @property
    def bedside(self) -> str:
        """The address of the bedside screen, with its key."""
        return self._screen(self.ports.bedside, self._card.bedside_token)

    @property
    def gateway(self) -> str:
        """The address of the payment gateway."""
        return f"http://{self.order.host}:{self.ports.gateway}"

    def moved_ports(self) -> list[tuple[int, int]]:
        """Usual ports that were busy, each with the one that is used instead."""
        if self.order.port_base is not None:
            return []
        pairs = zip(astuple(Ports()), astuple(self.ports), strict=True)
        return [(usual, found) for usual, found in pairs if usual != found]

    def logins(self) -> list[Login]:
        """Every way in."""
        manager, nurse, cashier = (self.sample.member(who) for who in (MANAGES, SIGNS_IN, CASHES))
        patient = self.sample.patient_in(self.sample.human_bed).admission
        badge = _("{name}: badge {badge}, PIN {pin}")
        return [
            Login(_("Manager's page"), f"{self.page}/", badge.format(**manager.__dict__)),
            Login(_("Cashier's page"), f"{self.page}/board/cashier", badge.format(**cashier.__dict__)),
            Login(_("Cart C2"), self.cart, badge.format(**nurse.__dict__)),
            Login(
                _("Bedside terminal, bed {bed}").format(bed=self.sample.human_bed),
                self.bedside,
                _("{name}: admission number {number}, last four of the ID number {last4}").format(
                    name=patient.name, number=patient.admission_no, last4=patient.id_last4
                ),
            ),
            Login(
                _("The same terminal, as family"),
                self.bedside,
                _("{name}: “I am family”, daughter, PIN {pin}").format(name=RELATIVE, pin=RELATIVE_PIN),
            ),
        ]

    def start(self) -> None:
        """Start everything, and return when it is ready.

        Raises:
            Unreachable: a process ended or did not get ready; names its log.
        """
        self._report(_("Setting up the sample ward ...") if self.is_new else _("Opening the ward of last time ..."))
        cast = prepare(self._folder, self._card, self.sample, self.order.host, self.ports)
        self._crew = running = crew(
            self._folder, self._card, self.sample, self.order.host, self.ports, cast if self.order.simulate else None
        )
        self._report(_("Starting server, broker and screens ..."))
        running.start()
        host = self.order.host
        running.gateway.wait_ready(lambda: _answers(host, self.ports.gateway, "/health"), START_TIMEOUT_S)
        running.server.wait_ready(lambda: _answers(host, self.ports.page, "/health/ready"), START_TIMEOUT_S)
        self._report(_("Server and broker are ready. Waiting for the screens ..."))
        running.cart.wait_ready(lambda: _answers(host, self.ports.cart, _key(self._card.cart_token)), START_TIMEOUT_S)
        running.bedside.wait_ready(
            lambda: _answers(host, self.ports.bedside, _key(self._card.bedside_token)), START_TIMEOUT_S
        )
        if running.simulation is not None:
            running.simulation.wait_ready(self._history_is_in, START_TIMEOUT_S)

    def run(self) -> list[Check]:
        """Look after it until it is ended, or for the seconds that were asked; then say how it was.

        Without seconds this ends only with the exception of whoever ends it.
        """
        running = self._running()
        books = Books(f"sqlite:///{self._folder.server / 'ward.db'}", self.sample.ward)
        try:
            before = books.sets_by_monitor()
            until_s = float("inf") if self.order.seconds is None else time.monotonic() + self.order.seconds
            while time.monotonic() < until_s:
                time.sleep(min(LOOK_EVERY_S, max(0.0, until_s - time.monotonic())))
                running.look_after(
                    lambda name: self._say(_("{name} ended by itself; it is started again.").format(name=name))
                )
            return self._checks(books, before)
        finally:
            books.close()

    def _checks(self, books: Books, before: dict[str, int]) -> list[Check]:
        running, cashier = self._running(), self.sample.member(CASHES)
        found = [
            health.answers(_("The server"), f"{self.page}/health/ready"),
            health.answers(_("The manager's page"), f"{self.page}/"),
            health.answers(_("The cart's screen"), self.cart),
            health.answers(_("The bedside screen"), self.bedside),
            health.answers(_("The payment gateway"), f"{self.gateway}/health"),
            health.channel(self.page, cashier.badge, cashier.pin),
        ]
        if running.simulation is not None:
            until_s = time.monotonic() + GROWS_WITHIN_S
            while not (monitors := health.grown(before, books.sets_by_monitor())).is_well:
                if time.monotonic() > until_s:
                    break
                time.sleep(LOOK_EVERY_S)
            found.append(monitors)
            refused = running.told.refused
            found.append(Check(_("Commands that were refused: {count}.").format(count=refused), refused == 0))
        found += books.checks()
        restarts = sum(running.restarts.values())
        found.append(Check(_("Processes that ended by themselves: {count}.").format(count=restarts), restarts == 0))
        return found

    def _history_is_in(self) -> bool:
        told = self._running().told
        if told.unanswered >= 0:
            words = _("The ward's history goes in: {done} of {total} sets.")
            self._report(words.format(done=told.recorded - told.unanswered, total=told.recorded))
        return told.online and 0 <= told.unanswered <= len(self.sample.patients)

    def _running(self) -> Crew:
        if self._crew is None:
            raise RuntimeError("the demo has not been started")
        return self._crew

    def _screen(self, port: int, token: str) -> str:
        return f"http://{self.order.host}:{port}{_key(token)}"


def _key(token: str) -> str:
    return f"/?{urlencode({'token': token})}"


def _answers(host: str, port: int, path: str) -> bool:
    # Asked many times while everything starts: an HTTP client of the larger kind would take a share of that.
    connection = http.client.HTTPConnection(host, port, timeout=2.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
