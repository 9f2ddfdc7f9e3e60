"""The trade bill of a day as Alipay gives it: a zip with two CSV files in GBK, yuan, refunds below nought.

Columns as in the public bill (ward domain sheet 7.4: V2 for the name, K for the format).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from wardlink.clock import WARD_ZONE, ward_date, ward_time
from workbench.gateways.alipay.book import Book, Refund, Trade

COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
_FEE_PER_10_000 = 60
_SHOWN = "%Y年%m月%d日 %H:%M:%S"


def bill(book: Book, seller: str, on: date) -> bytes:
    """The zip of a day: the lines, and their sums by shop."""
    paid = [each for each in book.trades.values() if each.paid_at is not None and ward_date(each.paid_at) == on]
    given_back = [each for each in book.refunds.values() if ward_date(each.at) == on]
    name = f"{seller}0156_{on:%Y%m%d}_业务明细"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, text in (("", _lines(seller, on, paid, given_back)), ("(汇总)", _by_shop(seller, on))):
            archive.writestr(_Named(f"{name}{suffix}.csv"), text.encode("gbk"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Named(zipfile.ZipInfo):
    """A file whose name stands in the zip as Alipay writes it: in GBK, and without the mark that says how."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits


def _lines(seller: str, on: date, paid: list[Trade], given_back: list[Refund]) -> str:
    income, back = sum(each.code.fen for each in paid), sum(each.fen for each in given_back)
    return "\r\n".join(
        [
            "#支付宝业务明细查询",
            *_period(seller, on),
            f"#{'-' * 41}业务明细列表{'-' * 40}",
            COLUMNS,
            *(_paid(each) for each in paid),
            *(_refund(each) for each in given_back),
            f"#{'-' * 41}业务明细列表结束{'-' * 36}",
            f"#交易合计：{len(paid)}笔，商家实收共{_yuan(income)}元，商家优惠共0.00元",
            f"#退款合计：{len(given_back)}笔，商家实收退款共{_yuan(-back)}元，商家优惠退款共0.00元",
            f"#导出时间：[{_midnight(on + timedelta(days=1)).strftime(_SHOWN)}]",
            "",
        ]
    )


def _by_shop(seller: str, on: date) -> str:
    names = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）"
    return "\r\n".join(["#支付宝业务汇总查询", *_period(seller, on), f"#{'-' * 41}业务汇总列表{'-' * 40}", names, ""])


def _period(seller: str, on: date) -> Iterable[str]:
    since, until = (_midnight(day).strftime(_SHOWN) for day in (on, on + timedelta(days=1)))
    return (f"#账号：[{seller}0156]", f"#起始日期：[{since}]   终止日期：[{until}]")


def _midnight(on: date) -> datetime:
    return datetime.combine(on, datetime.min.time(), WARD_ZONE)


def _paid(trade: Trade) -> str:
    assert trade.paid_at is not None
    fee = _yuan(-_fee(trade.code.fen))
    return _line(trade, "交易", trade.made_at, trade.paid_at, trade.code.fen, "", fee)


def _refund(refund: Refund) -> str:
    fee = _yuan(_fee(refund.fen))
    return _line(refund.trade, "退款", refund.at, refund.at, -refund.fen, refund.out_request_no, fee)


def _line(trade: Trade, kind: str, made: datetime, done: datetime, fen: int, request: str, fee: str) -> str:
    at = [ward_time(each).strftime("%Y-%m-%d %H:%M:%S") for each in (made, done)]
    nothing = ["0.00"] * 5
    fields = [
        *(f"{trade.trade_no}\t", f"{trade.code.no}\t", kind, f"{trade.code.subject:<40}", *at, "", "", "", ""),
        *(
            "*测试(tes***@example.com)",
            _yuan(fen),
            _yuan(fen),
            *nothing,
            "",
            "0.00",
            "0.00",
            request and f"{request}\t",
        ),
        *(fee, "0.00", ""),
    ]
    return ",".join(fields)


def _fee(fen: int) -> int:
    return (fen * _FEE_PER_10_000 + 5_000) // 10_000


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
