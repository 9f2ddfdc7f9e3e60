"""The floor of notices: a bare HTTP server that writes each body into one table of SQLite and answers after the commit.

WAL and FULL as the server's own; no signature is checked. Run as `python -m workbench.bench.pay_floor PORT FILE`.
"""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from workbench.bench.floor import prepare


def main() -> None:
    """Serve until the process is ended."""
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    db, writing = prepare(path), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(200)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            with writing:
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO message (topic, payload) VALUES (?, ?)", (self.path, raw))
                db.execute("COMMIT")
            self._say(204)

        def _say(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
