"""The ward server of a fault run, as a process of its own: `python -m workbench.faults.server …`.

The product's own application; nothing is changed but what a planted fault asks for. The password for the broker is
in the environment: `WARDLINK_BROKER_PASSWORD`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from server.app import create_app
from server.config import Settings
from workbench.faults import plants


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--broker-port", type=int, required=True)
    parser.add_argument("--plant", choices=plants.PLANTS)
    args = parser.parse_args()
    settings = Settings(
        data_dir=args.data,
        port=args.port,
        broker="external",
        broker_port=args.broker_port,
        pages=False,
    )
    app = create_app(settings)
    plants.plant_in_server(args.plant, app.state.core)
    uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
