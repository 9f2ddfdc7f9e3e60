"""Which ports a demo listens on: the usual ones, or others that are free."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import asdict, dataclass, fields

from wardlink.errors import InvalidInput, Unreachable
from wardlink.i18n import N_

_BUSY = N_("Port {port} on {host} is used by another program. End it, or choose other ports with --port-base.")
_NONE_FREE = N_("No free port was found on {host} from {port} on. Choose other ports with --port-base.")
_TOO_HIGH = N_("--port-base {base}: there are not enough ports behind it.")
_LOOK_AT_MOST = 200


@dataclass(frozen=True)
class Ports:
    """Where the manager's page, the cart's and the bedside's screens, the broker and the payment gateway listen."""

    page: int = 8080
    cart: int = 8081
    bedside: int = 8082
    broker: int = 1883
    gateway: int = 8083


COUNT = len(fields(Ports))

_ANYWHERE = ("0.0.0.0", "::")


def choose(host: str, base: int | None) -> Ports:
    """The ports to listen on.

    With `base` these are `base` and those behind it. Without it they are the usual ones; where one is busy,
    the next one that is free takes its place.

    Raises:
        Unreachable: a port that was asked for is busy, or none is free.
        InvalidInput: there are not enough ports from `base` on.
    """
    if base is not None:
        if base + COUNT - 1 > 65_535:
            raise InvalidInput(_TOO_HIGH, base=base)
        for port in range(base, base + COUNT):
            if not is_free(host, port):
                raise Unreachable(_BUSY, host=host, port=port)
        return Ports(*range(base, base + COUNT))
    usual = asdict(Ports())
    chosen: dict[str, int] = {}
    for name, port in usual.items():
        # The usual port of another program of ours is not a free one.
        others = {*usual.values(), *chosen.values()} - {port}
        chosen[name] = _next_free(host, port, others)
    return Ports(**chosen)


def inside(host: str) -> str:
    """Where programs on this machine find what listens on `host`."""
    return "127.0.0.1" if host in _ANYWHERE else host


def outside(host: str) -> str:
    """Where a telephone finds what listens on `host`: of a machine that listens everywhere, its own address."""
    if host not in _ANYWHERE:
        return host
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent: this only asks which way it would go. The address is one for examples (RFC 5737).
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


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
