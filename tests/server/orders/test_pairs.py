"""Whatever a cart did without a network, times whatever the ward did meanwhile: kept, and none passes silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.server.orders.ward import active, do, doses, gives, tid
from tests.server.wards import DESK, OTHER_NURSE, STAY_1, SmallWard
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseView
from wardlink.messages.encounters import Discharge, Transfer

Meanwhile = Callable[[SmallWard, str, DoseView], object]


def _by_other_cart(kind: str, **more: Any) -> Meanwhile:
    def happens(ward: SmallWard, order: str, dose: DoseView) -> None:
        ward.take(gives(ward.cart_2, dose, kind, actor=OTHER_NURSE, **more))

    return happens


def _now(ward: SmallWard) -> str:
    return ward.clock.now().isoformat()


MEANWHILE: dict[str, Meanwhile] = {
    "nothing": lambda ward, order, dose: None,
    "stopped": lambda ward, order, dose: do(ward, "order.stop", {"order": order, "stop_at": _now(ward)}),
    "on hold": lambda ward, order, dose: do(ward, "order.hold", {"order": order, "reason": "x-ray"}),
    "taken back": lambda ward, order, dose: do(ward, "order.cancel", {"order": order, "reason": "wrong"}),
    "replaced": lambda ward, order, dose: do(
        ward, "order.issue", tid(ward) | {"replaces": order, "start_at": _now(ward)}
    ),
    "moved": lambda ward, order, dose: ward.core.execute(
        "encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1
    ),
    "discharged": lambda ward, order, dose: ward.core.execute(
        "encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1
    ),
    "given": _by_other_cart("dose.give"),
    "held": _by_other_cart("dose.withhold", why="held", reason="x-ray"),
    "refused": _by_other_cart("dose.withhold", why="refused", reason="nausea"),
    "missed": _by_other_cart("dose.withhold", why="missed", reason="forgotten"),
}

CART: dict[str, dict[str, Any]] = {
    "gave": {"kind": "dose.give"},
    "started": {"kind": "dose.start", "volume_ml": 250, "rate_ml_per_h": 100},
    "held": {"kind": "dose.withhold", "why": "held", "reason": "operation"},
    "refused": {"kind": "dose.withhold", "why": "refused", "reason": "nausea"},
    "missed": {"kind": "dose.withhold", "why": "missed", "reason": "forgotten"},
}

GIVEN = {
    "nothing": ("", ""),
    "stopped": ("given-after-stop", ""),
    "on hold": ("given-on-hold", ""),
    "taken back": ("given-cancelled", "given-cancelled"),
    "replaced": ("given-superseded", ""),
    "moved": ("other-ward", ""),
    "discharged": ("after-discharge", ""),
    "given": ("given-twice", "given-twice"),
    "held": ("dose-contradicts", "dose-contradicts"),
    "refused": ("dose-contradicts", "dose-contradicts"),
    "missed": ("dose-contradicts", "dose-contradicts"),
}
"""What is put before a person when the ward's event came first, and when the cart's deed did."""

NOT_GIVEN = {
    "nothing": ("", ""),
    # Nothing was given of what was not to be given: the two stories agree.
    "stopped": ("", ""),
    "on hold": ("", ""),
    "taken back": ("", ""),
    "replaced": ("", ""),
    "moved": ("other-ward", ""),
    "discharged": ("after-discharge", ""),
    "given": ("dose-contradicts", "dose-contradicts"),
    "held": ("dose-contradicts", "dose-contradicts"),
    "refused": ("dose-contradicts", "dose-contradicts"),
    "missed": ("dose-contradicts", "dose-contradicts"),
}

# What was begun in time drips on when its order ends.
STARTED = GIVEN | {
    "stopped": ("given-after-stop", "runs-after-stop"),
    "replaced": ("given-superseded", "runs-after-stop"),
}

ROWS = {"gave": GIVEN, "started": STARTED, "held": NOT_GIVEN, "refused": NOT_GIVEN, "missed": NOT_GIVEN}
TABLE = {(did, meanwhile): found for did, row in ROWS.items() for meanwhile, found in row.items()}


def test_every_pair_is_in_the_table() -> None:
    """A new act or a new event gets its row or its column."""
    assert set(TABLE) == {(did, meanwhile) for did in CART for meanwhile in MEANWHILE}


@pytest.mark.parametrize("first", ["ward", "cart"])
@pytest.mark.parametrize(("did", "meanwhile"), [(d, m) for d in CART for m in MEANWHILE])
def test_what_comes_of_it(ward: SmallWard, did: str, meanwhile: str, first: str) -> None:
    """The entry stands in the dose, and what does not fit is put before a person with both stories."""
    order = active(ward)
    dose = doses(ward, order)[1]
    ward.clock.advance(60)
    command = offline(ward, did, dose) if first == "cart" else None
    ward.clock.advance(60)
    MEANWHILE[meanwhile](ward, order, dose)
    before = len(ward.exceptions())
    ward.clock.advance(60)
    command = command or offline(ward, did, dose)
    ward.clock.advance(3600)

    answer = ward.answer(command)

    found = [row.kind for row in ward.exceptions()[before:]]
    kept = next(kept for kept in doses(ward, order) if kept.id == dose.id)
    assert answer.outcome == "applied"
    assert found == [kind for kind in [TABLE[did, meanwhile][first == "cart"]] if kind]
    assert command.id in {event.command for event in kept.events}


def offline(ward: SmallWard, did: str, dose: DoseView) -> Command:
    """What the cart says of it, an hour before it is heard."""
    how = dict(CART[did])
    return gives(ward.cart, dose, how.pop("kind"), **how)
