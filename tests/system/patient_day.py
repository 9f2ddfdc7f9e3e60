"""What a patient's day is played with: the house around a bed, a finger and eyes before its screen, desks of staff."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from bedside.app import BedsideApp
from bedside.ports import Place, Terminal
from bedside.start import place_of
from bedside.widgets.code import Code
from bedside.widgets.words import Words
from server.app import create_app
from server.config import Settings
from server.core import Core
from tests.bedside.screens import DESIGN, Hand, process_language, screen_text, settle
from tests.brokers import secret_of
from tests.system.wards import BED, CARTS, DOCTOR, NURSE, NURSE_2, PHARMACIST, TERMINAL, WARD, RunningWard
from tests.waiting import wait_for, wait_until
from wardlink.clock import SystemClock
from wardlink.credential import Credential
from wardlink.device import Device
from wardlink.messages.base import Actor, Message
from wardlink.messages.commands import Command
from workbench.gateways.sandbox import accounts
from workbench.gateways.sandbox.gateway import Gateway
from workbench.ward import DevicePlan, StaffPlan, WardPlan

CHARGE_NURSE = ("N9001", "3690")
LAB = "lab1"
PATIENCE_S = 40.0
"""For anything that must happen; a slow machine takes its time."""

PLAN = WardPlan(
    ward=WARD,
    name="3",
    beds=[(BED, BED)],
    staff=[
        StaffPlan(NURSE.id, "李静", "nurse", "N1001", "2580"),
        StaffPlan(NURSE_2.id, "王芳", "nurse", "N1002", "1470"),
        StaffPlan("h-chen", "陈护士长", "head-nurse", *CHARGE_NURSE),
        StaffPlan("d-zhoutao", "周涛", "doctor", *DOCTOR),
        StaffPlan("p-qian", "钱药师", "pharmacist", *PHARMACIST),
    ],
    devices=[
        DevicePlan(CARTS[0], "cart", "C1"),
        DevicePlan(TERMINAL, "terminal", "T12", BED),
        DevicePlan(LAB, "room", "化验室"),
    ],
)


class WaitingClock(SystemClock):
    """The machine's clock; `waited_s` have gone by for whoever waits before a screen."""

    waited_s = 0.0

    def monotonic_s(self) -> float:
        """With what was waited."""
        return super().monotonic_s() + self.waited_s


class ToldDevice(Device):
    """A device that remembers what was said on it."""

    def __init__(self, folder: Path, credential: Credential, clock: SystemClock) -> None:
        super().__init__(folder, credential, clock=clock)
        self.said: list[Command] = []

    def record(self, kind: str, body: Message, *, actor: Actor, **where: Any) -> Command:
        """As every device; and it is remembered."""
        command = super().record(kind, body, actor=actor, **where)
        self.said.append(command)
        return command


class Desk:
    """Somebody at the server's routes, signed in once; or the laboratory, by the secret of its device."""

    def __init__(self, ward: RunningWard, who: tuple[str, str] | None = None) -> None:
        self._http = httpx2.Client(base_url=f"{ward.address}/api/v1", trust_env=False, timeout=PATIENCE_S)
        if who is None:
            lab = ward.built.credentials[LAB]
            self._http.auth = httpx2.BasicAuth(lab.device, lab.secret.get_secret_value())
        else:
            signed = self._http.post("/sign-in", json={"badge": who[0], "pin": who[1]}).json()
            self._http.headers["Authorization"] = f"Bearer {signed['token']}"

    async def post(self, path: str, **body: Any) -> Any:
        """Do it; whatever is refused fails the test."""
        return await asyncio.to_thread(self._ask, "POST", path, body)

    def sees(self, path: str) -> Any:
        """Read it."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(method, path, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()


class Patient:
    """A finger and eyes before the program of the bed, on its real device."""

    def __init__(self, app: BedsideApp, hand: Hand, device: ToldDevice, clock: WaitingClock) -> None:
        self.app, self.device = app, device
        self._hand, self._clock = hand, clock

    @property
    def page(self) -> str:
        """Which page is open."""
        return self._hand.page

    @property
    def taps(self) -> int:
        """How often the glass was touched."""
        return self._hand.taps

    async def tap(self, *fields: str) -> None:
        """Touch these, one after the other, each as soon as it can be touched."""
        for field in fields:
            await wait_for(lambda field=field: self.can_touch(field), f"{field} on {self.page}", timeout_s=PATIENCE_S)
            await self._hand.tap(field)

    def can_touch(self, field: str) -> bool:
        """Whether a field stands there for a finger."""
        found = self.app.screen.query(f"#{field}")
        return bool(found) and found.first().focusable and bool(found.first().region.area)

    async def types(self, text: str) -> None:
        """Keys."""
        await self._hand.press(*text)

    async def opens_with(self, number: str, second: str) -> None:
        """Both answers; the hospital's letters stand there already."""
        await self.types(number)
        await self.tap("next")
        await self.types(second)
        await self.tap("next")

    async def comes_to(self, page: str) -> None:
        """This page is open."""
        await wait_for(lambda: self.page == page, f"{page} is open, not {self.page}", timeout_s=PATIENCE_S)
        await settle(self.app)

    async def home(self) -> None:
        """Back, as often as it takes."""
        while self.page != "HomeScreen":
            await self.tap("back")

    async def waits(self, seconds: float) -> None:
        """Nothing is touched for so long."""
        self._clock.waited_s += seconds

    async def sees(self, *texts: str) -> None:
        """All of these stand on the screen, on one line or broken."""
        try:
            await wait_for(
                lambda: all(bare(text) in self._seen() for text in texts), "seen", timeout_s=PATIENCE_S, every_s=0.05
            )
        except AssertionError:
            missing = [text for text in texts if bare(text) not in self._seen()]
            raise AssertionError(f"{missing} on {self.page}:\n{self.text()}") from None

    def _is_seen(self, texts: tuple[str, ...]) -> bool:
        seen = self._seen()
        return all(bare(text) in seen for text in texts)

    def sees_none_of(self, *texts: str) -> None:
        """None of these stands there."""
        assert [text for text in texts if bare(text) in self._seen()] == [], self.text()

    def _seen(self) -> str:
        words = "".join(bare(found.text) for found in self.app.screen.query("#rows Words").results(Words))
        return bare(self.text()) + words

    def text(self) -> str:
        """What stands on the screen."""
        return screen_text(self.app.screen)

    def code(self) -> str:
        """What a telephone reads off the screen."""
        return self.app.screen.query_one(Code).text

    def on_disk(self, *texts: str) -> list[str]:
        """Which of these the folder of the terminal holds, as text or as JSON writes it."""
        held = b"".join(path.read_bytes() for path in self.device_folder.rglob("*") if path.is_file())
        return [text for text in texts if text.encode() in held or text.encode("unicode_escape") in held]

    device_folder: Path


def bare(text: str) -> str:
    """Without blanks: words are broken where a line ends."""
    return "".join(text.split())


class House:
    """The server, in threads of this process: what a page of it would do is done on its core."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: uvicorn.Server | None = None

    @property
    def core(self) -> Core:
        """Of the server that runs."""
        core: Core = self._app.state.core
        return core

    def start(self) -> None:
        """Begin, on the data that there is."""
        self._app = create_app(self._settings)
        config = uvicorn.Config(
            self._app, port=self._settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="house", daemon=True)
        self._thread.start()

    def wait_ready(self, is_ready: Callable[[], bool], timeout_s: float) -> None:
        """Until it answers."""
        wait_until(is_ready, "the server is ready", timeout_s=timeout_s, every_s=0.05)

    def stop(self) -> None:
        """End, if it runs."""
        if self._server is not None:
            self._server.should_exit = True
            self._thread.join(timeout=PATIENCE_S)
            self._server = None


class HouseWard(RunningWard):
    """A ward of one bed with its server at hand, and a gateway that takes money. Nobody lies in it yet."""

    def __init__(self, folder: Path, gateway: Gateway) -> None:
        self._gateway = gateway
        super().__init__(folder, broker="mosquitto", plan=PLAN)

    def _server(self) -> House:  # type: ignore[override]
        self.house = House(
            Settings(
                data_dir=self._data,
                database_url=self.url,
                port=self.http_port,
                broker="external",
                broker_port=self.broker_port,
                broker_password=secret_of("server"),
                pay_sandbox_url=self._gateway.url,
                pay_sandbox_key=self._gateway.enrol("ward"),
                pay_sandbox_gateway_key=accounts.public_key(self._gateway.folder),
                demo=True,
                pages=False,
            )
        )
        return self.house


class Day:
    """The house: its ward, the payers' gateway, the cart in the corridor."""

    def __init__(self, ward: HouseWard, gateway: Gateway) -> None:
        self.ward, self.gateway = ward, gateway
        self.cart = ToldDevice(ward.folder / "devices" / CARTS[0], ward.built.credentials[CARTS[0]], SystemClock())

    async def nurse_says(self, kind: str, body: Message, encounter: str, nurse: Actor = NURSE) -> str:
        """A nurse at the cart; until the server has it."""
        command = self.cart.record(kind, body, actor=nurse, encounter=encounter, bed=BED)
        await wait_for(lambda: self.cart.outbox.depth() == 0, f"the server has {kind}", timeout_s=PATIENCE_S)
        return command.id

    async def desk_says(self, kind: str, body: Message, encounter: str, who: Actor) -> None:
        """Somebody at a page of the server, which says it as that page does."""
        core = self.ward.house.core
        await asyncio.to_thread(core.execute, kind, body, ward=WARD, actor=who, encounter=encounter, bed=BED)

    async def pay(self, code: str) -> None:
        """Somebody opens the page of a code on a telephone and presses the button."""
        answer = await asyncio.to_thread(httpx2.post, code, trust_env=False)
        assert answer.status_code == 303
        assert "sandbox-refused" not in answer.headers


@contextmanager
def house(folder: Path) -> Iterator[Day]:
    """Server, broker, gateway and cart; the broker stays when the server is gone."""
    with Gateway(folder / "gateway") as gateway:
        ward = HouseWard(folder, gateway)
        try:
            ward.start()
            day = Day(ward, gateway)
            day.cart.start()
            try:
                yield day
            finally:
                day.cart.stop()
        finally:
            ward.stop()


@asynccontextmanager
async def at_the_bed(ward: RunningWard) -> AsyncIterator[Patient]:
    """The program on the terminal of the bed, until it has heard from the ward."""
    clock, folder = WaitingClock(), ward.folder / "devices" / TERMINAL
    device: list[ToldDevice] = []

    def opened() -> tuple[Terminal, Place]:
        device.append(ToldDevice(folder, ward.built.credentials[TERMINAL], clock))
        return device[0], place_of(device[0])

    app = BedsideApp(opened)
    with process_language("zh_CN"):
        async with app.run_test(size=DESIGN) as pilot:
            await settle(app)
            patient = Patient(app, Hand(app, pilot, None, None), device[0], clock)
            patient.device_folder = folder
            yield patient
