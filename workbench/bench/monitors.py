"""The monitors of a hospital as a process of its own: they send until it is ended.

It says a line when it begins, and then one of JSON for every few seconds: how long, how much, how much was receipted.
"""

from __future__ import annotations

import argparse
import json

from workbench.bench import hospital, load

SLICE_S = 5.0


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--beds", required=True)
    parser.add_argument("--per-s", type=float, required=True)
    args = parser.parse_args()
    wards = hospital.gateways(tuple(map(int, args.beds.split(","))))
    print("begun", flush=True)
    while True:
        seen = load.run(wards, "127.0.0.1", args.port, seconds=SLICE_S, per_s=args.per_s)
        told = {"seconds": seen.elapsed_s, "sent": seen.sent, "receipted": seen.receipted}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
