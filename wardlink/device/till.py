"""Payments at the bed, asked of the server with the terminal's own credential: for whoever lies in its bed now.

Every method waits for the answer; nothing is kept on this device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter, ValidationError

from wardlink.errors import MessageUnreadable
from wardlink.messages.commands import faults
from wardlink.messages.payments import PaymentView, Ways

if TYPE_CHECKING:
    from wardlink.messages.payments import NewPayment

CODE_TIMEOUT_S = 12.0
"""The server waits for the payment channel itself before it can answer with a code."""

_VIEWS = TypeAdapter(list[PaymentView])


class Asks(Protocol):
    """Who can ask the server, see `wardlink.device.http.WardHttp`."""

    def ask(self, method: str, path: str, body: str | None = None, *, timeout_s: float | None = None) -> bytes:
        """The answer of the server."""


class Till:
    """Where the terminal pays.

    Raises, everywhere:
        Unreachable: no answer; whether something was asked for is not known.
        NotAllowed: another patient lies in this bed now, or nobody.
        Collision: it cannot be so, or not any more.
    """

    def __init__(self, http: Asks) -> None:
        self._http = http

    def ways(self) -> list[str]:
        """The channels that are switched on, by their names."""
        return _read_ways(self._http.ask("GET", "/api/v1/pay/channels"))

    def of_stay(self, encounter: str) -> list[PaymentView]:
        """The payments of a stay, the newest first."""
        content = self._http.ask("GET", f"/api/v1/encounters/{encounter}/payments")
        try:
            return _VIEWS.validate_json(content)
        except ValidationError as exc:
            raise MessageUnreadable(detail=faults(exc)) from exc

    def begin(self, encounter: str, wanted: NewPayment) -> PaymentView:
        """A payment with a code to scan. The same `wanted` again is the same payment."""
        path = f"/api/v1/encounters/{encounter}/payments"
        return _read(self._http.ask("POST", path, wanted.model_dump_json(), timeout_s=CODE_TIMEOUT_S))

    def look(self, id: str) -> PaymentView:
        """How a payment stands, as the server knows it."""
        return _read(self._http.ask("GET", f"/api/v1/payments/{id}"))

    def confirm(self, id: str) -> PaymentView:
        """The same, after the server has asked the channel."""
        return _read(self._http.ask("POST", f"/api/v1/payments/{id}/ask", timeout_s=CODE_TIMEOUT_S))

    def close(self, id: str) -> PaymentView:
        """Let nobody pay it any more. What has been paid meanwhile stays paid."""
        return _read(self._http.ask("POST", f"/api/v1/payments/{id}/close", timeout_s=CODE_TIMEOUT_S))


def _read(content: bytes) -> PaymentView:
    try:
        return PaymentView.model_validate_json(content)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def _read_ways(content: bytes) -> list[str]:
    try:
        return Ways.model_validate_json(content).channels
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc
