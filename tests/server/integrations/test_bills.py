"""Bill files of both channels: yuan become fen, refunds lose their sign, and what is not whole is not believed."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.integrations.alipay import bill as alipay_bill
from server.integrations.bills import BillUnreadable, fee_of, fen_of, instant_of
from server.integrations.wechat import bill as wechat_bill
from server.payments.port import BillRow
from workbench.gateways.alipay import bill as alipay_written
from workbench.gateways.alipay.book import Book as AlipayBook
from workbench.gateways.alipay.book import Code
from workbench.gateways.wechat import bill as wechat_written
from workbench.gateways.wechat.book import Book as WechatBook

ON = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
Payments = list[tuple[int, int]]
"""Amount, and how much of it was given back."""


def wechat_file(payments: Payments, goods: str = "预交金") -> bytes:
    """WeChat's bill of these payments."""
    book = WechatBook(timedelta(0))
    for number, (fen, back) in enumerate(payments):
        no = f"W{number:06d}"
        ask = {"out_trade_no": no, "appid": "wx1", "mchid": "19", "description": goods, "amount": {"total": fen}}
        book.create(ask, AT, AT + timedelta(hours=1))
        book.pay(no, AT)
        if back:
            book.refund({"out_trade_no": no, "out_refund_no": f"R{no}", "amount": {"refund": back, "total": fen}}, AT)
            book.settle(f"R{no}", "SUCCESS", AT)
    return wechat_written.bill(book, ON, "ALL")


def alipay_file(payments: Payments, goods: str = "预交金") -> bytes:
    """Alipay's bill of these payments."""
    book = AlipayBook()
    for number, (fen, back) in enumerate(payments):
        no = f"W{number:06d}"
        code = book.precreate(Code(no, fen, goods, AT + timedelta(hours=1), timedelta(hours=1), ""))
        book.pay(code.qr, AT)
        if back:
            book.refund(no, f"R{no}", back, AT)
    return alipay_written.bill(book, "2088000000000000", ON)


def read_wechat(data: bytes) -> list[BillRow]:
    """What the adapter reads."""
    return list(wechat_bill.rows(io.BytesIO(data)))


def read_alipay(data: bytes) -> list[BillRow]:
    """What the adapter reads."""
    return list(alipay_bill.rows(io.BytesIO(data)))


def lines_of(packed: bytes) -> str:
    """The lines in Alipay's zip."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read(archive.infolist()[0]).decode("gbk")


def zipped(text: str) -> bytes:
    """Alipay's zip around some lines."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20880000_20261125_业务明细.csv", text.encode("gbk"))
    return packed.getvalue()


CHANNELS = [
    pytest.param(wechat_file, read_wechat, id="wechat"),
    pytest.param(alipay_file, read_alipay, id="alipay"),
]
Write, Read = Callable[..., bytes], Callable[[bytes], list[BillRow]]


@pytest.mark.parametrize(("write", "read"), CHANNELS)
class TestLines:
    """What holds for both channels."""

    @settings(max_examples=40, deadline=None)
    @given(data=st.data())
    def test_every_line_is_read_to_the_fen(self, write: Write, read: Read, data: st.DataObject) -> None:
        """Amounts, refunds, times and numbers are those that were written."""
        fens = data.draw(st.lists(st.integers(1, 10_000_000_000), max_size=5))
        payments = [(fen, data.draw(st.integers(0, fen))) for fen in fens]
        rows = read(write(payments))

        paid = [(row.out_trade_no, row.amount_fen) for row in rows if row.kind == "payment"]
        back = [(row.out_trade_no, row.out_refund_no, row.amount_fen) for row in rows if row.kind == "refund"]
        numbered = [(f"W{number:06d}", *payment) for number, payment in enumerate(payments)]
        assert paid == [(no, fen) for no, fen, _ in numbered]
        assert back == [(no, f"R{no}", given_back) for no, _, given_back in numbered if given_back]
        assert all(row.at == AT for row in rows)

    def test_fees_are_what_the_channel_takes(self, write: Write, read: Read) -> None:
        """Six per mille of a payment; below nought where they are given back."""
        payment, refund = read(write([(10_000, 5_000)]))

        assert (payment.fee_fen, refund.fee_fen) == (60, -30)

    def test_an_empty_day_has_no_lines(self, write: Write, read: Read) -> None:
        """And is whole all the same."""
        assert read(write([])) == []


class TestWechat:
    """Back-ticks, sums, and the hash's file."""

    def test_a_comma_in_the_name_of_goods_parts_nothing(self) -> None:
        """Nor does a back-tick inside a word."""
        (row,) = read_wechat(wechat_file([(5, 0)], "预交金, 一号`楼"))

        assert row.amount_fen == 5

    def test_the_amount_of_the_order_counts_not_what_coupons_left_of_it(self) -> None:
        """The patient's deposit is what the order was for."""
        data = wechat_file([(1_000, 0)]).decode()
        assert "`10.00,`0.00,`0,`0" in data
        (row,) = read_wechat(data.replace("`10.00,`0.00,`0,`0", "`8.00,`2.00,`0,`0").encode())

        assert row.amount_fen == 1_000

    @pytest.mark.parametrize(
        "damage",
        [
            lambda text: "\r\n".join(text.split("\r\n")[:-3]),
            lambda text: "\r\n".join(line for no, line in enumerate(text.split("\r\n")) if no != 1),
            lambda text: text.replace("`1.00", "`1,00"),
            lambda text: text.replace("商户订单号", "订单号"),
            lambda text: text.replace("`1.00", "`1.001"),
            lambda text: text.replace("2026-11-25 10", "2026-13-25 10"),
            lambda text: "",
            lambda text: "<html>",
        ],
        ids=["cut", "a line less", "comma", "column", "half a fen", "time", "empty", "a page"],
    )
    def test_what_is_not_whole_is_said(self, damage: Callable[[str], str]) -> None:
        """No bill is taken for one that is only part of it."""
        text = wechat_file([(100, 0), (200, 50)]).decode()
        assert damage(text) != text

        with pytest.raises(BillUnreadable):
            read_wechat(damage(text).encode())

    def test_a_mark_at_the_beginning_is_no_letter(self) -> None:
        """Files for Windows begin with one."""
        assert len(read_wechat(b"\xef\xbb\xbf" + wechat_file([(100, 0)]))) == 1

    @pytest.mark.parametrize("cut", [0, 10, -1])
    def test_a_packed_file_that_was_cut_off_is_said(self, cut: int) -> None:
        """Wherever it ends."""
        packed = gzip.compress(wechat_file([(100, 0)]))

        with pytest.raises(BillUnreadable):
            wechat_bill.unpack([packed[:cut]], io.BytesIO())


class TestAlipay:
    """A zip in GBK, and sums below the lines."""

    @pytest.mark.parametrize(
        "damage",
        [
            lambda text: "\r\n".join(line for line in text.split("\r\n") if "合计" not in line),
            lambda text: "\r\n".join(text.split("\r\n")[:6]),
            lambda text: "\r\n".join(line for no, line in enumerate(text.split("\r\n")) if no != 5),
            lambda text: text.replace(",1.00", ",1.0.0"),
            lambda text: text.replace("商户订单号", "订单号"),
            lambda text: text.replace("交易,", "转账,"),
            lambda text: "",
        ],
        ids=["no sums", "cut", "a line less", "amount", "column", "kind", "empty"],
    )
    def test_what_is_not_whole_is_said(self, damage: Callable[[str], str]) -> None:
        """No bill is taken for one that is only part of it."""
        text = lines_of(alipay_file([(100, 0), (200, 50)]))
        assert damage(text) != text

        with pytest.raises(BillUnreadable):
            read_alipay(zipped(damage(text)))

    @pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04"])
    def test_what_is_no_zip_is_said(self, data: bytes) -> None:
        """A page of an error, or nothing."""
        with pytest.raises(BillUnreadable):
            read_alipay(data)

    def test_names_in_the_zip_are_written_as_alipay_writes_them(self) -> None:
        """In GBK without a mark; the lines are found and not the sums by shop."""
        with zipfile.ZipFile(io.BytesIO(alipay_file([(100, 0)]))) as archive:
            names = [info.filename.encode("cp437").decode("gbk") for info in archive.infolist()]

        assert names == [
            "20880000000000000156_20261125_业务明细.csv",
            "20880000000000000156_20261125_业务明细(汇总).csv",
        ]

    def test_half_brackets_name_the_same_columns(self) -> None:
        """Both are seen."""
        text = lines_of(alipay_file([(100, 0)])).replace("（元）", "(元)")

        assert len(read_alipay(zipped(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-25",
        "2026-11-25T10:00:00",
        "2026-W48-4 10:00:00",
        "2026-13-25 10:00:00",
        "2026-11-25 10:00:60",
        "x" * 19,
    ],
)
def test_a_time_in_another_form_is_named_by_its_line(text: str) -> None:
    """Also where it would be one elsewhere."""
    with pytest.raises(BillUnreadable, match="7"):
        instant_of(text, 7)


def test_a_time_of_a_bill_is_that_of_the_channels_zone() -> None:
    """Given in UTC."""
    assert instant_of("2026-11-25 10:00:00", 1) == AT


@pytest.mark.parametrize(("text", "fen"), [("0.05", 5), ("1.00", 100), ("12345.67", 1_234_567), (" -0.06\t", -6)])
def test_an_amount_of_a_bill(text: str, fen: int) -> None:
    """With a sign, and with the blanks around it."""
    assert fen_of(text, 1) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0.60000", 60),
        ("0.00600", 1),
        ("0.00499", 0),
        ("-0.00500", -1),
        ("0.06", 6),
        ("7.79000", 779),
        ("-0.60000", -60),
    ],
)
def test_a_fee_with_more_decimals_than_money_has(text: str, fen: int) -> None:
    """Half a fen is rounded away from zero."""
    assert fee_of(text, 1) == fen


@pytest.mark.parametrize("text", ["", "1,00", "1e3", "NaN", "1.001", "--1.00", "０.05"])
def test_what_is_no_amount_is_named_by_its_line(text: str) -> None:
    """And never taken for nothing."""
    with pytest.raises(BillUnreadable, match="7"):
        fen_of(text, 7)
