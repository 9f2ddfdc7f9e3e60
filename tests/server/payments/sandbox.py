"""The sandbox gateway and its provider as the contract handles them; notices arrive at a real listener."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2

from server.integrations.sandbox import signing
from server.integrations.sandbox.provider import SandboxProvider, SandboxSettings
from server.integrations.sandbox.wire import NoticeBody
from tests.server.payments.contract import Told, number
from tests.waiting import wait_until
from wardlink.clock import Clock, SystemClock
from workbench.gateways.sandbox.entries import Habits, Wish
from workbench.gateways.sandbox.gateway import Gateway

MERCHANT = "ward-1"


class Listener:
    """Hears notices on a port of its own. `accepts`: whether it says that it took them."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.accepts = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", "0")))
                outer.told.append(Told({name.lower(): value for name, value in self.headers.items()}, raw))
                self.send_response(204 if outer.accepts else 500)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the tests do."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/notices"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Hear no more."""
        self._server.shutdown()
        self._server.server_close()


class SandboxStage:
    """A gateway in `folder` whose notices go to `notify_url`, and a person with a phone."""

    def __init__(
        self,
        folder: Path,
        listener: Listener,
        habits: Habits | None = None,
        clock: Clock | None = None,
        **shown: Any,
    ) -> None:
        self.listener = listener
        self.clock = clock or SystemClock()
        self.gateway = Gateway(folder, habits=habits, clock=self.clock, **shown)
        self.key = self.gateway.enrol(MERCHANT)
        self.gateway.__enter__()
        self.provider = self.provider_to(listener.url)
        self._phone = httpx2.Client(trust_env=False, timeout=30)

    def provider_to(self, notify_url: str | None) -> SandboxProvider:
        """A provider whose notices go there."""
        settings = SandboxSettings(
            self.gateway.url, MERCHANT, self.key, self.gateway.public_key, notify_url, timeout_s=30
        )
        return SandboxProvider(settings, self.clock)

    def close(self) -> None:
        """End the gateway."""
        self._phone.close()
        self.gateway.__exit__()

    def now(self) -> datetime:
        """The time by which the gateway works."""
        return self.clock.now()

    def scan(self, qr: str) -> None:
        """Somebody opens the page."""
        assert self._phone.get(qr).status_code == 200

    def pay(self, qr: str, wish: Wish | None = None) -> bool:
        """Somebody opens the page and presses the button."""
        self.scan(qr)
        answer = self._phone.post(qr, data={} if wish is None else {"wish": wish})
        assert answer.status_code == 303
        return "sandbox-refused" not in answer.headers

    def wish_notices(self, times: int) -> None:
        """Let the gateway send each of its next notices so many times."""
        wish: Wish = {0: "never", 1: "once", 2: "twice"}[times]  # type: ignore[assignment]
        self.gateway.books.habits = replace(self.gateway.books.habits, wish=wish)

    def notices(self, count: int) -> Sequence[Told]:
        """What the listener has heard."""
        wait_until(lambda: len(self.listener.told) >= count, f"{count} notices", timeout_s=60)
        return list(self.listener.told)

    def notice_of(self, out_trade_no: str, *, age: timedelta = timedelta(0), merchant: str | None = None) -> Told:
        """A notice of this trade, genuinely signed."""
        trade = self.gateway.books.trade(MERCHANT, out_trade_no, self.now())
        body = NoticeBody(id=number(), merchant=merchant or MERCHANT, trade=trade)
        return self.signed(body.model_dump_json(exclude_none=True).encode(), age)

    def signed(self, raw: bytes, age: timedelta = timedelta(0)) -> Told:
        """These bytes as a notice that the gateway has signed."""
        return Told(signing.headers(self.gateway.key, self.now() - age, "notice", body=raw), raw)

    def code_of(self, out_trade_no: str) -> str:
        """The code of a trade, as the gateway would show it."""
        row = self.gateway.books._trade(self.gateway.books._conn, MERCHANT, out_trade_no, self.now())
        assert row is not None
        return self.gateway.page_of(row["token"])

    @contextmanager
    def lost_answers(self) -> Iterator[None]:
        """While this is open nobody hears the gateway."""
        self.gateway.loses_answers = True
        try:
            yield
        finally:
            self.gateway.loses_answers = False
