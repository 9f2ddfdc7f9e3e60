"""What the local platform pays: plain sums in yuan, on purpose not the engine of the server.

Two programs that share an engine agree on its mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Member:
    """Somebody insured, as this platform knows them; amounts in yuan, `ratio` as a fraction."""

    psn_no: str
    name: str
    id_number: str
    card_number: str
    birth_on: str
    gender: str
    covers: tuple[tuple[str, str], ...] = (("310", "1"),)
    area: str = "510100"
    balance: Decimal = Decimal(0)
    deductible: Decimal = Decimal(800)
    ratio: Decimal = Decimal("0.85")
    frozen: bool = False


@dataclass(frozen=True)
class Item:
    """An item of the catalogue: its class (01, 02, 03), first share, and price limit."""

    grade: str
    first_share: Decimal = Decimal(0)
    limit: Decimal | None = None


def cents(value: Decimal) -> Decimal:
    """To two decimals, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def line(item: Item, amount: Decimal, count: Decimal) -> dict[str, str]:
    """How a line is split."""
    own = over = first = Decimal(0)
    if item.grade == "03":
        own = amount
    else:
        if item.limit is not None:
            over = max(Decimal(0), amount - cents(item.limit * count))
        if item.grade == "02":
            first = cents((amount - over) * item.first_share)
    return {
        "fulamt_ownpay_amt": f"{own:.2f}",
        "overlmt_amt": f"{over:.2f}",
        "preselfpay_amt": f"{first:.2f}",
        "inscp_scp_amt": f"{amount - own - over - first:.2f}",
        "chrgitm_lv": item.grade,
    }


def settle(member: Member, lines: list[dict[str, str]], use_account: bool) -> dict[str, str]:
    """`setlinfo` without its number."""

    def total(name: str) -> Decimal:
        return sum((Decimal(row[name]) for row in lines), Decimal(0))

    whole, scope = total("det_item_fee_sumamt"), total("inscp_scp_amt")
    deductible = min(scope, member.deductible)
    pooled = cents((scope - deductible) * member.ratio)
    person = whole - pooled
    account = min(person, member.balance) if use_account else Decimal(0)
    amounts = {
        "medfee_sumamt": whole,
        "fulamt_ownpay_amt": total("fulamt_ownpay_amt"),
        "overlmt_selfpay": total("overlmt_amt"),
        "preselfpay_amt": total("preselfpay_amt"),
        "inscp_scp_amt": scope,
        "act_pay_dedc": deductible,
        "hifp_pay": pooled,
        "fund_pay_sumamt": pooled,
        "psn_part_amt": person,
        "acct_pay": account,
        "psn_cash_pay": person - account,
        "balc": member.balance - account,
    }
    zeros = ("cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hosp_part_amt", "oth_pay")
    return (
        {name: f"{amount:.2f}" for name, amount in amounts.items()}
        | dict.fromkeys(zeros, "0.00")
        | {"pool_prop_selfpay": f"{member.ratio:.4f}", "acct_mulaid_pay": "0.00", "clr_type": "9902"}
    )
