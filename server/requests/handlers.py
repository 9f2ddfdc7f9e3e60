"""Which function applies which command about a request."""

from __future__ import annotations

from server.handlers import Handler
from server.requests.handling import cancel, report
from server.requests.placing import place

_BOTH = frozenset({"terminal", "cart"})

HANDLERS = {
    "request.place": Handler(place, request=True, devices=_BOTH),
    "request.cancel": Handler(cancel, request=True, devices=_BOTH),
    # A cart that lacks the right, or an answer, is told so: nothing has happened in the ward yet.
    **{f"request.{act}": Handler(report, request=True) for act in ("accept", "begin", "complete", "reject")},
}
