"""What bills of all channels have in common: yuan on paper, sums that must be right, lines with a name."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from server.payments.port import PaymentFault
from wardlink import money
from wardlink.clock import WARD_ZONE
from wardlink.errors import InvalidInput
from wardlink.i18n import N_

_SUM = re.compile(r"(-?)(\d+)\.(\d\d)", re.ASCII)
_MORE = re.compile(r"(-?\d+\.\d\d)(\d+)", re.ASCII)


class BillUnreadable(PaymentFault):
    """A bill that is not whole, or not written as the channel says; none of its lines may be believed."""

    status = 502
    code = "bill-unreadable"
    sentence = N_("The bill of the payment channel cannot be read: {detail}. Fetch it again, or call the technician.")


def fen_of(text: str, line: int) -> int:
    """An amount of a bill in fen.

    Raises:
        BillUnreadable: it is none; says in which line.
    """
    try:
        return money.fen(text.strip(), signed=True)
    except InvalidInput as exc:
        raise BillUnreadable(detail=f"{line}") from exc


def instant_of(text: str, line: int) -> datetime:
    """A time of a bill, `2026-11-25 10:00:00` in the channels' zone, in UTC.

    A bill has one in every line: the parser of ISO dates takes a tenth of the time that `strptime` does, and the marks
    are checked because it would take other forms as well.

    Raises:
        BillUnreadable: it is none; says in which line.
    """
    if len(text) != 19 or (text[4], text[7], text[10], text[13], text[16]) != ("-", "-", " ", ":", ":"):
        raise BillUnreadable(detail=f"{line}")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=WARD_ZONE).astimezone(UTC)
    except ValueError as exc:
        raise BillUnreadable(detail=f"{line}") from exc


def sum_of(text: str, line: int) -> int:
    """A sum over a day in fen: it may be more than any one amount.

    Raises:
        BillUnreadable: it is none; says in which line.
    """
    found = _SUM.fullmatch(text.strip())
    if found is None:
        raise BillUnreadable(detail=f"{line}")
    fen = int(found[2]) * 100 + int(found[3])
    return -fen if found[1] else fen


def fee_of(text: str, line: int) -> int:
    """A fee in fen, half a fen rounded away from zero: bills write fees with more decimals than money has.

    Raises:
        BillUnreadable: it is none; says in which line.
    """
    found = _MORE.fullmatch(text.strip())
    if found is None:
        return fen_of(text, line)
    whole = fen_of(found[1], line)
    up = 1 if found[2][0] >= "5" else 0
    return whole - up if text.strip().startswith("-") else whole + up
