"""The gateway as a whole: its folder, its keys, its two entrances (merchants and payers), and its notices.

It runs in threads of this process, on loopback unless told otherwise, and takes up its books again after a restart.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.integrations.sandbox import signing
from wardlink.clock import Clock, SystemClock
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from wardlink.process.child import free_port
from workbench.gateways.sandbox import accounts
from workbench.gateways.sandbox.api import Api
from workbench.gateways.sandbox.books import Books
from workbench.gateways.sandbox.entries import Habits
from workbench.gateways.sandbox.pages import Pages
from workbench.gateways.sandbox.sender import Sender

_NO_START = N_("The sandbox gateway cannot listen on port {port}. Choose another one.")

START_TIMEOUT_S = 30.0
_REMEMBERED = timedelta(minutes=15)


def _well(_request: Request) -> Response:
    return Response(b"ok", media_type="text/plain")


class Gateway:
    """A running gateway in `folder`; use as a context manager. `port` None: one that is free.

    `shown_host`: the host in the addresses that payers open, where it is not the one that we listen on. `names`: what
    payers read of a merchant, by its account.

    Raises:
        Unreachable: it cannot listen there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int | None = None,
        clock: Clock | None = None,
        habits: Habits | None = None,
        shown_host: str | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.clock = clock or SystemClock()
        self.host, self.port = host, port or free_port(host)
        self._shown_host = shown_host or host
        self._names = dict(names or {})
        self.key = signing.private_key(accounts.own_key(folder))
        self.books = Books(folder / "books.db", habits)
        self.loses_answers = False
        self._merchants: dict[str, Ed25519PublicKey] = {}
        self._nonces: deque[tuple[datetime, str]] = deque()
        self._known: set[str] = set()
        self._guard = threading.Lock()
        self._sender = Sender(self)
        app = Starlette(routes=[*Api(self).routes(), *Pages(self).routes(), Route("/health", _well)])
        config = uvicorn.Config(
            app, host=host, port=self.port, log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="sandbox gateway", daemon=True)

    def __enter__(self) -> Gateway:
        self._thread.start()
        waiting = threading.Event()
        for _ in range(int(START_TIMEOUT_S * 100)):
            if self._server.started:
                self._sender.start()
                return self
            if not self._thread.is_alive():
                break
            waiting.wait(0.01)
        self.books.close()
        raise Unreachable(_NO_START, port=self.port)

    def __exit__(self, *_: object) -> None:
        self._sender.stop()
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self.books.close()

    @property
    def url(self) -> str:
        """Where merchants find it."""
        return f"http://{self.host}:{self.port}"

    @property
    def public_key(self) -> Path:
        """The file with the key that its replies and notices are checked with."""
        return accounts.public_key(self.folder)

    def enrol(self, merchant: str) -> Path:
        """Open an account for a merchant, or find it again; the file with the merchant's own key."""
        return accounts.enrol(self.folder, merchant)

    def merchant_key(self, merchant: str) -> Ed25519PublicKey | None:
        """What a merchant's requests are checked with; None for one that has no account here."""
        if merchant not in self._merchants:
            path = accounts.key_of(self.folder, merchant)
            if path is None or not path.exists():
                return None
            self._merchants[merchant] = signing.private_key(path).public_key()
        return self._merchants[merchant]

    def is_new(self, nonce: str, now: datetime) -> bool:
        """Whether no request with this nonce has come before; remembers it."""
        with self._guard:
            while self._nonces and self._nonces[0][0] < now - _REMEMBERED:
                self._known.discard(self._nonces.popleft()[1])
            if nonce in self._known:
                return False
            self._known.add(nonce)
            self._nonces.append((now, nonce))
            return True

    def _serve(self) -> None:
        # A port that is taken ends uvicorn with an exit of the whole program; whoever waits in __enter__ says it.
        with suppress(SystemExit):
            self._server.run()

    def page_of(self, token: str) -> str:
        """The address that a payer opens."""
        return f"http://{self._shown_host}:{self.port}/pay/{token}"

    def name_of(self, merchant: str) -> str:
        """What payers read of a merchant."""
        return self._names.get(merchant, merchant)
