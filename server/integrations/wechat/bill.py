"""The trade bill of WeChat Pay: yuan, a back-tick before each field, two lines of sums at the end. Read as it streams.

Columns are found by their names. The sums must be those of the lines: a file that was cut off is not believed.
Source: ward domain sheet 7.3 (V; names of columns as in the public bill).
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from server.integrations.bills import BillUnreadable, fee_of, fen_of, instant_of, sum_of
from server.payments.port import BillRow

_AT, _STATE, _NUMBER, _OURS = "交易时间", "交易状态", "微信订单号", "商户订单号"
_REFUND, _OUR_REFUND, _REFUND_STATE = "微信退款单号", "商户退款单号", "退款状态"
_FEE, _TOTAL, _REFUNDED = "手续费", "订单金额", "申请退款金额"
_NEEDED = (_AT, _STATE, _NUMBER, _OURS, _REFUND, _OUR_REFUND, _REFUND_STATE, _FEE, _TOTAL, _REFUNDED)
_COUNT, _SUM, _REFUND_SUM = "总交易单数", "订单总金额", "申请退款总金额"
_GZIP = 16 + zlib.MAX_WBITS
_MOST_BYTES = 1 << 30


def unpack(pieces: Iterable[bytes], into: IO[bytes]) -> str:
    """Write a file that comes packed with gzip; gives the SHA-1 of what was in it, in hexadecimal.

    Raises:
        BillUnreadable: it is not packed, not whole, or larger than any bill.
    """
    packed, digest, size = zlib.decompressobj(_GZIP), hashlib.sha1(usedforsecurity=False), 0
    try:
        for piece in pieces:
            clear = packed.decompress(piece)
            digest.update(clear)
            into.write(clear)
            size += len(clear)
            if size > _MOST_BYTES:
                raise BillUnreadable(detail=f"> {_MOST_BYTES} B")
    except zlib.error as exc:
        raise BillUnreadable(detail="gzip") from exc
    if not packed.eof:
        raise BillUnreadable(detail="gzip")
    return digest.hexdigest()


def rows(file: IO[bytes]) -> Iterator[BillRow]:
    """The lines of a bill.

    Raises:
        BillUnreadable: a column is missing, a field is none, or the sums are not those of the lines. The sums stand
            at the end: the error comes after the lines.
    """
    lines = io.TextIOWrapper(file, "utf-8-sig", newline=None)
    try:
        yield from _rows(enumerate(lines, 1))
    except UnicodeDecodeError as exc:
        raise BillUnreadable(detail="UTF-8") from exc
    finally:
        lines.detach()


def _rows(lines: Iterator[tuple[int, str]]) -> Iterator[BillRow]:
    _, head = next(lines, (1, ""))
    at = {name: number for number, name in enumerate(_fields(head))}
    missing = [name for name in _NEEDED if name not in at]
    if missing:
        raise BillUnreadable(detail="、".join(missing))
    income = given_back = 0
    for count, (line, text) in enumerate(lines):
        if not text.startswith("`"):
            _check(text, next(lines, (line + 1, "")), (count, income, given_back))
            return
        fields = _fields(text)
        if len(fields) != len(at):
            raise BillUnreadable(detail=f"{line}")
        row = _row({name: fields[at[name]] for name in _NEEDED}, line)
        income += row.amount_fen if row.kind == "payment" else 0
        given_back += row.amount_fen if row.kind == "refund" else 0
        yield row
    raise BillUnreadable(detail=_COUNT)


def _row(field: dict[str, str], line: int) -> BillRow:
    is_payment = field[_STATE] == "SUCCESS"
    return BillRow(
        kind="payment" if is_payment else "refund",
        out_trade_no=field[_OURS],
        channel_trade_no=field[_NUMBER],
        amount_fen=abs(fen_of(field[_TOTAL if is_payment else _REFUNDED], line)),
        fee_fen=fee_of(field[_FEE], line),
        at=instant_of(field[_AT], line),
        state=field[_STATE if is_payment else _REFUND_STATE],
        out_refund_no=None if is_payment else field[_OUR_REFUND],
        channel_refund_no=None if is_payment else field[_REFUND],
    )


def _check(names: str, sums: tuple[int, str], seen: tuple[int, int, int]) -> None:
    line, text = sums
    told = dict(zip(_fields(names), _fields(text), strict=False))
    try:
        found = (int(told[_COUNT]), sum_of(told[_SUM], line), sum_of(told[_REFUND_SUM], line))
    except (KeyError, ValueError) as exc:
        raise BillUnreadable(detail=_COUNT) from exc
    if found != seen:
        raise BillUnreadable(detail=f"{_COUNT}、{_SUM}、{_REFUND_SUM}")


def _fields(line: str) -> list[str]:
    # A name of goods may hold a comma: what parts fields is the comma with the back-tick behind it.
    line = line.rstrip("\r\n")
    return line[1:].split(",`") if line.startswith("`") else line.split(",")
