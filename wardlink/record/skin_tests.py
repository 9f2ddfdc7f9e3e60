"""Skin tests in the ward record, and how a drug stands with them: the same answer on every cart and on the server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from wardlink.clinical.drugs import Named
from wardlink.clinical.skin_test import Injected, Read, Standing, allergy_text, covers, standing
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.messages.skin_tests import SkinTestView
from wardlink.record.kind import Fold, Kind, Said

_TOLD = frozenset(SkinTestView.model_fields)


def _read(known: SkinTestView | None, said: Said) -> SkinTestView:
    command = said.command
    if known is not None:
        return known
    told = {name: getattr(said.body, name) for name in type(said.body).model_fields if name in _TOLD}
    return SkinTestView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        read_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        device=command.device,
        received_at=said.received_at,
        **told,
    )


def _struck(known: SkinTestView | None, said: Said) -> SkinTestView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


SKIN_TEST = Kind(
    "skin-test",
    SkinTestView,
    at=lambda view: view.read_at,
    folds={
        "skin-test.read": Fold(_read),
        "skin-test.strike": Fold(_struck, target=lambda command, body: str(body.test)),
    },
    state=lambda view: view.result if view.struck_at is None else "struck",
    # As long as the drug goes on a test holds; of a longer treatment the doses themselves speak.
    kept_for=timedelta(days=30),
)


def is_skin_test(order: OrderView | None) -> bool:
    """Whether doses of this order are injected to be read, and not to treat."""
    return order is not None and order.category == "skin-test"


def that_count(tests: Iterable[SkinTestView]) -> list[SkinTestView]:
    """Those that were not struck out."""
    return [test for test in tests if test.struck_at is None]


def injected_at(dose: DoseView) -> datetime | None:
    """When a test was injected; None if it was not."""
    return max((event.at for event in dose.givings()), default=None)


def standing_of(
    drug: Named, tests: Iterable[SkinTestView], orders: Iterable[OrderView], doses: Iterable[DoseView], now: datetime
) -> Standing:
    """How a drug stands with the tests and doses of one stay."""
    counted = that_count(tests)
    read = [Read(item, test.result, test.read_at) for test in counted for item in test.items]
    done = {test.dose for test in counted}
    tested = {order.id for order in orders if is_skin_test(order)}
    injected, given = [], []
    for dose in doses:
        for item in dose.items:
            at = injected_at(dose)
            if at is None or not covers(item, drug):
                continue
            if dose.order not in tested:
                given.append(at)
            elif dose.id not in done:
                injected.append(Injected(item, at))
    return standing(drug, read, injected, given_at=given, now=now)


def allergies_with(allergies: tuple[str, ...], tests: Iterable[SkinTestView]) -> tuple[str, ...]:
    """The patient's allergies with those that positive tests have shown, also before the server has heard of them."""
    found = [
        allergy_text(item, test.read_at)
        for test in that_count(tests)
        if test.result == "positive"
        for item in test.items
    ]
    return tuple(dict.fromkeys((*allergies, *found)))
