"""Calls that a cart hears from the bed itself, while the server has said nothing yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.device.fake_server import NOW, WARD
from tests.device.wards import TestWard
from tests.waiting import wait_until
from wardlink import topics
from wardlink.clinical.call_reasons import CallClass
from wardlink.messages.calls import CallNotice

CALL = "00000000-0000-7000-8000-0000000000ca"


@pytest.mark.parametrize(
    ("then", "reason", "expected"),
    [("P1", "CHEST", ("P1", "CHEST")), ("P4", "WATER", ("P2", None)), ("P2", "PAIN", ("P2", None))],
)
def test_a_second_notice_makes_a_call_only_more_urgent(
    tmp_path: Path, then: CallClass, reason: str, expected: tuple[str, str | None]
) -> None:
    """Chest pain must not ring as a plain call because the server is away; nothing is made smaller by a notice."""
    with TestWard(tmp_path) as ward:
        ward.served.mute = True
        cart = ward.device()
        heard = CallNotice(id=CALL, bed="1", cls="P2", raised_at=NOW)
        wait_until(lambda: cart.status().online and ward.served.link.connected, "both are online")

        def tell(notice: CallNotice) -> None:
            payload = notice.model_dump_json(exclude_none=True).encode()
            assert ward.served.link.publish(topics.calls(WARD, notice.bed), payload)

        tell(heard)
        wait_until(lambda: [c.cls for c in cart.replica.calls()] == ["P2"], "the call is heard")
        tell(heard.model_copy(update={"cls": then, "reason": reason}))
        tell(heard.model_copy(update={"id": CALL.replace("ca", "cb")}))
        wait_until(lambda: len(cart.replica.calls()) == 2, "what came after both is heard")

        first = next(call for call in cart.replica.calls() if call.id == CALL)
        assert (first.cls, first.reason) == expected
