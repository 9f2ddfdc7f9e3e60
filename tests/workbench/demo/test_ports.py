"""Which ports a demo takes."""

from __future__ import annotations

import socket
from dataclasses import astuple

import pytest

from tests.waiting import wait_until
from wardlink.errors import InvalidInput, Unreachable
from wardlink.process.child import free_port
from workbench.demo.ports import COUNT, Ports, choose, is_free

HERE = "127.0.0.1"


def test_without_a_wish_the_ports_are_free_and_different() -> None:
    """The usual ones, or others where these are busy."""
    found = astuple(choose(HERE, None))

    assert len(set(found)) == 5
    assert all(is_free(HERE, port) for port in found)
    assert all(port >= usual for port, usual in zip(found, astuple(Ports()), strict=True))


def test_a_busy_usual_port_is_passed_over_without_taking_another_usual_one() -> None:
    """Where 8080 is busy, 8081 stays the cart's."""
    found = choose(HERE, None)
    with socket.create_server((HERE, found.page)):
        other = choose(HERE, None)

    assert other.page not in astuple(found)
    assert other.page not in {8081, 8082, 8083, 1883}
    assert astuple(other)[1:] == astuple(found)[1:]


def test_with_a_wish_the_ports_are_in_a_row_or_named() -> None:
    """A busy one is an error that names it."""
    base = wait_until(_base, "five free ports in a row were found")

    assert astuple(choose(HERE, base)) == tuple(range(base, base + COUNT))
    with socket.create_server((HERE, base + 3)), pytest.raises(Unreachable, match=str(base + 3)):
        choose(HERE, base)


def test_there_must_be_enough_ports() -> None:
    """Not behind the last one there is."""
    with pytest.raises(InvalidInput, match="65532"):
        choose(HERE, 65_532)


def _base() -> int | None:
    base = free_port()
    return base if base < 65_500 and all(is_free(HERE, base + more) for more in range(COUNT)) else None
