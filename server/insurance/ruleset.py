"""The shape of a rule file, and the numbers that hold for one person on one stay. `book` reads and checks the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.insurance.codes import Care, Filing, Level, Scheme, Status, Trust
from wardlink.errors import InvalidInput
from wardlink.i18n import N_
from wardlink.money import WHOLE_BP, Fen

Bp = Annotated[int, Field(strict=True, ge=0, le=WHOLE_BP)]
Age = Annotated[int, Field(strict=True, ge=0, le=200)]
Text = Annotated[str, Field(min_length=1, max_length=200)]

_NO_STATUS = N_("The insurance rules know no such person: scheme {scheme}, status {status}.")
_NO_OUTPATIENTS = N_("The insurance rules say nothing about outpatients of this scheme.")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sourced(_Part):
    source: Text
    trust: Trust


class LevelRule(_Part):
    """What holds at hospitals of one level."""

    deductible_fen: Fen
    ratio_bp: Bp


class Levels(_Part):
    """One rule a level; none may be missing."""

    community: LevelRule
    first: LevelRule
    second: LevelRule
    third: LevelRule


class Inpatient(_Part):
    """What holds for stays."""

    yearly_cap_fen: Fen
    levels: Levels


class BonusRow(_Part):
    """Points for an age."""

    from_age: Age
    below_age: Age
    add_bp: Bp


class Bonus(_Sourced):
    """Points on top of the ratio for some members; only one table of a scheme is in use."""

    name: Text
    in_use: bool
    statuses: tuple[Status, ...]
    rows: tuple[BonusRow, ...]


class FurtherAdmissions(_Sourced):
    """By how much the deductible falls with each further admission of a year."""

    in_use: bool
    less_fen: Fen
    not_below_fen: Fen


class Band(_Part):
    """A stretch of what lies over the threshold; the last one has no end."""

    from_fen: Fen
    below_fen: Fen | None = None
    ratio_bp: Bp


class Critical(_Sourced):
    """Critical-illness insurance: pays by bands of what somebody has borne of covered costs in a year."""

    threshold_fen: Fen
    bands: tuple[Band, ...]


class ByLevel(_Part):
    """A ratio a level."""

    community: Bp
    first: Bp
    second: Bp
    third: Bp


class OutpatientRule(_Part):
    """What holds for outpatients of one status; deductible and cap are of the year."""

    deductible_fen: Fen
    yearly_cap_fen: Fen
    ratio_bp: ByLevel


class Outpatient(_Sourced):
    """What holds for outpatients."""

    statuses: dict[Status, OutpatientRule]


class SchemeRules(_Part):
    """One insurance. `critical_code`: under which name the platform answers what critical-illness insurance pays."""

    insutype: Annotated[str, Field(pattern=r"^\d{3}$")]
    account: bool
    critical_code: Annotated[str, Field(pattern=r"^(hifmi_pay|hifob_pay)$")]
    statuses: tuple[Status, ...]
    inpatient: Inpatient
    bonuses: tuple[Bonus, ...] = ()
    further_admissions: FurtherAdmissions | None = None
    critical: Critical | None = None
    outpatient: Outpatient | None = None


class Schemes(_Part):
    """The insurances of an area."""

    employee: SchemeRules
    resident: SchemeRules


class FilingRule(_Part):
    """Points off the ratio, and whether the deductible was paid where the patient came from."""

    less_bp: Bp
    deductible_waived: bool = False


class FilingKinds(_Part):
    """One rule a kind of filing; none may be missing."""

    local: FilingRule
    stepwise: FilingRule
    filed: FilingRule
    referred: FilingRule
    emergency: FilingRule
    unfiled: FilingRule


class Filings(_Sourced):
    """What the way here does to the ratio."""

    kinds: FilingKinds


class RuleSet(_Sourced):
    """The rules of an area from a day on; `effective_until` is the last day."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    area: Annotated[str, Field(pattern=r"^\d{6}$")]
    effective_from: date
    effective_until: date | None = None
    as_of: date
    schemes: Schemes
    filings: Filings


@dataclass(frozen=True)
class Case:
    """Who is insured how, and for which care. `admission_no`: the how many-th stay of the year, from 1."""

    scheme: Scheme
    status: Status
    level: Level
    age: int
    filing: Filing = Filing.LOCAL
    admission_no: int = 1
    care: Care = Care.INPATIENT


@dataclass(frozen=True)
class Reason:
    """A number that a rule gave, and how far it can be trusted. Taken away where it is negative."""

    code: str
    amount: int
    source: str
    trust: Trust


@dataclass(frozen=True)
class Numbers:
    """What the rules say for one case. Amounts in fen, `ratio_bp` in basis points, each with its reasons."""

    ruleset: str
    care: Care
    deductible_fen: int
    deductible_reasons: tuple[Reason, ...]
    ratio_bp: int
    ratio_reasons: tuple[Reason, ...]
    yearly_cap_fen: int
    account: bool
    critical: Critical | None
    critical_code: str


def numbers(rules: RuleSet, case: Case) -> Numbers:
    """The numbers of `rules` for this case.

    Raises:
        InvalidInput: the scheme has no such status, or says nothing about this care.
    """
    scheme: SchemeRules = getattr(rules.schemes, case.scheme.value)
    if case.status not in scheme.statuses:
        raise InvalidInput(_NO_STATUS, scheme=case.scheme.value, status=case.status.value)
    if case.admission_no < 1 or not 0 <= case.age <= 200:
        raise InvalidInput(detail=f"admission_no {case.admission_no}, age {case.age}")
    found = _inpatient if case.care is Care.INPATIENT else _outpatient
    return found(rules, scheme, case)


def _inpatient(rules: RuleSet, scheme: SchemeRules, case: Case) -> Numbers:
    level: LevelRule = getattr(scheme.inpatient.levels, case.level.value)
    filing: FilingRule = getattr(rules.filings.kinds, case.filing.value)
    ratio = [_reason("base", level.ratio_bp, rules), *_bonus(scheme, case)]
    if filing.less_bp:
        ratio.append(_reason("filing", -filing.less_bp, rules.filings))
    deductible = [_reason("base", level.deductible_fen, rules)]
    further = scheme.further_admissions
    if further is not None and further.in_use and case.admission_no > 1:
        fallen = max(level.deductible_fen - further.less_fen * (case.admission_no - 1), further.not_below_fen)
        # A deductible that is low already does not rise to the floor.
        if fallen < level.deductible_fen:
            deductible.append(_reason("further-admission", fallen - level.deductible_fen, further))
    if filing.deductible_waived:
        deductible.append(_reason("waived", -sum(reason.amount for reason in deductible), rules.filings))
    return Numbers(
        ruleset=rules.id,
        care=case.care,
        deductible_fen=sum(reason.amount for reason in deductible),
        deductible_reasons=tuple(deductible),
        ratio_bp=min(max(sum(reason.amount for reason in ratio), 0), WHOLE_BP),
        ratio_reasons=tuple(ratio),
        yearly_cap_fen=scheme.inpatient.yearly_cap_fen,
        account=scheme.account,
        critical=scheme.critical,
        critical_code=scheme.critical_code,
    )


def _outpatient(rules: RuleSet, scheme: SchemeRules, case: Case) -> Numbers:
    outpatient = scheme.outpatient
    if outpatient is None:
        raise InvalidInput(_NO_OUTPATIENTS)
    rule = outpatient.statuses[case.status]
    ratio: int = getattr(rule.ratio_bp, case.level.value)
    return Numbers(
        ruleset=rules.id,
        care=case.care,
        deductible_fen=rule.deductible_fen,
        deductible_reasons=(_reason("base", rule.deductible_fen, outpatient),),
        ratio_bp=ratio,
        ratio_reasons=(_reason("base", ratio, outpatient),),
        yearly_cap_fen=rule.yearly_cap_fen,
        account=scheme.account,
        critical=None,
        critical_code=scheme.critical_code,
    )


def _bonus(scheme: SchemeRules, case: Case) -> list[Reason]:
    return [
        _reason("bonus", row.add_bp, bonus)
        for bonus in scheme.bonuses
        if bonus.in_use and case.status in bonus.statuses
        for row in bonus.rows
        if row.from_age <= case.age < row.below_age
    ]


def _reason(code: str, amount: int, of: _Sourced) -> Reason:
    return Reason(code, amount, of.source, of.trust)


def insutypes(rules: RuleSet) -> Mapping[str, Scheme]:
    """The platform's codes of the schemes."""
    return {rules.schemes.employee.insutype: Scheme.EMPLOYEE, rules.schemes.resident.insutype: Scheme.RESIDENT}
