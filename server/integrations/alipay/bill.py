"""The trade bill of Alipay: a zip of CSV files in GBK, yuan, refunds below nought, sums behind the lines.

Columns are found by their names. Number and sum of the lines must be those that stand below them: a file that was cut
off is not believed. Source: ward domain sheet 7.4 (K for the format: to be confirmed with the first real bill).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from server.integrations.bills import BillUnreadable, fee_of, fen_of, instant_of, sum_of
from server.payments.port import BillRow

_NUMBER, _OURS, _KIND, _AT = "支付宝交易号", "商户订单号", "业务类型", "完成时间"
_TOTAL, _RECEIVED, _REQUEST, _FEE = "订单金额（元）", "商家实收（元）", "退款批次号/请求号", "服务费（元）"
_NEEDED = (_NUMBER, _OURS, _KIND, _AT, _TOTAL, _RECEIVED, _REQUEST, _FEE)
_KINDS = {"交易": "payment", "退款": "refund"}
_SUMS = re.compile(r"#(交易|退款)合计[：:](\d+)笔.*?共(-?[\d.]+)元")
_UTF8_NAME = 0x800
_MOST_BYTES = 1 << 30


def rows(file: IO[bytes]) -> Iterator[BillRow]:
    """The lines of a bill.

    Raises:
        BillUnreadable: no bill, a column is missing, a field is none, or the sums are not those of the lines. The
            sums stand at the end: the error comes after the lines.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            name = _details(archive)
            with archive.open(name) as packed, io.TextIOWrapper(packed, "gb18030", newline=None) as lines:
                yield from _rows(lines)
    except (zipfile.BadZipFile, zlib.error, EOFError) as exc:
        raise BillUnreadable(detail="zip") from exc
    except UnicodeDecodeError as exc:
        raise BillUnreadable(detail="GBK") from exc
    except csv.Error as exc:
        raise BillUnreadable(detail="csv") from exc


def _details(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    for info in archive.infolist():
        name = info.filename
        if not info.flag_bits & _UTF8_NAME:
            name = name.encode("cp437").decode("gb18030", errors="replace")
        if name.endswith(".csv") and "汇总" not in name:
            if info.file_size > _MOST_BYTES:
                raise BillUnreadable(detail=f"> {_MOST_BYTES} B")
            return info
    raise BillUnreadable(detail="csv")


def _rows(lines: Iterable[str]) -> Iterator[BillRow]:
    at: dict[str, int] = {}
    seen = {kind: [0, 0] for kind in _KINDS}
    told: dict[str, list[int]] = {}
    line = 0

    def without_remarks() -> Iterator[str]:
        nonlocal line
        for line, text in enumerate(lines, 1):
            if not text.startswith("#"):
                yield text
                continue
            found = _SUMS.match(text)
            if found is not None:
                told[found[1]] = [int(found[2]), abs(sum_of(found[3], line))]

    for fields in csv.reader(without_remarks()):
        if not at:
            at = _columns([field.strip() for field in fields])
        elif len(fields) > max(at.values()):
            row, received = _row({name: fields[number].strip() for name, number in at.items()}, line)
            seen[row.state][0] += 1
            seen[row.state][1] += received
            yield row
        elif fields:
            raise BillUnreadable(detail=f"{line}")
    if not at or told != seen:
        raise BillUnreadable(detail="合计")


def _columns(fields: list[str]) -> dict[str, int]:
    # Brackets are full in some bills and half in others.
    names = [name.replace("(", "（").replace(")", "）") for name in fields]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BillUnreadable(detail="、".join(missing))
    return {name: number for number, name in enumerate(names) if name in _NEEDED}


def _row(field: dict[str, str], line: int) -> tuple[BillRow, int]:
    state = field[_KIND]
    if state not in _KINDS:
        raise BillUnreadable(detail=f"{line}")
    is_payment = state == "交易"
    amount_fen = abs(fen_of(field[_TOTAL], line))
    row = BillRow(
        kind="payment" if is_payment else "refund",
        out_trade_no=field[_OURS],
        channel_trade_no=field[_NUMBER],
        amount_fen=amount_fen,
        # What Alipay takes stands below nought.
        fee_fen=-fee_of(field[_FEE], line),
        at=instant_of(field[_AT], line),
        state=state,
        out_refund_no=None if is_payment else field[_REQUEST],
    )
    is_same = field[_RECEIVED] == field[_TOTAL]
    return row, amount_fen if is_same else abs(fen_of(field[_RECEIVED], line))
