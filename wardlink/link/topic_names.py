"""Which topics a link takes: what every broker understands in the same way."""

from __future__ import annotations

from functools import lru_cache

_LONGEST = 65_535
_LARGEST_PAYLOAD = 2**28 - 2**17
"""What MQTT can carry, less a topic. What a broker takes is much less."""


def check_message(topic: str, payload: bytes, qos: int) -> None:
    """See that MQTT can carry this message.

    Raises:
        ValueError: it cannot, whoever the broker is.
    """
    topic_bytes(topic)
    if qos not in (0, 1) or len(payload) > _LARGEST_PAYLOAD:
        raise ValueError(f"no broker of ours carries QoS {qos} or {len(payload)} bytes")


@lru_cache(maxsize=8192)
def topic_bytes(topic: str) -> bytes:
    """`topic` for the wire.

    Raises:
        ValueError: it is empty, has a wildcard, or anything but printable ASCII, which no topic of ours has.
    """
    if "+" in topic or "#" in topic:
        raise ValueError(f"a wildcard cannot be published to: {topic!r}")
    return _checked(topic)


@lru_cache(maxsize=1024)
def filter_bytes(pattern: str) -> bytes:
    """A topic filter (`+` one level, `#` all the rest) for the wire.

    Raises:
        ValueError: a wildcard is only a part of its level, `#` is not the last one, or as for `topic_bytes`.
    """
    levels = pattern.split("/")
    if any(("+" in level or "#" in level) and len(level) > 1 for level in levels) or "#" in levels[:-1]:
        raise ValueError(f"a wildcard stands alone in its level, and # in the last one: {pattern!r}")
    return _checked(pattern)


def _checked(topic: str) -> bytes:
    if not topic or len(topic) > _LONGEST or not topic.isascii() or not topic.isprintable():
        raise ValueError(f"no topic: {topic[:80]!r}")
    return topic.encode()
