"""Which function applies which command about orders and doses."""

from __future__ import annotations

from server.handlers import Handler
from server.orders.acting import act
from server.orders.giving import report
from server.orders.issuing import issue
from server.orders.skin_tests import HANDLERS as skin_tests
from server.orders.verbal import HANDLERS as verbal
from server.record.handlers import keep

_HERE: frozenset[str] = frozenset()
"""Only through the server's own entrances."""
_CART = frozenset({"cart"})

HANDLERS = {
    "order.issue": Handler(issue, request=True, devices=_HERE),
    **{
        kind: Handler(act, request=True, devices=_HERE)
        for kind in ("order.review", "order.hold", "order.resume", "order.stop", "order.cancel", "order.mark-wrong")
    },
    **{kind: Handler(act, request=True, devices=_CART) for kind in ("order.check", "order.reject")},
    **{
        kind: Handler(report)
        for kind in (
            "dose.give",
            "dose.start",
            "dose.patrol",
            "dose.pause",
            "dose.resume",
            "dose.end",
            "dose.withhold",
            "dose.strike",
        )
    },
    **{kind: Handler(keep) for kind in ("lease.take", "lease.release")},
    **skin_tests,
    **verbal,
}
