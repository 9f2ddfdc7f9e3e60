"""The MQTT link against brokers that behave as none should."""

from __future__ import annotations

import gc
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.brokers import FAST
from tests.link.raw_broker import CONNACK, DISCONNECT, PINGREQ, PINGRESP, RawBroker, let_in, message
from tests.link.worlds import CHANGES, Heard
from tests.waiting import wait_until
from wardlink.link.paho_link import MAX_QUEUED, PahoLink
from wardlink.link.port import LinkSettings
from wardlink.process.child import free_port

TOPIC = CHANGES.encode()


@contextmanager
def linked(script: Callable[[socket.socket, int], None], keepalive_s: int = 2) -> Iterator[tuple[RawBroker, Heard]]:
    """A link to a broker that follows `script`."""
    with RawBroker(script) as broker:
        settings = LinkSettings("127.0.0.1", broker.port, "cart-1", keepalive_s=keepalive_s)
        heard = Heard(PahoLink(settings, backoff=FAST))
        heard.link.start()
        yield broker, heard
        heard.link.stop()


def read_on(connection: socket.socket) -> None:
    """Read until the other side closes, and answer pings."""
    while data := connection.recv(65_536):
        if data.endswith(PINGREQ):
            connection.sendall(PINGRESP)


def open_files() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))


def test_a_broker_that_hangs_up_at_once_is_tried_again() -> None:
    """Connections that end before a word cost nothing but the next try."""

    def script(connection: socket.socket, number: int) -> None:
        if number > 3:
            let_in(connection)
            read_on(connection)

    with linked(script) as (_, heard):
        wait_until(lambda: heard.link.connected, "the fourth try succeeded")
        assert heard.connections == [True]


def test_a_broker_that_says_nothing_is_given_up() -> None:
    """An open connection without an answer counts as none, and is tried again after a keepalive."""

    def script(connection: socket.socket, number: int) -> None:
        if number > 1:
            let_in(connection)
        read_on(connection)

    with linked(script) as (broker, heard):
        wait_until(lambda: broker.connections == 1, "it connected")
        assert not heard.link.connected
        assert not heard.link.refused
        wait_until(lambda: heard.link.connected, "the second try was answered")


@pytest.mark.parametrize(
    "junk",
    [
        b"\x30\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x30\x01\x00",
        b"\x30\x04\xff\xff\x00\x00",
        b"\x20\x05\x00\x00\x00\x00\x00",
        b"\x90\x00",
        b"\x40\x01\x00",
        b"\x00\x00",
        b"\xff" * 500,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_bytes_that_are_no_mqtt_end_one_connection_and_not_the_link(junk: bytes) -> None:
    """After nonsense the link connects anew, and hears what comes then."""

    def script(connection: socket.socket, number: int) -> None:
        let_in(connection)
        if number == 1:
            connection.sendall(junk)
            # Some of it is the beginning of something that never comes.
            connection.shutdown(socket.SHUT_WR)
        else:
            connection.sendall(message(TOPIC, b"sense"))
        read_on(connection)

    with linked(script) as (_, heard):
        wait_until(lambda: b"sense" in heard.payloads, "the next connection was heard")
        assert heard.connections[-1] is True


@pytest.mark.parametrize("qos", [0, 1])
def test_a_topic_that_is_no_text_is_left_out(qos: int, caplog: pytest.LogCaptureFixture) -> None:
    """A message under bytes that are no UTF-8 is skipped with a line in the log; the connection stays."""

    def script(connection: socket.socket, number: int) -> None:
        let_in(connection)
        connection.sendall(message(b"\xc3\x28", b"poison", qos=qos) + message(TOPIC, b"sense", qos=qos))
        read_on(connection)

    with caplog.at_level(logging.WARNING), linked(script) as (broker, heard):
        wait_until(lambda: heard.payloads == [b"sense"], "the next message was heard")
        assert broker.connections == 1
    assert "whose topic is no text" in caplog.text


def test_data_keep_a_connection_alive_while_the_answer_to_a_ping_waits_behind_them() -> None:
    """A broker that is busy sending to us is alive, even if it has not come to answering our ping."""
    over = threading.Event()

    def script(connection: socket.socket, number: int) -> None:
        let_in(connection)
        until_s = time.monotonic() + 6
        connection.settimeout(0.25)
        while time.monotonic() < until_s:
            connection.sendall(message(TOPIC, b"data"))
            try:
                connection.recv(4096)
            except TimeoutError:
                continue
        over.set()
        connection.settimeout(10)
        read_on(connection)

    with linked(script) as (_, heard):
        wait_until(over.is_set, "three keepalives passed")
        assert heard.connections == [True]


def test_publish_says_no_when_nothing_goes_out() -> None:
    """With a broker that no longer reads, `publish` refuses before memory fills, and keeps its promise of order."""
    resume = threading.Event()
    received = bytearray()

    def script(connection: socket.socket, number: int) -> None:
        let_in(connection)
        resume.wait(10)
        while data := connection.recv(1 << 20):
            received.extend(data)

    with linked(script, keepalive_s=60) as (_, heard):
        wait_until(lambda: heard.link.connected, "it connected")
        taken = 0
        while heard.link.publish(CHANGES, b"%08d" % taken * 500):
            taken += 1
            assert taken < 4 * MAX_QUEUED
        resume.set()
        size = len(message(TOPIC, b"0" * 4_000))
        wait_until(lambda: len(received) >= taken * size, "everything that was taken went out")

        assert bytes(received[: taken * size]) == b"".join(message(TOPIC, b"%08d" % n * 500) for n in range(taken))


def test_the_end_waits_for_the_broker_but_not_for_ever() -> None:
    """A broker that never hangs up holds the end for a moment only; it has heard the goodbye."""
    received = bytearray()

    def script(connection: socket.socket, number: int) -> None:
        let_in(connection)
        while data := connection.recv(4096):
            received.extend(data)

    with linked(script) as (_, heard):
        wait_until(lambda: heard.link.connected, "it connected")
        heard.link.publish(CHANGES, b"last words")
        began_s = time.monotonic()
        heard.link.stop()

        assert time.monotonic() - began_s < 20
        wait_until(lambda: bytes(received).endswith(message(TOPIC, b"last words") + DISCONNECT), "both were heard")


def test_a_stop_while_nobody_answers_is_quick() -> None:
    """A link without a broker ends at once."""
    link = PahoLink(LinkSettings("127.0.0.1", free_port(), "cart-1"))
    link.start()
    began_s = time.monotonic()
    link.stop()

    assert time.monotonic() - began_s < 20


def test_tries_that_fail_leave_nothing_open() -> None:
    """Neither fifty lost connections nor the end of the link leave sockets behind."""
    before = open_files()

    def script(connection: socket.socket, number: int) -> None:
        connection.recv(4096)
        connection.sendall(CONNACK)

    with linked(script) as (broker, heard):
        wait_until(lambda: broker.connections >= 50, "fifty connections came and went", timeout_s=30)
        heard.link.stop()
    wait_until(lambda: open_files() <= before, "every socket is closed")


def test_a_link_that_never_began_leaves_nothing_open() -> None:
    """Made, stopped and never started: its sockets are closed."""
    gc.collect()  # What tests before this one have left is not counted.
    before = open_files()
    links = [PahoLink(LinkSettings("127.0.0.1", 1, "cart-1")) for _ in range(10)]
    for link in links:
        link.stop()

    assert open_files() <= before


def test_trusted_roots_that_cannot_be_read_are_tried_again(tmp_path: Path) -> None:
    """A missing file of roots is like a missing broker: nothing connects, and the thread lives on."""
    settings = LinkSettings("127.0.0.1", free_port(), "cart-1", tls=True, ca_file=tmp_path / "absent.pem")
    link = PahoLink(settings, backoff=FAST)
    link.start()
    assert not link.publish(CHANGES, b"x")
    assert any(thread.name == "link cart-1" for thread in threading.enumerate())
    link.stop()
