"""The process of the gateway: `python -m workbench.gateways.sandbox FOLDER --port 8083`. Ends on SIGTERM."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from workbench.gateways.sandbox.gateway import Gateway


def main() -> None:
    """Run until somebody ends it."""
    asked = argparse.ArgumentParser(prog="python -m workbench.gateways.sandbox", description=__doc__)
    asked.add_argument("folder", type=Path, help="where it keeps its books and keys")
    asked.add_argument("--host", default="127.0.0.1", help="the address it listens on")
    asked.add_argument("--port", type=int, help="the port it listens on; without it, a free one")
    asked.add_argument("--shown-host", help="the host in the addresses that payers open, if it is another one")
    asked.add_argument("--name", nargs=2, action="append", default=[], help="a merchant, and what payers read of it")
    given = asked.parse_args()
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    where = {"host": given.host, "port": given.port, "shown_host": given.shown_host}
    with Gateway(given.folder, **where, names=dict(given.name)) as running:
        print(running.url, flush=True)
        ending.wait()


if __name__ == "__main__":
    main()
