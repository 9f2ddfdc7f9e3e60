"""The estimate: every worked example to the fen, what must hold for any bill, and the steps that are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.insurance.book import read_book
from server.insurance.claim import Claim, Line
from server.insurance.codes import Care, Filing, Grade, Level, Scheme, Status
from server.insurance.engine import Estimate, estimate, split
from server.insurance.ruleset import Case, Reason, RuleSet
from server.insurance.steps import name_of, reason_text
from tests.server.insurance.cases import BILLS, IN_SERVICE, RESIDENT, VECTORS, VISIT, Vector, a, b, c
from wardlink.errors import InvalidInput
from wardlink.i18n import speaking

RULES = read_book().on("510100", date(2026, 11, 25))


def estimated(claim: Claim, case: Case, rules: RuleSet = RULES) -> Estimate:
    """The estimate by the rules that come with the program."""
    return estimate(claim, case, rules)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"case-{vector.id}")
def test_a_worked_example_comes_out_to_the_fen(vector: Vector) -> None:
    """Every number of the ward domain sheet's appendix A."""
    case, claim = BILLS[vector.id]

    found = estimated(claim, case)

    assert vector.numbers == {
        "T": found.total,
        "A": found.own,
        "B": found.over,
        "C": found.first,
        "S": found.scope,
        "D": found.deductible,
        "ratio_bp": found.ratio_bp,
        "H": found.pooled,
        "other_fund": found.critical + found.other,
        "psn": found.person,
        "cash": found.cash,
        "deposit": claim.deposits_fen,
        "diff": found.difference,
    }


@pytest.mark.parametrize(
    ("id", "base", "account", "left"),
    [("1", 1660000, 100000, None), ("4", 15050000, 0, None), ("6", 57000, 0, 171500), ("6b", 40000, 0, 151500)],
)
def test_what_the_examples_say_besides(id: str, base: int, account: int, left: int | None) -> None:
    """The base of the ratio, the personal account, and what is left of an outpatient's year (8.4)."""
    case, claim = BILLS[id]

    found = estimated(claim, case)

    assert (base, account) == (found.scope - found.deductible, found.account)
    assert left in (None, found.year_left)


LINES = [
    (a(1200000), (0, 0, 0, 1200000)),
    (b(600000, 1000), (0, 0, 60000, 540000)),
    (c(200000), (200000, 0, 0, 0)),
    (a(850000, over=50000), (0, 50000, 0, 800000)),
    (b(250000, 500), (0, 0, 12500, 237500)),
    (b(6000000, 1500), (0, 0, 900000, 5100000)),
    (a(334334, over=1001), (0, 1001, 0, 333333)),
    (b(111111, 1000), (0, 0, 11111, 100000)),
    # Half a fen rounds up, a little less does not.
    (b(5, 1000), (0, 0, 1, 4)),
    (b(4, 1000), (0, 0, 0, 4)),
    # The first share is of what lies below the limit.
    (Line(1000, Grade.B, share_bp=1000, ceiling_fen=600), (0, 400, 60, 540)),
    (Line(600, Grade.B, share_bp=1000, ceiling_fen=600), (0, 0, 60, 540)),
    # Outside what it is limited to, all of it is the patient's, limit or not.
    (Line(1000, Grade.A, ceiling_fen=600, covered=False), (1000, 0, 0, 0)),
    (Line(1000, Grade.C, ceiling_fen=600), (1000, 0, 0, 0)),
    (b(1000, 10000), (0, 0, 1000, 0)),
    (a(0), (0, 0, 0, 0)),
]


@pytest.mark.parametrize(("line", "parts"), LINES)
def test_a_line_is_split_by_who_bears_it(line: Line, parts: tuple[int, int, int, int]) -> None:
    """Outside the catalogue, above the price limit, first share, in scope: the lines of the examples and the bounds."""
    found = split(line)

    assert parts == (found.own, found.over, found.first, found.scope)


@pytest.mark.parametrize(
    ("no", "deductible"),
    [(1, 80000), (2, 70000), (7, 20000), (8, 16000), (9, 16000)],
)
def test_the_deductible_falls_with_further_admissions(no: int, deductible: int) -> None:
    """By 100 yuan each, never below 160 (rule table, to be confirmed)."""
    found = estimated(Claim((a(1000000),)), replace(IN_SERVICE, admission_no=no))

    assert found.deductible == deductible


def test_a_low_deductible_does_not_rise_to_the_floor() -> None:
    """At the community level it is 160 yuan at once and stays there."""
    employee = RULES.schemes.employee
    assert employee.further_admissions is not None
    floor = employee.further_admissions.model_copy(update={"not_below_fen": 30000})
    higher = employee.model_copy(update={"further_admissions": floor})
    rules = RULES.model_copy(update={"schemes": RULES.schemes.model_copy(update={"employee": higher})})
    case = replace(IN_SERVICE, level=Level.COMMUNITY, admission_no=3)

    assert estimated(Claim((a(1000000),)), case).deductible == 16000
    assert estimated(Claim((a(1000000),)), case, rules).deductible == 16000


@pytest.mark.parametrize(
    ("filing", "ratio", "deductible"),
    [
        (Filing.LOCAL, 8500, 80000),
        (Filing.STEPWISE, 8500, 0),
        (Filing.FILED, 8500, 80000),
        (Filing.REFERRED, 7500, 80000),
        (Filing.EMERGENCY, 7500, 80000),
        (Filing.UNFILED, 6500, 80000),
    ],
)
def test_the_way_here_counts(filing: Filing, ratio: int, deductible: int) -> None:
    """A referral inside the region has paid its deductible; who comes from elsewhere without one gets less."""
    found = estimated(Claim((a(1000000),)), replace(IN_SERVICE, filing=filing))

    assert (ratio, deductible) == (found.ratio_bp, found.deductible)


def with_age_table() -> RuleSet:
    """The rules with the other table of bonuses in use, as a hospital may confirm it."""
    employee = RULES.schemes.employee
    bonuses = tuple(bonus.model_copy(update={"in_use": bonus.name == "age"}) for bonus in employee.bonuses)
    schemes = RULES.schemes.model_copy(update={"employee": employee.model_copy(update={"bonuses": bonuses})})
    return RULES.model_copy(update={"schemes": schemes})


@pytest.mark.parametrize(
    ("age", "ratio"),
    [(49, 8500), (50, 8700), (59, 8700), (60, 8900), (70, 9100), (80, 9300), (89, 9300), (90, 9500), (120, 9500)],
)
def test_the_other_table_of_bonuses_goes_by_age(age: int, ratio: int) -> None:
    """The sources disagree, so both tables are there and one of them is in use."""
    found = estimated(Claim((a(1000000),)), replace(IN_SERVICE, age=age), with_age_table())

    assert found.ratio_bp == ratio


def test_no_ratio_passes_the_whole() -> None:
    """95 % and ten points are 100 %."""
    case = replace(IN_SERVICE, level=Level.COMMUNITY, age=95)

    assert estimated(Claim((a(1000000),)), case, with_age_table()).ratio_bp == 10000


@pytest.mark.parametrize(
    ("before", "critical"),
    [
        (0, 1839600),
        (1800000, 4866000 * 60 // 100),
        # The first band ends 50,000 yuan above the threshold: 1 yuan of it is left.
        (6799900, 60 + (4866000 - 100) * 70 // 100),
        (11800000, 4866000 * 80 // 100),
    ],
)
def test_critical_illness_insurance_goes_on_where_the_year_stands(before: int, critical: int) -> None:
    """Band by band, on what the person has borne in the year."""
    case, claim = BILLS["4"]

    assert estimated(replace(claim, critical_before_fen=before), case).critical == critical


@pytest.mark.parametrize(("used", "pooled"), [(0, 1411000), (43588999, 1411000), (43589001, 1410999), (45000000, 0)])
def test_the_pooled_fund_pays_up_to_the_yearly_limit(used: int, pooled: int) -> None:
    """What lies above it is the patient's."""
    case, claim = BILLS["1"]

    assert estimated(replace(claim, cap_used_fen=used), case).pooled == pooled


@pytest.mark.parametrize(("allowed", "account"), [(None, 100000), (0, 0), (99999, 99999), (100001, 100000)])
def test_the_personal_account_pays_what_is_there_and_allowed(allowed: int | None, account: int) -> None:
    """Never more than its balance."""
    case, claim = BILLS["1"]

    assert estimated(replace(claim, account_allowed_fen=allowed), case).account == account


def test_a_resident_has_no_personal_account() -> None:
    """Whatever balance was given."""
    assert estimated(Claim((a(1000000),), account_balance_fen=100000), RESIDENT).account == 0


def test_residents_are_not_covered_as_outpatients_of_a_big_hospital() -> None:
    """Only at the community level, up to 200 yuan a year."""
    visit = replace(RESIDENT, care=Care.OUTPATIENT)

    assert estimated(Claim((a(50000),)), visit).pooled == 0
    assert estimated(Claim((a(50000),)), replace(visit, level=Level.COMMUNITY)).pooled == 20000


def test_what_others_bear_is_taken_off() -> None:
    """Assistance and the hospital's own part come off the patient's."""
    found = estimated(Claim((a(1000000),), other_funds={"maf_pay": 5000}, hospital_part_fen=700), IN_SERVICE)

    assert (found.fund, found.person) == (782000 + 5000, 1000000 - 782000 - 5000 - 700)


REFUSED = [
    lambda: Line(-1, Grade.A),
    lambda: Line(1.5, Grade.A),  # type: ignore[arg-type]
    lambda: Line(True, Grade.A),
    lambda: Line(100_000_000_01, Grade.A),
    lambda: Line(1, Grade.B, share_bp=10001),
    lambda: Line(1, Grade.A, ceiling_fen=-1),
    lambda: Claim((a(100_000_000_00), a(1))),
    lambda: Claim((), deposits_fen=-1),
    lambda: Claim((), other_funds={"luck": 1}),
    lambda: estimated(Claim((c(100),), hospital_part_fen=101), IN_SERVICE),
    lambda: estimated(Claim((c(100),)), replace(IN_SERVICE, status=Status.RESIDENT)),
    lambda: estimated(Claim((c(100),)), replace(IN_SERVICE, admission_no=0)),
]


@pytest.mark.parametrize("ask", REFUSED)
def test_what_cannot_be_money_is_refused(ask: object) -> None:
    """Negative, fractional, huge, a truth value; more borne than there is; a status that the scheme has not."""
    with pytest.raises(InvalidInput):
        ask()  # type: ignore[operator]


FEN = st.integers(0, 30_000_000)
SOME_LINES = st.lists(
    st.builds(
        Line,
        amount_fen=FEN,
        grade=st.sampled_from(Grade),
        share_bp=st.integers(0, 10000),
        ceiling_fen=st.none() | FEN,
        covered=st.booleans(),
    ),
    max_size=8,
).map(tuple)
CLAIMS = st.builds(
    Claim,
    lines=SOME_LINES,
    deductible_used_fen=st.integers(0, 100000),
    cap_used_fen=st.integers(0, 50_000_000),
    critical_before_fen=st.integers(0, 20_000_000),
    account_balance_fen=st.integers(0, 10_000_000),
    account_allowed_fen=st.none() | FEN,
    deposits_fen=FEN,
)
STATUSES = [(Scheme.EMPLOYEE, Status.IN_SERVICE), (Scheme.EMPLOYEE, Status.RETIRED), (Scheme.RESIDENT, Status.RESIDENT)]
CASES = st.builds(
    lambda who, **rest: Case(*who, **rest),
    st.sampled_from(STATUSES),
    level=st.sampled_from(Level),
    age=st.integers(0, 110),
    filing=st.sampled_from(Filing),
    admission_no=st.integers(1, 12),
    care=st.sampled_from(Care),
)


@given(CLAIMS, CASES)
def test_every_bill_adds_up(claim: Claim, case: Case) -> None:
    """T = A + B + C + S = fund + person + hospital; person = account + cash; nothing is below zero."""
    found = estimated(claim, case)

    assert found.total == found.own + found.over + found.first + found.scope
    assert found.total == found.fund + found.person + found.hospital
    assert found.fund == found.pooled + found.critical + found.other
    assert found.person == found.account + found.cash
    assert found.difference == claim.deposits_fen - found.cash
    amounts = {name: value for name, value in vars(found).items() if isinstance(value, int) and name != "difference"}
    assert {name: value for name, value in amounts.items() if value < 0} == {}


@given(CLAIMS, CASES, st.builds(Line, amount_fen=FEN, grade=st.sampled_from(Grade), share_bp=st.integers(0, 10000)))
def test_another_line_makes_nobody_pay_less(claim: Claim, case: Case, line: Line) -> None:
    """Neither the funds nor the patient."""
    before, after = estimated(claim, case), estimated(replace(claim, lines=(*claim.lines, line)), case)

    assert after.fund >= before.fund
    assert after.person >= before.person


@given(CLAIMS, CASES, st.integers(0, 1000000))
def test_an_item_outside_the_catalogue_is_the_patients_alone(claim: Claim, case: Case, fen: int) -> None:
    """The funds pay as before."""
    before, after = estimated(claim, case), estimated(replace(claim, lines=(*claim.lines, c(fen))), case)

    assert (after.fund, after.person) == (before.fund, before.person + fen)


@given(CLAIMS, CASES, FEN)
def test_more_used_of_the_year_never_pays_more_from_the_pooled_fund(claim: Claim, case: Case, more: int) -> None:
    """What the cap has lost, the fund does not pay; what the outpatient has borne of the deductible, helps."""
    before = estimated(claim, case)
    used = estimated(replace(claim, cap_used_fen=claim.cap_used_fen + more), case)
    helped = estimated(replace(claim, deductible_used_fen=claim.deductible_used_fen + more), case)

    assert used.pooled <= before.pooled <= helped.pooled


@given(CLAIMS, CASES)
def test_a_higher_level_of_hospital_never_pays_more(claim: Claim, case: Case) -> None:
    """Deductible up, ratio down, from the community to the third level."""
    funds = [estimated(claim, replace(case, level=level)).pooled for level in Level]

    assert funds == sorted(funds, reverse=True)


@given(CLAIMS, CASES)
def test_the_order_of_lines_does_not_matter(claim: Claim, case: Case) -> None:
    """A bill sorted otherwise is the same bill."""
    turned = replace(claim, lines=claim.lines[::-1])

    assert estimated(turned, case) == estimated(claim, case)


@given(CLAIMS, CASES)
def test_the_steps_lead_to_the_result(claim: Claim, case: Case) -> None:
    """Each formula, computed from its own inputs, gives its own result; and the last ones are the estimate's."""
    found = estimated(claim, case)
    results = {step.code: step.result.amount for step in found.steps}

    for step in found.steps:
        if step.formula and step.code not in ("H", "critical"):
            inputs = {value.symbol: value.amount for value in step.inputs}
            assert eval(step.formula.replace("−", "-"), {"min": min, "max": max}, inputs) == step.result.amount
    named = (found.scope, found.deductible, found.pooled, found.fund, found.person, found.account, found.cash)
    assert [results[code] for code in ("S", "D", "H", "fund", "psn", "acct", "cash")] == list(named)
    assert results["diff"] == found.difference


def test_a_step_can_be_shown_with_its_numbers() -> None:
    """In yuan and per cent, and in both languages."""
    case, claim = BILLS["4"]
    steps = {(step.code, step.no): step for step in estimated(claim, case).steps}

    assert steps["S", None].filled() == "180000.00 − 20000.00 − 0.00 − 9000.00 = 151000.00"
    assert steps["H", None].filled() == "min(150500.00 × 68%, 240000.00) = 102340.00"
    assert steps["critical", 1].filled() == "30660.00 × 60% = 18396.00"
    assert steps["ratio", None].filled() == "68%"
    with speaking("zh_CN"):
        assert name_of("H") == "统筹基金支付"


def test_a_number_of_the_rules_says_where_it_is_from() -> None:
    """And how far it can be trusted."""
    found = estimated(Claim((a(1000000),)), replace(BILLS["3"][0], filing=Filing.UNFILED, admission_no=2))
    steps = {step.code: step for step in found.steps}

    assert [(r.code, r.amount, r.trust) for r in steps["ratio"].reasons] == [
        ("base", 8900, "V2"),
        ("bonus", 300, "V2"),
        ("filing", -2000, "K"),
    ]
    assert [(r.code, r.amount, r.trust) for r in steps["D0"].reasons] == [
        ("base", 40000, "V2"),
        ("further-admission", -10000, "K"),
    ]
    with speaking("zh_CN"):
        assert reason_text(Reason("bonus", 300, "", steps["ratio"].reasons[0].trust)) == "该类参保人加成"


def test_an_outpatient_step_shows_what_is_left_of_the_years_deductible() -> None:
    """200 yuan less what was borne before."""
    found = estimated(Claim((a(40000),), deductible_used_fen=15000), VISIT)

    assert {step.code: step.filled() for step in found.steps}["D0"] == "200.00 − 150.00 = 50.00"
