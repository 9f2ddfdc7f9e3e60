"""The trade bill of a day as WeChat Pay writes it: yuan, a back-tick before each field, a sum at the end.

Columns as in the public bill of API v3; refunds stand on the day they were asked for (ward domain sheet 7.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wardlink.clock import ward_date, ward_time
from workbench.gateways.wechat.book import Book, Order, Refund

COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_FEE_PER_10_000 = 60
_SHOWN = "%Y-%m-%d %H:%M:%S"


def bill(book: Book, on: date, bill_type: str) -> bytes:
    """The file of a day. `bill_type`: ALL, SUCCESS or REFUND."""
    paid = [
        order
        for order in book.orders.values()
        if bill_type in ("ALL", "SUCCESS") and order.paid_at is not None and ward_date(order.paid_at) == on
    ]
    refunds = [
        each
        for each in book.refunds.values()
        if bill_type in ("ALL", "REFUND") and ward_date(each.asked_at) == on and each.status != "CLOSED"
    ]
    income, back = sum(order.total for order in paid), sum(each.fen for each in refunds)
    fees = sum(_fee(order.total) for order in paid) - sum(_fee(each.fen) for each in refunds)
    lines = [COLUMNS, *(_paid(order) for order in paid), *(_given_back(each) for each in refunds), SUMS]
    lines.append(
        _line(
            (
                str(len(paid) + len(refunds)),
                _yuan(income),
                _yuan(back),
                "0.00",
                _yuan(fees) + "000",
                _yuan(income),
                _yuan(back),
            )
        )
    )
    return ("\r\n".join(lines) + "\r\n").encode()


def _paid(order: Order) -> str:
    assert order.paid_at is not None
    return _line(
        (
            *_head(order, ward_time(order.paid_at).strftime(_SHOWN), "SUCCESS"),
            *(_yuan(order.total), "0.00", "0", "0", "0.00", "0.00", "", ""),
            *_tail(order, _yuan(_fee(order.total)), _yuan(order.total), "0.00"),
        )
    )


def _given_back(each: Refund) -> str:
    return _line(
        (
            *_head(each.order, ward_time(each.asked_at).strftime(_SHOWN), "REFUND"),
            *("0.00", "0.00", each.refund_id, each.out_refund_no, _yuan(each.fen), "0.00", "ORIGINAL", each.status),
            *_tail(each.order, "-" + _yuan(_fee(each.fen)), "0.00", _yuan(each.fen)),
        )
    )


def _head(order: Order, at: str, state: str) -> Iterable[str]:
    ask = order.ask
    return (
        *(at, str(ask["appid"]), str(ask["mchid"]), "0", "", order.transaction_id, order.no, order.openid, "NATIVE"),
        *(state, "OTHERS", "CNY"),
    )


def _tail(order: Order, fee: str, total: str, refunded: str) -> Iterable[str]:
    return (str(order.ask["description"]), str(order.ask.get("attach", "")), fee + "000", "0.60%", total, refunded, "")


def _line(fields: Iterable[str]) -> str:
    return ",".join("`" + field for field in fields)


def _fee(fen: int) -> int:
    return (fen * _FEE_PER_10_000 + 5_000) // 10_000


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
