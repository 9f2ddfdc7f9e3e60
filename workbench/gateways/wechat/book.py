"""What the gateway holds of orders and refunds, and its rules. No HTTP and no signatures; instants come in.

Rules and error codes: ward domain sheet 7.3 (V where marked there; codes of refusals K).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workbench.gateways.keys import digits, word

REFUND_WITHIN = timedelta(days=365)
MOST_REFUNDS = 50


class Refused(Exception):
    """An error of the API: HTTP status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass
class Order:
    """One order. `state` is the API's trade_state."""

    ask: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime
    state: str = "NOTPAY"
    code_url: str = field(default_factory=lambda: f"weixin://wxpay/bizpayurl?pr={word(9)}")
    transaction_id: str = ""
    paid_at: datetime | None = None
    openid: str = ""
    refunds: list[Refund] = field(default_factory=list)

    @property
    def no(self) -> str:
        """The merchant's number."""
        return str(self.ask["out_trade_no"])

    @property
    def total(self) -> int:
        """Fen."""
        return int(self.ask["amount"]["total"])


@dataclass
class Refund:
    """One refund. `status` is the API's."""

    order: Order
    out_refund_no: str
    fen: int
    reason: str
    asked_at: datetime
    refund_id: str = field(default_factory=lambda: "5030" + digits(25))
    status: str = "PROCESSING"
    done_at: datetime | None = None


class Book:
    """Everything the gateway remembers. `refunds_apart`: the least time between two refunds of one order."""

    def __init__(self, refunds_apart: timedelta) -> None:
        self._apart = refunds_apart
        self.orders: dict[str, Order] = {}
        self.refunds: dict[str, Refund] = {}

    def create(self, ask: Mapping[str, Any], now: datetime, expires_at: datetime) -> Order:
        """The order of this ask: a new one, or the same again."""
        known = self.orders.get(str(ask["out_trade_no"]))
        if known is None:
            known = self.orders[str(ask["out_trade_no"])] = Order(ask, now, expires_at)
            return known
        if known.state in ("SUCCESS", "REFUND"):
            raise Refused(400, "ORDERPAID", "该订单已支付")
        if known.state == "CLOSED":
            raise Refused(400, "ORDER_CLOSED", "该订单已关闭")
        if known.total != ask["amount"]["total"] or known.ask["description"] != ask["description"]:
            raise Refused(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")
        return known

    def order(self, no: str) -> Order:
        """The order of this number."""
        try:
            return self.orders[no]
        except KeyError:
            raise Refused(404, "ORDER_NOT_EXIST", "订单不存在") from None

    def pay(self, no: str, now: datetime) -> Order:
        """The payer has paid."""
        order = self.order(no)
        if order.state != "NOTPAY" or now >= order.expires_at:
            raise Refused(400, "ORDER_CLOSED", "订单已过期或关闭")
        order.state, order.paid_at = "SUCCESS", now
        order.transaction_id, order.openid = "42000" + digits(23), "o" + word(27)
        return order

    def close(self, no: str) -> None:
        """Nobody can pay any more."""
        order = self.order(no)
        if order.state in ("SUCCESS", "REFUND"):
            raise Refused(400, "ORDERPAID", "该订单已支付，不能关闭")
        order.state = "CLOSED"

    def refund(self, ask: Mapping[str, Any], now: datetime) -> Refund:
        """The refund of this ask: a new one, or the same again."""
        order = self._order_of(ask)
        if order.paid_at is not None and ask["amount"]["total"] != order.total:
            raise Refused(400, "INVALID_REQUEST", "订单金额不一致")
        return self.refund_of(
            order, str(ask["out_refund_no"]), int(ask["amount"]["refund"]), str(ask.get("reason", "")), now
        )

    def refund_of(self, order: Order, out_refund_no: str, fen: int, reason: str, now: datetime) -> Refund:
        """So many fen of this order back."""
        known = self.refunds.get(out_refund_no)
        if known is not None:
            if known.order is not order or known.fen != fen:
                raise Refused(400, "INVALID_REQUEST", "退款单号重复且参数不一致")
            return known
        if order.state not in ("SUCCESS", "REFUND") or order.paid_at is None:
            raise Refused(400, "INVALID_REQUEST", "订单未支付")
        if now > order.paid_at + REFUND_WITHIN:
            raise Refused(400, "INVALID_REQUEST", "订单已超过可退款的最大期限")
        counted = self.refunds_of(order)
        if fen + sum(each.fen for each in counted) > order.total:
            raise Refused(400, "INVALID_REQUEST", "退款金额大于可退金额")
        if len(counted) >= MOST_REFUNDS:
            raise Refused(400, "INVALID_REQUEST", "部分退款次数超过限制")
        if counted and now < max(each.asked_at for each in counted) + self._apart:
            raise Refused(429, "FREQUENCY_LIMITED", "频率限制")
        made = self.refunds[out_refund_no] = Refund(order, out_refund_no, fen, reason, now)
        order.refunds.append(made)
        order.state = "REFUND"
        return made

    def settle(self, out_refund_no: str, status: str, now: datetime) -> Refund:
        """What became of a refund that was in progress."""
        made = self.refund_called(out_refund_no)
        made.status = status
        made.done_at = now if status == "SUCCESS" else None
        return made

    def refund_called(self, out_refund_no: str) -> Refund:
        """The refund of this number."""
        try:
            return self.refunds[out_refund_no]
        except KeyError:
            raise Refused(404, "RESOURCE_NOT_EXISTS", "退款单不存在") from None

    def refunds_of(self, order: Order) -> list[Refund]:
        """Refunds of an order that take or took money from it."""
        return [each for each in order.refunds if each.status != "CLOSED"]

    def _order_of(self, ask: Mapping[str, Any]) -> Order:
        for order in self.orders.values():
            if ask.get("out_trade_no") == order.no or (
                order.transaction_id and ask.get("transaction_id") == order.transaction_id
            ):
                return order
        raise Refused(404, "RESOURCE_NOT_EXISTS", "订单不存在")
