"""What the insurance is expected to pay for a bill: pure functions over whole fen, with every step kept.

This is an estimate. The platform's answer to a settlement decides (`port`), whatever came out here.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.insurance.claim import Claim, Line
from server.insurance.codes import Care, Grade
from server.insurance.ruleset import Case, Numbers, RuleSet, numbers
from server.insurance.steps import Step, Way
from wardlink.errors import InvalidInput
from wardlink.i18n import N_
from wardlink.money import share

_TOO_MUCH = N_("Others and the hospital cannot bear more than what is left of the bill.")


@dataclass(frozen=True)
class Parts:
    """A line of a bill, split, in fen: wholly self-paid, above the price limit, first share, in scope."""

    own: int
    over: int
    first: int
    scope: int


@dataclass(frozen=True)
class Estimate:
    """What is expected, in fen; `ratio_bp` in basis points. The letters are those of the ward domain sheet 8.3.

    `difference` is what is refunded of the deposits, or collected where it is negative. `year_left` is what the
    pooled fund may still pay in this year after this bill.
    """

    ruleset: str
    total: int
    own: int
    over: int
    first: int
    scope: int
    deductible: int
    ratio_bp: int
    pooled: int
    critical: int
    other: int
    fund: int
    hospital: int
    person: int
    account: int
    cash: int
    difference: int
    year_left: int
    steps: tuple[Step, ...]


def split(line: Line) -> Parts:
    """A line by who bears it before any deductible. Half a fen of a first share rounds up."""
    if line.grade is Grade.C or not line.covered:
        return Parts(line.amount_fen, 0, 0, 0)
    over = max(line.amount_fen - line.ceiling_fen, 0) if line.ceiling_fen is not None else 0
    inside = line.amount_fen - over
    first = share(inside, line.share_bp) if line.grade is Grade.B else 0
    return Parts(0, over, first, inside - first)


def estimate(claim: Claim, case: Case, rules: RuleSet) -> Estimate:
    """What the rules make of a claim.

    Raises:
        InvalidInput: the rules know no such case, or others bear more than there is.

    Source: ward domain sheet 8.3.
    """
    found = numbers(rules, case)
    way = Way()
    total, own, over, first, scope = _scope(way, claim)
    deductible = _deductible(way, claim, found, scope)
    base = way.add("base", scope - deductible, "S − D", S=scope, D=deductible)
    pooled, year_left = _pooled(way, claim, found, base)
    critical = _critical(way, claim, found, scope, pooled)
    other = sum(claim.other_funds.values())
    if other + claim.hospital_part_fen > total - pooled - critical:
        raise InvalidInput(_TOO_MUCH)
    if other:
        way.add("other", other)
    fund = way.add("fund", pooled + critical + other, "H + critical + other", H=pooled, critical=critical, other=other)
    hospital = claim.hospital_part_fen
    person = way.add("psn", total - fund - hospital, "T − fund − hosp", T=total, fund=fund, hosp=hospital)
    account = _account(way, claim, found, person)
    cash = way.add("cash", person - account, "psn − acct", psn=person, acct=account)
    deposits = claim.deposits_fen
    difference = way.add("diff", deposits - cash, "deposits − cash", deposits=deposits, cash=cash)
    return Estimate(
        ruleset=found.ruleset,
        total=total,
        own=own,
        over=over,
        first=first,
        scope=scope,
        deductible=deductible,
        ratio_bp=found.ratio_bp,
        pooled=pooled,
        critical=critical,
        other=other,
        fund=fund,
        hospital=hospital,
        person=person,
        account=account,
        cash=cash,
        difference=difference,
        year_left=year_left,
        steps=tuple(way.steps),
    )


def _scope(way: Way, claim: Claim) -> tuple[int, int, int, int, int]:
    parts = [split(line) for line in claim.lines]
    total = way.add("T", sum(line.amount_fen for line in claim.lines))
    own = way.add("A", sum(part.own for part in parts))
    over = way.add("B", sum(part.over for part in parts))
    first = way.add("C", sum(part.first for part in parts))
    scope = way.add("S", total - own - over - first, "T − A − B − C", T=total, A=own, B=over, C=first)
    return total, own, over, first, scope


def _deductible(way: Way, claim: Claim, found: Numbers, scope: int) -> int:
    left = found.deductible_fen
    if found.care is Care.OUTPATIENT:
        # Theirs is of the year; that of a stay is its own, and nothing of it carries over.
        used = min(claim.deductible_used_fen, left)
        left = way.add("D0", left - used, "limit − used", limit=left, used=used, reasons=found.deductible_reasons)
    else:
        way.add("D0", left, reasons=found.deductible_reasons)
    return way.add("D", min(scope, left), "min(S, D0)", S=scope, D0=left)


def _pooled(way: Way, claim: Claim, found: Numbers, base: int) -> tuple[int, int]:
    way.add("ratio", found.ratio_bp, unit="bp", reasons=found.ratio_reasons)
    used = min(claim.cap_used_fen, found.yearly_cap_fen)
    left = way.add("cap", found.yearly_cap_fen - used, "limit − used", limit=found.yearly_cap_fen, used=used)
    paid = min(share(base, found.ratio_bp), left)
    way.add("H", paid, "min(base × ratio, cap)", base=base, ratio=found.ratio_bp, cap=left)
    return paid, left - paid


def _critical(way: Way, claim: Claim, found: Numbers, scope: int, pooled: int) -> int:
    if found.critical is None:
        return 0
    borne = way.add("P", scope - pooled, "S − H", S=scope, H=pooled)
    threshold, before = found.critical.threshold_fen, claim.critical_before_fen
    end = max(before + borne - threshold, 0)
    start = max(before - threshold, 0)
    if before:
        formula = "max(before + P − threshold, 0) − max(before − threshold, 0)"
        way.add("over", end - start, formula, before=before, P=borne, threshold=threshold)
    else:
        way.add("over", end, "max(P − threshold, 0)", P=borne, threshold=threshold)
    paid = 0
    for no, band in enumerate(found.critical.bands, start=1):
        upper = end if band.below_fen is None else min(end, band.below_fen)
        part = max(upper - max(start, band.from_fen), 0)
        if part:
            paid += way.add(
                "critical", share(part, band.ratio_bp), "over × ratio", no=no, over=part, ratio=band.ratio_bp
            )
    return paid


def _account(way: Way, claim: Claim, found: Numbers, person: int) -> int:
    if not found.account:
        return way.add("acct", 0)
    balance = claim.account_balance_fen
    allowed = balance if claim.account_allowed_fen is None else claim.account_allowed_fen
    paid = min(person, balance, allowed)
    return way.add("acct", paid, "min(psn, balance, allowed)", psn=person, balance=balance, allowed=allowed)
