"""What `wardlink.link.port.Link` promises, kept by every kind of link."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from pydantic import SecretStr

from tests.link.worlds import CHANGES, DOWN, EVERY_STATUS, EVERY_UP, STATUS, UP, Heard, RealWorld, World
from tests.waiting import wait_until
from wardlink.link.port import Incoming, Will

LOST = Will(STATUS, b"lost")


def numbers(count: int) -> list[bytes]:
    """Payloads that show their order."""
    return [b"%d" % n for n in range(count)]


def say_all(speaker: Heard, topic: str, payloads: Sequence[bytes], qos: int) -> None:
    """Publish all of them; each has to be taken."""
    for payload in payloads:
        assert speaker.link.publish(topic, payload, qos=qos)


@pytest.mark.parametrize("qos", [0, 1])
def test_messages_come_in_the_order_they_were_published(world: World, qos: int) -> None:
    """Two thousand messages of one sender arrive once each and in order, with either quality of service."""
    server, cart = world.connected("server", EVERY_UP), world.connected("cart-1")

    say_all(cart, UP, numbers(2_000), qos)

    wait_until(lambda: len(server.messages) >= 2_000, "all arrived", timeout_s=20)
    assert server.messages == [Incoming(UP, payload) for payload in numbers(2_000)]


def test_what_comes_while_the_listener_is_busy_is_handed_over_in_batches(world: World) -> None:
    """A thousand messages that wait for it take far fewer calls of it, and none is lost or out of order."""
    server = world.connected("server")
    cart, witness = world.connected("cart-1", CHANGES), world.connected("cart-2", CHANGES)
    free = threading.Event()

    def busy(messages: list[Incoming]) -> None:
        free.wait(timeout=30)
        cart.heard(messages)

    cart.link.on_messages = busy
    say_all(server, CHANGES, numbers(1_000), 0)
    wait_until(lambda: len(witness.messages) >= 1_000, "somebody else has heard everything", timeout_s=20)
    free.set()

    wait_until(lambda: len(cart.messages) >= 1_000, "all arrived", timeout_s=20)
    assert cart.payloads == numbers(1_000)
    assert cart.batches < 500


def test_whoever_is_told_of_the_connection_misses_nothing_from_then_on(world: World) -> None:
    """What is published in the moment that a link tells its connection is heard, at every reconnect."""
    server, cart = world.connected("server"), world.link("cart-1", DOWN, CHANGES)

    def greet(connected: bool) -> None:
        cart.story.append(connected)
        if connected:
            server.link.publish(CHANGES, b"hello")

    cart.link.on_connection = greet
    cart.link.start()

    for times in range(1, 6):
        wait_until(lambda times=times: cart.payloads == [b"hello"] * times, "the greeting was heard")
        world.lose("cart-1")


def test_what_the_broker_kept_says_so(world: World) -> None:
    """A message is marked as retained for whoever comes later, and not for whoever was there."""
    early, cart = world.connected("server", EVERY_STATUS), world.connected("cart-1")
    cart.link.publish(STATUS, b"alive", qos=1, retain=True)
    wait_until(lambda: early.messages, "the status was heard")
    early.link.stop()
    late = world.connected("server", EVERY_STATUS)
    wait_until(lambda: late.messages, "the kept status was heard")

    assert early.messages == [Incoming(STATUS, b"alive", retained=False)]
    assert late.messages == [Incoming(STATUS, b"alive", retained=True)]


def test_a_lost_connection_is_told_by_the_last_will(world: World) -> None:
    """Whoever vanishes without a word is said to be lost, and comes back by itself."""
    server = world.connected("server", EVERY_STATUS)
    cart = world.connected("cart-1", will=LOST)

    world.lose("cart-1")

    wait_until(lambda: server.payloads == [b"lost"], "the will was heard")
    wait_until(lambda: cart.connections == [True, False, True], "the cart came back")


def test_a_goodbye_sends_no_will_and_loses_nothing(world: World) -> None:
    """What was published just before the end still arrives, in order; and nobody is said to be lost."""
    server = world.connected("server", EVERY_UP, EVERY_STATUS)
    cart = world.connected("cart-1", will=LOST)
    say_all(cart, UP, numbers(1_000), 1)
    say_all(cart, UP, numbers(1_000), 0)
    assert cart.link.publish(STATUS, b"ended", qos=1, retain=True)

    cart.link.stop()

    wait_until(lambda: len(server.messages) >= 2_001, "all arrived")
    world.connected("cart-1").link.publish(UP, b"later")
    wait_until(lambda: server.payloads[-1] == b"later", "the next connection was heard")
    assert server.payloads == [*numbers(1_000), *numbers(1_000), b"ended", b"later"]


def test_nothing_is_taken_without_a_connection(world: World) -> None:
    """`publish` says no before the start, while the broker is away and after the end; what it took not, never comes."""
    server, cart = world.connected("server", EVERY_UP), world.link("cart-1")
    before = cart.link.publish(UP, b"before")
    cart.link.start()
    wait_until(lambda: cart.link.connected, "the cart connected")
    world.leave()
    wait_until(lambda: not cart.link.connected, "the cart noticed")
    away = cart.link.publish(UP, b"away", qos=1)
    world.come_back()
    wait_until(lambda: server.connections == cart.connections == [True, False, True], "both came back")
    cart.link.publish(UP, b"back")
    wait_until(lambda: server.messages, "something was heard")
    cart.link.stop()
    after = cart.link.publish(UP, b"after")

    assert (before, away, after) == (False, False, False)
    assert server.payloads == [b"back"]


def test_a_killed_broker_is_found_again_and_every_subscription_stands(world: World) -> None:
    """After the broker's death both sides come back, and hear what they heard before, also what was added later."""
    server, cart = world.connected("server", EVERY_UP), world.connected("cart-1", DOWN)
    cart.link.subscribe([CHANGES])

    world.kill()

    wait_until(lambda: server.connections == cart.connections == [True, False, True], "both came back")
    server.link.publish(DOWN, b"receipt")
    server.link.publish(CHANGES, b"change")
    cart.link.publish(UP, b"command", qos=1)
    wait_until(lambda: cart.payloads == [b"receipt", b"change"], "the cart heard both")
    wait_until(lambda: server.payloads == [b"command"], "the server heard the cart")


def test_a_topic_may_be_added_while_connected(world: World) -> None:
    """A subscription made in the middle of a connection is heard without a reconnect."""
    server, cart = world.connected("server"), world.connected("cart-1")
    cart.link.subscribe([CHANGES])

    def heard() -> bool:
        server.link.publish(CHANGES, b"news")
        return bool(cart.messages)

    wait_until(heard, "the new topic was heard")
    assert cart.connections == [True]


def test_a_wrong_secret_is_not_the_same_as_being_offline(world: World) -> None:
    """A refused link says refused, a link without a broker does not, and neither is connected."""
    stranger = world.link("cart-1", secret=SecretStr("guessed"))
    stranger.link.start()
    wait_until(lambda: stranger.link.refused, "the stranger was refused")
    assert not stranger.link.connected

    if isinstance(world, RealWorld):
        world.leave()
        wait_until(lambda: not stranger.link.refused, "no broker, no refusal")
    assert stranger.connections == []


@pytest.mark.parametrize("qos", [0, 1])
def test_a_message_of_64_kib_passes_unchanged(world: World, qos: int) -> None:
    """The largest message there is arrives byte for byte, and the next one after it."""
    server, cart = world.connected("server", EVERY_UP), world.connected("cart-1")
    large = bytes(range(256)) * 256

    say_all(cart, UP, [large, b"", large], qos)

    wait_until(lambda: len(server.messages) >= 3, "all arrived")
    assert server.payloads == [large, b"", large]


def test_threads_may_publish_at_the_same_time(world: World) -> None:
    """Each of eight threads keeps its own order, and nothing of any is lost."""
    server, cart = world.connected("server", EVERY_UP), world.connected("cart-1")

    def speak(who: int) -> None:
        say_all(cart, UP, [b"%d %d" % (who, n) for n in range(500)], who % 2)

    threads = [threading.Thread(target=speak, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    wait_until(lambda: len(server.messages) >= 4_000, "all arrived")
    for who in range(8):
        own = [payload for payload in server.payloads if payload.startswith(b"%d " % who)]
        assert own == [b"%d %d" % (who, n) for n in range(500)]


def test_a_listener_that_fails_does_not_take_the_connection_with_it(world: World) -> None:
    """After an error of whoever listens, the next message comes over the same connection."""
    server, cart = world.connected("server", EVERY_UP), world.connected("cart-1")
    hear = server.link.on_messages

    def fail_once(messages: list[Incoming]) -> None:
        server.link.on_messages = hear
        raise RuntimeError("the listener fails")

    server.link.on_messages = fail_once
    cart.link.publish(UP, b"lost on the listener")
    wait_until(lambda: server.link.on_messages is hear, "the listener failed")
    cart.link.publish(UP, b"heard")

    wait_until(lambda: server.payloads == [b"heard"], "the next message was heard")
    assert server.connections == [True]


def test_a_listener_may_answer_and_end_the_link(world: World) -> None:
    """Publishing and stopping from the link's own thread neither block nor fail."""
    server, cart = world.connected("server", EVERY_UP), world.connected("cart-1", DOWN)

    def answer(messages: list[Incoming]) -> None:
        server.link.publish(DOWN, b"receipt")
        server.link.stop()

    server.link.on_messages = answer
    cart.link.publish(UP, b"command")

    wait_until(lambda: cart.payloads == [b"receipt"], "the answer came")
    wait_until(lambda: server.connections == [True, False], "the server's link ended")


def test_no_topic_that_brokers_could_understand_differently(world: World) -> None:
    """Only printable ASCII can be named, wildcards only to hear by; the fault is the caller's, not the link's."""
    cart = world.connected("cart-1")

    for topic in ("", "wardlink/v1/病区/up/cart", "a/+/b", "a/#", "a\nb", "a\0b", "x" * 65_536):
        with pytest.raises(ValueError, match=r"topic|wildcard"):
            cart.link.publish(topic, b"x")
    for pattern in ("", "a/病/b", "a+/b", "#/a", "a/b#", "a\0"):
        with pytest.raises(ValueError, match=r"topic|wildcard"):
            cart.link.subscribe([pattern])
    with pytest.raises(ValueError, match="QoS 2"):
        cart.link.publish(UP, b"x", qos=2)

    assert cart.link.publish(UP, b"x")
    assert cart.connections == [True]


def test_a_silent_cut_is_noticed_and_mended(real: RealWorld) -> None:
    """A cable that goes dead without a word costs a few keepalives: then the link knows, and so does the ward."""
    server = real.connected("server", EVERY_STATUS, EVERY_UP)
    cart = real.connected("cart-1", will=LOST)

    real.cut("cart-1", is_cut=True)
    wait_until(lambda: cart.connections == [True, False], "the link noticed")
    wait_until(lambda: b"lost" in server.payloads, "the broker noticed")
    real.cut("cart-1", is_cut=False)

    wait_until(lambda: cart.link.connected, "the link came back")
    cart.link.publish(UP, b"back")
    wait_until(lambda: b"back" in server.payloads, "the cart was heard again")


def test_a_quiet_connection_stays(real: RealWorld) -> None:
    """With nothing to say for several keepalives, pings alone keep the connection."""
    server, cart = real.connected("server", EVERY_UP), real.connected("cart-1", will=LOST)
    over = threading.Event()
    threading.Timer(7.0, over.set).start()

    wait_until(over.is_set, "several keepalives passed")

    assert cart.connections == [True]
    assert server.connections == [True]
