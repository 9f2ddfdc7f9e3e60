"""HTTP for the local gateways: raw bytes in and out, one thread a connection, and answers that can be lost on purpose.

The gateways check signatures over the exact bytes that came, so nothing here may read them twice or prettify them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """A request as it came. `path` holds the question mark and what follows; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    """An answer as it goes out."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Wire:
    """A server on a free port of 127.0.0.1 from its making until `stop`. None in place of an answer cuts the line."""

    def __init__(self, handle: Callable[[Asked], Answered | None], name: str) -> None:
        self._handle = handle
        self._silent = False
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=name, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """End; whoever asks afterwards finds nobody."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    @contextmanager
    def lost_answers(self) -> Iterator[None]:
        """While this is open, requests are carried out and the connection is cut instead of an answer."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body leave in one piece: else each answer waits for the other side's acknowledgement.
            wbufsize = -1
            disable_nagle_algorithm = True

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answered = wire._handle(Asked(self.command, self.path, headers, body))
                if wire._silent or answered is None:
                    self.close_connection = True
                    return
                self.send_response(answered.status)
                for name, value in answered.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answered.body)))
                self.end_headers()
                self.wfile.write(answered.body)

            do_GET = do_POST = _answer

            def log_message(self, format: str, *args: object) -> None:
                """A gateway of the tests has nobody to tell."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Whoever waits for an answer at the end shall not hold up the end.
    block_on_close = False
