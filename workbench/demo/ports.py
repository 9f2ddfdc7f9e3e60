"""Which ports a demo listens on: the usual ones, or others that are free."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass

from wardlink.errors import InvalidInput, Unreachable
from wardlink.i18n import N_

_BUSY = N_("Port {port} on {host} is used by another program. End it, or choose other ports with --port-base.")
_NONE_FREE = N_("No free port was found on {host} from {port} on. Choose other ports with --port-base.")
_TOO_HIGH = N_("--port-base {base}: there are no four ports behind it.")
_LOOK_AT_MOST = 200


@dataclass(frozen=True)
class Ports:
    """Where the manager's page, the cart's and the bedside's screens, and the broker listen."""

    page: int = 8080
    cart: int = 8081
    bedside: int = 8082
    broker: int = 1883


def choose(host: str, base: int | None) -> Ports:
    """The ports to listen on.

    With `base` these are `base` and the three behind it. Without it they are the usual ones; where one is busy,
    the next one that is free takes its place.

    Raises:
        Unreachable: a port that was asked for is busy, or none is free.
        InvalidInput: there are no four ports from `base` on.
    """
    if base is not None:
        if base + 3 > 65_535:
            raise InvalidInput(_TOO_HIGH, base=base)
        for port in range(base, base + 4):
            if not is_free(host, port):
                raise Unreachable(_BUSY, host=host, port=port)
        return Ports(base, base + 1, base + 2, base + 3)
    usual = asdict(Ports())
    chosen: dict[str, int] = {}
    for name, port in usual.items():
        # The usual port of another program of ours is not a free one.
        others = {*usual.values(), *chosen.values()} - {port}
        chosen[name] = _next_free(host, port, others)
    return Ports(**chosen)


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there now."""
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def _next_free(host: str, first: int, taken: set[int]) -> int:
    for port in range(first, min(first + _LOOK_AT_MOST, 65_536)):
        if port not in taken and is_free(host, port):
            return port
    raise Unreachable(_NONE_FREE, host=host, port=first)
