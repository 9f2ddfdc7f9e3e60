"""What the routes of insurance are sent and answer. Amounts are fen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from server.insurance.codes import Filing, Scheme, Status, Trust
from server.insurance.eligibility import Outcome
from server.insurance.keeping import differences
from server.insurance.port import CardKind, Cover
from server.insurance.ruleset import Case
from server.insurance.service import Expected
from server.insurance.steps import Step, name_of, reason_text
from wardlink.i18n import N_, domain
from wardlink.ids import Id
from wardlink.messages.encounters import EncounterView
from wardlink.money import Fen

_ = domain("server").gettext

_SCHEMES = {
    Status.IN_SERVICE: N_("Employee insurance, in service"),
    Status.RETIRED: N_("Employee insurance, retired"),
    Status.RESIDENT: N_("Resident insurance"),
}


def scheme_text(case: Case) -> str:
    """How somebody is insured, in words."""
    return _(_SCHEMES[case.status])


OTHER_RULES = N_("The rules of the insured place are not here: ours were used.")


class InsureRequest(BaseModel):
    """How a stay is insured, as staff say it."""

    model_config = ConfigDict(extra="forbid")

    scheme: Scheme
    status: Status
    filing: Filing = Filing.LOCAL
    area: str = Field(default="510100", pattern=r"^\d{6}$")
    admission_no: Annotated[int, Field(strict=True, ge=1, le=200)] = 1
    balance_fen: Fen = 0
    account_allowed_fen: Fen | None = None
    cap_used_fen: Fen = 0
    critical_before_fen: Fen = 0


class SettledView(BaseModel):
    """The platform's answer, and where it is not what was expected: its amount less ours, by name."""

    setl_id: str
    at: datetime
    answer: dict[str, Any]
    differences: dict[str, int]
    doubts: list[str]

    @classmethod
    def of(cls, row: Row[Any]) -> SettledView:
        """A row, for the wire."""
        return cls(
            setl_id=row.setl_id,
            at=row.at,
            answer=row.answer,
            differences=differences(row.answer, row.estimate),
            doubts=row.doubts,
        )


class OpenMessage(BaseModel):
    """A message of which nobody knows whether it was done; the next step clears it, or a person decides."""

    no: int
    msgid: str
    infno: str
    at: datetime


class DecideRequest(BaseModel):
    """What a person has seen on the platform's own pages. `mdtrt_id`: of an admission (2401) that was done."""

    model_config = ConfigDict(extra="forbid")

    done: bool
    mdtrt_id: str = Field(default="", max_length=30, pattern=r"^[0-9A-Za-z]*$")


class InsuredView(InsureRequest):
    """How a stay is insured, and how far it is dealt with. `known_there`: the platform knows the person."""

    set_at: datetime
    set_by: str
    known_there: bool
    stage: str
    settled: SettledView | None = None
    open: list[OpenMessage]

    @classmethod
    def of(cls, row: Row[Any], settled: Row[Any] | None, left: Sequence[Row[Any]]) -> InsuredView:
        """A row, for the wire."""
        fields = {name: getattr(row, name) for name in (*InsureRequest.model_fields, "set_at", "set_by", "stage")}
        return cls(
            **fields,
            known_there=row.psn_no is not None,
            settled=None if settled is None else SettledView.of(settled),
            open=[OpenMessage(no=each.no, msgid=each.msgid, infno=each.infno, at=each.at) for each in left],
        )


class ReasonView(BaseModel):
    """A number that a rule gave: words, amount (fen or basis points as its step), source and trust."""

    text: str
    amount: int
    source: str
    trust: Trust


class ValueView(BaseModel):
    """A letter of a formula."""

    symbol: str
    name: str
    amount: int
    unit: str


class StepView(BaseModel):
    """A step of the calculation: its name in words, formula in letters and in numbers, and result."""

    code: str
    no: int | None
    name: str
    formula: str
    filled: str
    inputs: list[ValueView]
    result: int
    unit: str
    reasons: list[ReasonView]

    @classmethod
    def of(cls, step: Step) -> StepView:
        """A step in the language of the one who asks."""
        return cls(
            code=step.code,
            no=step.no,
            name=name_of(step.code),
            formula=step.formula,
            filled=step.filled(),
            inputs=[
                ValueView(symbol=v.symbol, name=name_of(v.symbol), amount=v.amount, unit=v.unit) for v in step.inputs
            ],
            result=step.result.amount,
            unit=step.result.unit,
            reasons=[
                ReasonView(text=reason_text(r), amount=r.amount, source=r.source, trust=r.trust) for r in step.reasons
            ],
        )


class EstimateView(BaseModel):
    """What is expected, in fen, marked as an estimate; the platform's answer decides."""

    mark: str
    note: str | None
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
    steps: list[StepView]

    @classmethod
    def of(cls, expected: Expected) -> EstimateView:
        """An estimate in the language of the one who asks."""
        found = expected.estimate
        amounts = {name: getattr(found, name) for name in cls.model_fields if name not in ("mark", "note", "steps")}
        return cls(
            **amounts,
            mark=_("Estimate"),
            note=None if expected.rules_of_the_place else _(OTHER_RULES),
            steps=[StepView.of(step) for step in found.steps],
        )


class PersonRequest(BaseModel):
    """A card that was shown. `insutype`: which insurance, where a person has several. `take_over`: write down how the
    stay that is found is insured."""

    model_config = ConfigDict(extra="forbid")

    kind: CardKind
    number: str = Field(min_length=1, max_length=200, repr=False)
    insutype: str | None = Field(default=None, pattern=r"^\d{3}$")
    take_over: bool = False


class CoverView(BaseModel):
    """One insurance of the person."""

    insutype: str
    active: bool
    area: str
    balance_fen: int

    @classmethod
    def of(cls, cover: Cover) -> CoverView:
        """The same, for the wire."""
        return cls(insutype=cover.insutype, active=cover.active, area=cover.area, balance_fen=cover.balance_fen)


class PersonView(BaseModel):
    """Who showed the card, as far as the one who asks may know, and what follows.

    `name` is masked. `cover` is the insurance that counts; None with several in `covers`: a human chooses.
    """

    outcome: Outcome
    sentence: str
    name: str
    by: str | None
    encounters: list[EncounterView]
    covers: list[CoverView]
    cover: CoverView | None
    taken_over: Id | None
