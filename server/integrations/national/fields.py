"""What we know, in the fields of the specification, and back. The wire has yuan as text or number; we have fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from server.insurance.codes import Grade
from server.insurance.port import AccountLine, Bill, Card, Cover, Fee, FeeAnswer, Insured, Settlement, Visit
from server.integrations.national.envelope import Unreadable
from wardlink.clock import ward_time
from wardlink.errors import InvalidInput
from wardlink.money import WHOLE_BP, fen, yuan

FUNDS = ("cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")
"""Funds beside the pooled one, each with an amount of its own in an answer."""

INPATIENT = "21"
"""Kind of clearing (clr_type) of inpatients. Needs the province's confirmation (K)."""

_ACTIVE = "1"
_SEXES = {"1": "male", "2": "female"}


def amount(node: Mapping[str, Any], name: str) -> int:
    """An amount of an answer in fen; one that is left out is 0.

    Raises:
        Unreadable: it is no amount of yuan.
    """
    value = node.get(name)
    if value in (None, ""):
        return 0
    text = str(value)
    whole, point, part = text.partition(".")
    if point and len(part) > 2 and not part[2:].strip("0"):
        # Some provinces write four decimals; the last two are zeros.
        text = f"{whole}.{part[:2]}"
    try:
        return fen(text)
    except InvalidInput as exc:
        raise Unreadable(name) from exc


def needed(node: Mapping[str, Any], name: str) -> int:
    """An amount that an answer must have, in fen.

    Raises:
        Unreadable: it is missing or none.
    """
    if node.get(name) in (None, ""):
        raise Unreadable(name)
    return amount(node, name)


def text(node: Mapping[str, Any], name: str) -> str:
    """A text that an answer must have.

    Raises:
        Unreadable: it is missing.
    """
    value = node.get(name)
    if not isinstance(value, str | int) or value == "" or len(str(value)) > 100:
        raise Unreadable(name)
    return str(value)


def part(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A part of an answer.

    Raises:
        Unreadable: it is missing.
    """
    found = node.get(name)
    if not isinstance(found, Mapping):
        raise Unreadable(name)
    return found


def rows(node: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a part of an answer.

    Raises:
        Unreadable: they are none.
    """
    found = node.get(name)
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise Unreadable(name)
    return found


def day_time(at: datetime) -> str:
    """An instant as the platform writes it, on the ward's clock."""
    return f"{ward_time(at):%Y-%m-%d %H:%M:%S}"


def person(output: Mapping[str, Any]) -> Insured:
    """The answer to 1101. A person may have several insurances."""
    base = part(output, "baseinfo")
    return Insured(
        psn_no=text(base, "psn_no"),
        name=text(base, "psn_name"),
        sex=_SEXES.get(str(base.get("gend", "")), "unknown"),
        birth_on=_date(base.get("brdy")),
        id_number=str(base["certno"]) if base.get("certno") else None,
        covers=tuple(
            Cover(
                insutype=text(row, "insutype"),
                active=str(row.get("psn_insu_stas")) == _ACTIVE,
                area=text(row, "insuplc_admdvs"),
                person_type=str(row.get("psn_type", "")),
                balance_fen=amount(row, "balc"),
                civil_servant=str(row.get("cvlserv_flag")) == "1",
            )
            for row in rows(output, "insuinfo")
        ),
    )


def fee_in(visit: Visit, fee: Fee) -> dict[str, str]:
    """A line of 2301."""
    quantity = Decimal(fee.quantity_e4) / 10_000
    return {
        "feedetl_sn": fee.sn,
        "mdtrt_id": visit.mdtrt_id,
        "psn_no": visit.psn_no,
        "med_type": visit.med_type,
        "fee_ocur_time": day_time(fee.at),
        "med_list_codg": fee.national,
        "medins_list_codg": fee.hospital,
        "det_item_fee_sumamt": yuan(fee.amount_fen),
        "cnt": f"{quantity:f}",
        "pric": yuan(fee.price_fen),
    }


def fee_out(row: Mapping[str, Any]) -> FeeAnswer:
    """A line of the answer to 2301."""
    grade = str(row.get("chrgitm_lv", ""))
    if grade not in set(Grade):
        raise Unreadable("chrgitm_lv")
    return FeeAnswer(
        sn=text(row, "feedetl_sn"),
        amount_fen=needed(row, "det_item_fee_sumamt"),
        own_fen=amount(row, "fulamt_ownpay_amt"),
        over_fen=amount(row, "overlmt_amt"),
        first_fen=amount(row, "preselfpay_amt"),
        scope_fen=amount(row, "inscp_scp_amt"),
        grade=Grade(grade),
    )


def bill_in(visit: Visit, bill: Bill, card: Card) -> dict[str, str]:
    """The input of 2303 and 2304."""
    return {
        "psn_no": visit.psn_no,
        "mdtrt_cert_type": card.kind.value,
        "mdtrt_cert_no": card.number,
        "medfee_sumamt": yuan(bill.total),
        "psn_setlway": "01",
        "mdtrt_id": visit.mdtrt_id,
        "acct_used_flag": "1" if bill.use_account else "0",
        "insutype": visit.insutype,
        "invono": bill.invoice,
        "mid_setl_flag": "0",
        "fulamt_ownpay_amt": yuan(bill.own),
        "overlmt_selfpay": yuan(bill.over),
        "preselfpay_amt": yuan(bill.first),
        "inscp_scp_amt": yuan(bill.scope),
        "dscgTime": day_time(visit.discharged_at) if visit.discharged_at else "",
    }


def account_in(insutype: str, on: date, area: str, lines: Sequence[AccountLine]) -> dict[str, str]:
    """The sums of a day (3201, 3202)."""
    return {
        "insutype": insutype,
        "clr_type": INPATIENT,
        "setl_optins": area,
        "stmt_begndate": on.isoformat(),
        "stmt_enddate": on.isoformat(),
        "medfee_sumamt": yuan(sum(line.total for line in lines)),
        "fund_pay_sumamt": yuan(sum(line.fund for line in lines)),
        "acct_pay": yuan(sum(line.account for line in lines)),
        "fixmedins_setl_cnt": str(len(lines)),
    }


def account_line_in(line: AccountLine) -> dict[str, str]:
    """A settlement in the account of a day (3202)."""
    return {
        "setl_id": line.setl_id,
        "mdtrt_id": line.mdtrt_id,
        "psn_no": line.psn_no,
        "medfee_sumamt": yuan(line.total),
        "fund_pay_sumamt": yuan(line.fund),
        "acct_pay": yuan(line.account),
    }


def settlement(info: Mapping[str, Any]) -> Settlement:
    """`setlinfo` of an answer."""
    return Settlement(
        setl_id=str(info.get("setl_id") or ""),
        total=needed(info, "medfee_sumamt"),
        own=amount(info, "fulamt_ownpay_amt"),
        over=amount(info, "overlmt_selfpay"),
        first=amount(info, "preselfpay_amt"),
        scope=amount(info, "inscp_scp_amt"),
        deductible=amount(info, "act_pay_dedc"),
        ratio_bp=_ratio(info.get("pool_prop_selfpay")),
        pooled=amount(info, "hifp_pay"),
        funds={name: amount(info, name) for name in FUNDS if amount(info, name)},
        fund=needed(info, "fund_pay_sumamt"),
        hospital=amount(info, "hosp_part_amt"),
        person=needed(info, "psn_part_amt"),
        account=amount(info, "acct_pay"),
        cash=needed(info, "psn_cash_pay"),
        balance=amount(info, "balc"),
    )


def _ratio(value: Any) -> int:
    # In spite of its name it is the share that the pooled fund pays, as a fraction of one.
    if value in (None, ""):
        return 0
    try:
        ratio = Decimal(str(value))
    except InvalidOperation as exc:
        raise Unreadable("pool_prop_selfpay") from exc
    if not 0 <= ratio <= 1:
        raise Unreadable("pool_prop_selfpay")
    return int(ratio * WHOLE_BP)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError as exc:
        raise Unreadable("brdy") from exc
