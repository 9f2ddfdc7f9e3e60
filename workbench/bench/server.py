"""The ward server under measurement, as a process of its own: `python -m workbench.bench.server …`.

The product's own application on an external broker, without pages unless `--pages` asks for them. `--commit-delay-ms`
makes every commit that writes wait, as a slow disk would; `--beside` serves a folder of plain files beside the pages,
as their floor. Nothing else is changed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from sqlalchemy import Connection, event

from server.app import create_app
from server.config import Settings
from server.db import Database

BESIDE = "/beside"
"""Where the plain files are."""


def slow_commits(db: Database, delay_s: float) -> None:
    """Make each writing commit take `delay_s` longer, inside the transaction."""

    def wait(connection: Connection) -> None:
        if not connection.get_execution_options().get("reading", False):
            time.sleep(delay_s)

    event.listen(db.engine, "commit", wait)


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--broker-port", type=int, required=True)
    parser.add_argument("--broker-password", required=True)
    parser.add_argument("--commit-delay-ms", type=float, default=0.0)
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--beside", type=Path)
    args = parser.parse_args()
    settings = Settings(
        data_dir=args.data,
        port=args.port,
        broker="external",
        broker_port=args.broker_port,
        broker_password=SecretStr(args.broker_password),
        pages=args.pages,
        log_level="warning",
    )
    app = create_app(settings)
    if args.beside is not None:
        from starlette.staticfiles import StaticFiles

        app.mount(BESIDE, StaticFiles(directory=args.beside))
    if args.commit_delay_ms:
        slow_commits(app.state.core.db, args.commit_delay_ms / 1e3)
    uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
