"""The broker that the server brings along: nats-server as a child process, kept alive, ended with its parent.

It is only a wire. Nothing depends on what it remembers, so it begins with an empty store each time: a retained
"online" from before a crash would be a lie.
"""

from __future__ import annotations

import errno
import secrets
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from pydantic import SecretStr

from server.broker.accounts import Account, server_account
from server.broker.binary import nats_server
from server.broker.external import write_private
from server.broker.knock import accepts
from server.broker.nats import Tls, render_nats
from wardlink import topics
from wardlink.errors import BrokerUnavailable, Unreachable, WardlinkError
from wardlink.i18n import N_
from wardlink.link.backoff import Backoff
from wardlink.process.child import Child, free_port

log = structlog.get_logger(__name__)

READY_WITHIN_S = 15.0
LOOK_EVERY_S = 0.2
_FREE_WITHIN_S = 3.0
_STEADY_AFTER_S = 10.0

_BUSY = N_(
    "Port {port} on {host} is used by another program, so the message broker cannot start there."
    " End that program, or choose another port with WARDLINK_BROKER_PORT."
)
_NO_LISTENING = N_("The message broker cannot listen on {host}, port {port}: {reason}.")


class EmbeddedBroker:
    """One nats-server for devices of this server, with an account for each of `accounts` and one for the server.

    Its configuration, log and store lie in `folder`. `accounts` is asked at each start and `reload`, from the
    calling or the broker's own thread. Port 0 takes a free one and keeps it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 1883,
        accounts: Callable[[], Sequence[Account]],
        binary: Path | None = None,
        password: SecretStr | None = None,
        tls: Tls | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.password = password or SecretStr(secrets.token_urlsafe(32))
        self.restarts = 0
        self._folder = folder.resolve()
        self._accounts = accounts
        self._binary = binary
        self._tls = tls
        self._backoff = backoff or Backoff(least_s=0.2, most_s=5.0)
        # Hashed once: a new hash at each reload would look like a new password.
        self._own = server_account(self.password)
        self._last: list[Account] = []
        self._given = ""
        self._ready = False
        self._lock = threading.RLock()
        self._child: Child | None = None
        self._stopping = threading.Event()
        self._begun = threading.Event()
        self._fault: WardlinkError | None = None
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether the broker runs now and has accepted us since its last start."""
        return self._ready and self._child is not None and self._child.alive

    @property
    def pid(self) -> int | None:
        """The process id of the broker; None if it does not run."""
        return self._child.pid if self._child is not None and self._child.alive else None

    @property
    def log_file(self) -> Path:
        """What nats-server says of itself: names and addresses, never a secret or a payload."""
        return self._folder / "nats-server.log"

    def start(self) -> None:
        """Start it, and return when it accepts connections.

        Raises:
            BrokerUnavailable: the port is busy or the program ends; says which.
            Misconfigured: nats-server is not installed.
        """
        binary = nats_server(self._binary)
        if self.port == 0:
            self.port = free_port(self.host)
        self._wait_for_port()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        last_words = self._folder / "nats-server.err"
        self._child = Child("nats-server", [str(binary), "--config", str(self._config)], log=last_words)
        # The kernel ends the child with the thread that started it, so this thread lives as long as we do.
        self._thread = threading.Thread(target=self._keep, name="broker", daemon=True)
        self._thread.start()
        self._begun.wait()
        if self._fault is not None:
            raise self._fault

    def reload(self) -> None:
        """Take over changed accounts. Whoever's account is unchanged stays connected; whoever has none is put out."""
        with self._lock:
            # Before it is ready it would take the signal for its end; the start itself looks again.
            if self._ready and self._child is not None and self._write():
                self._child.signal(signal.SIGHUP)
                log.info("broker.reloaded")

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        if self._thread is not None and threading.current_thread() is not self._thread:
            self._thread.join(timeout=15)

    @property
    def _config(self) -> Path:
        return self._folder / "nats-server.json"

    def _keep(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began_s = time.monotonic()
            try:
                self._start_once()
            except Exception as fault:
                if not self._begun.is_set():
                    self._fault = fault if isinstance(fault, WardlinkError) else BrokerUnavailable(detail=str(fault))
                    self._end()
                    break
                log.error("broker.not-restarted", fault=str(fault), exc_info=not isinstance(fault, WardlinkError))
            else:
                self._begun.set()
                self._watch()
            self._end()
            failures = 0 if time.monotonic() - began_s > _STEADY_AFTER_S else failures + 1
            if not self._stopping.wait(self._backoff.wait_s(failures)):
                self.restarts += 1
        self._begun.set()

    def _start_once(self) -> None:
        child = self._child
        assert child is not None
        with self._lock:
            self._ready = False
            shutil.rmtree(self._folder / "store", ignore_errors=True)
            self._write()
        child.start()
        try:
            child.wait_ready(self._answers, READY_WITHIN_S)
        except Unreachable as fault:
            raise BrokerUnavailable(fault.message, **fault.params) from fault
        with self._lock:
            self._ready = True
        log.info("broker.ready", host=self.host, port=self.port, pid=child.pid)
        # Accounts may have changed while it started.
        self.reload()

    def _watch(self) -> None:
        child = self._child
        assert child is not None
        while not self._stopping.wait(LOOK_EVERY_S):
            if not child.alive:
                log.warning("broker.died", pid=child.pid, log=str(self.log_file))
                return

    def _end(self) -> None:
        with self._lock:
            self._ready = False
        if self._child is not None:
            self._child.stop(timeout_s=5)

    def _answers(self) -> bool:
        if self._stopping.is_set():
            return True
        return accepts(self._near, self.port, topics.SERVER, self.password, tls=self._tls is not None)

    @property
    def _near(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)

    def _write(self) -> bool:
        """Write the configuration; False if the broker already has the same."""
        store = self._folder / "store"
        text = render_nats(self._known(), host=self.host, port=self.port, store=store, log=self.log_file, tls=self._tls)
        if self._given == text and self._config.exists():
            return False
        write_private(self._config, text)
        self._given = text
        return True

    def _known(self) -> list[Account]:
        try:
            devices = [account for account in self._accounts() if account.kind != "server"]
        except Exception:
            if not self._begun.is_set():
                raise
            # A database that is away must not take the wire down too: whoever was known stays known.
            log.exception("broker.accounts-unknown")
        else:
            self._last = devices
        return [self._own, *self._last]

    def _wait_for_port(self) -> None:
        # A broker whose server was killed a moment ago may still be on its way out.
        until_s = time.monotonic() + _FREE_WITHIN_S
        while True:
            try:
                socket.create_server((self.host, self.port)).close()
                return
            except OSError as fault:
                if fault.errno != errno.EADDRINUSE:
                    reason = fault.strerror or str(fault)
                    raise BrokerUnavailable(_NO_LISTENING, host=self.host, port=self.port, reason=reason) from fault
                if time.monotonic() > until_s:
                    raise BrokerUnavailable(_BUSY, host=self.host, port=self.port) from fault
            self._stopping.wait(0.1)
