"""Insurance over HTTP: rights and audit, the estimate of a stay, and cards that find a person or say why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, update

from server.identity.models import Device
from server.insurance.dealings import Dealings
from server.insurance.port import ResultUnknown
from server.insurance.service import Insurance
from server.insurance.settings import InsuranceSettings
from server.kpis.sums import follow_line
from server.money.ledger import Posting, entry_called, post
from server.money.lines import LINE
from server.patients.models import Patient
from tests.server.desk import Desk
from tests.server.insurance.office import CHEN, Office
from tests.server.wards import NOW, STAY_1, STAY_2
from wardlink.ids import new_id

PATIENT = Patient.__table__  # type: ignore[attr-defined]
_DEVICE = Device.__table__  # type: ignore[attr-defined]
INSURANCE = f"/encounters/{STAY_1}/insurance"
SAID = {"scheme": "employee", "status": "in-service", "balance_fen": 100000}


@pytest.fixture
def served(desk: Desk) -> Iterator[Office]:
    """The desk with a platform behind it; the stay is Chen's, and nobody has said how it is insured."""
    office = Office(desk.ward)
    app: Any = desk._http.app
    app.state.insurance = Insurance(desk.ward.core, InsuranceSettings(), office.adapter)
    office.forget()
    is_chen(desk, STAY_1)
    yield office
    office.close()


def is_chen(desk: Desk, stay: str, **more: Any) -> None:
    """Let the patient of this stay be Chen."""
    no = {STAY_1: "M0001", STAY_2: "M0002"}[stay]
    values = {"name": CHEN.name, "birth_on": date(1950, 3, 8), "sex": "female", "id_last4": CHEN.id_number[-4:]} | more
    with desk.ward.db.write() as conn:
        conn.execute(update(PATIENT).where(PATIENT.c.mrn == no).values(**values))


def charge(desk: Desk, amount_fen: int, grade: str, *, self_pay_bp: int = 0, turn: int = 0, id: str = "x") -> None:
    """A line of the bill, with its entry in the ledger."""
    key = f"test:{id}:{grade}:{turn}"
    kind = "charge" if turn == 0 else "charge_reversal"
    sides = [Posting("receivable", amount_fen, STAY_1), Posting("income.bed", -amount_fen, STAY_1)]
    line = {
        "encounter": STAY_1,
        "charged_on": date(2026, 11, 25),
        "at": NOW,
        "booked_at": NOW,
        "source_kind": "test",
        "source_id": id,
        "item": f"item-{grade}",
        "turn": turn,
        "national": f"X{grade}01",
        "name_zh": "项目",
        "name_en": "item",
        "spec": "",
        "unit": "次",
        "quantity_e4": 10000 if turn == 0 else -10000,
        "price_fen": abs(amount_fen),
        "amount_fen": amount_fen,
        "category": "bed",
        "insurance_class": grade,
        "self_pay_bp": self_pay_bp,
        "department": "w1",
        "by_hand": False,
        "actor": "system:test",
    }
    with desk.ward.db.write() as conn:
        post(conn, key=key, kind=kind, at=NOW, encounter=STAY_1, actor="system:test", postings=sides)
        conn.execute(insert(LINE).values(**line, entry=entry_called(conn, key).id))
        follow_line(conn, line)


def worked_example(desk: Desk) -> None:
    """The bill of worked example 1, and a line that was taken back."""
    charge(desk, 1200000, "A")
    charge(desk, 600000, "B", self_pay_bp=1000)
    charge(desk, 200000, "C")
    charge(desk, 77700, "A", id="wrong")
    charge(desk, -77700, "A", id="wrong", turn=1)


def test_the_estimate_of_a_stay_is_the_worked_example(desk: Desk) -> None:
    """To the fen, marked as an estimate, with its steps in words; what was taken back does not count."""
    worked_example(desk)
    assert desk.send("h1", "PUT", INSURANCE, json=SAID).status_code == 200
    found = desk.get("n1", f"{INSURANCE}/estimate").json()
    chinese = desk.get("n1", f"{INSURANCE}/estimate", headers={"Accept-Language": "zh"}).json()

    assert (found["total"], found["pooled"], found["cash"]) == (2000000, 1411000, 489000)
    assert (found["mark"], chinese["mark"]) == ("Estimate", "预估")
    steps = {step["code"]: step for step in chinese["steps"]}
    assert steps["S"]["filled"] == "20000.00 − 2000.00 − 0.00 − 600.00 = 17400.00"
    assert steps["H"]["name"] == "统筹基金支付"
    assert steps["ratio"]["reasons"][0]["trust"] == "V2"


def test_the_bed_is_told_how_its_patient_is_insured(desk: Desk) -> None:
    """The scheme in words, what is left of the deductible, the ratio, and what the fund may still pay this year."""
    secret = hashlib.sha256(b"secret").hexdigest()
    with desk.ward.db.write() as conn:
        conn.execute(update(_DEVICE).values(secret_sha256=secret))
    desk.send("h1", "PUT", INSURANCE, json=SAID | {"status": "retired", "cap_used_fen": 1_000_000})
    path = f"/encounters/{STAY_1}/bill/insurance/estimate"
    before = desk.send(None, "GET", path, auth=("t1", "secret"), headers={"Accept-Language": "zh"}).json()["cover"]
    worked_example(desk)
    after = desk.send(None, "GET", path, auth=("t1", "secret"), headers={"Accept-Language": "en"}).json()
    cover = after["cover"]

    assert (before["scheme"], cover["scheme"]) == ("职工医保（退休）", "Employee insurance, retired")
    assert (before["deductible_left_fen"], cover["deductible_left_fen"]) == (80000, 0)
    assert cover["ratio_bp"] == before["ratio_bp"] > 8500
    assert before["cap_left_fen"] - cover["cap_left_fen"] == after["fund_fen"]


def test_an_area_without_rules_is_estimated_by_ours_and_says_so(desk: Desk) -> None:
    """Somebody from elsewhere sees a number, and that it is not by their own rules."""
    worked_example(desk)
    desk.send("h1", "PUT", INSURANCE, json=SAID | {"area": "110000", "filing": "unfiled"})
    found = desk.get("n1", f"{INSURANCE}/estimate").json()

    assert found["ratio_bp"] == 6500
    assert found["note"] == "The rules of the insured place are not here: ours were used."


def test_without_insurance_there_is_no_estimate(desk: Desk) -> None:
    """Said in words, and never as a zero."""
    assert desk.get("n1", f"{INSURANCE}/estimate").status_code == 422
    assert desk.get("n1", INSURANCE).status_code == 404
    assert desk.get("n1", f"/encounters/{new_id()}/insurance/estimate").status_code == 404


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        (None, "GET", INSURANCE, 401),
        ("tech", "GET", INSURANCE, 403),
        ("x1", "GET", f"{INSURANCE}/estimate", 403),
        ("d1", "PUT", INSURANCE, 403),
        ("x1", "PUT", INSURANCE, 403),
        ("p1", "POST", "/insurance/persons", 403),
        ("tech", "POST", "/insurance/persons", 403),
    ],
)
def test_who_may_not_is_refused(desk: Desk, who: str | None, method: str, path: str, status: int) -> None:
    """Doctors see and do not write; other wards and technicians see nothing."""
    body = {"kind": "01", "number": "x"} if method == "POST" else SAID if method == "PUT" else None

    assert desk.send(who, method, path, json=body).status_code == status


@pytest.mark.parametrize(
    "wrong",
    [
        {"scheme": "luck"},
        {"balance_fen": -1},
        {"balance_fen": 1.5},
        {"balance_fen": "100"},
        {"cap_used_fen": 100_000_000_01},
        {"admission_no": 0},
        {"area": "51"},
        {"psn_no": "1"},
    ],
)
def test_what_cannot_be_right_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    """Negative, fractional, huge, unknown; and the platform's number comes from the platform alone."""
    assert desk.send("h1", "PUT", INSURANCE, json=SAID | wrong).status_code == 422
    assert desk.get("n1", INSURANCE).status_code == 404


def test_an_insurance_is_changed_until_the_platform_has_the_stay(served: Office, desk: Desk) -> None:
    """Then it is taken back there first."""
    desk.post("n1", "/insurance/persons", {"kind": "03", "number": CHEN.card_number, "take_over": True})
    served.dealings.register(STAY_1, served.card(), actor="staff:n1")

    assert desk.send("h1", "PUT", INSURANCE, json=SAID).status_code == 409
    assert desk.get("h1", INSURANCE).json()["stage"] == "registered"


def test_what_is_open_is_shown_and_decided(served: Office, desk: Desk) -> None:
    """With the right, and audited."""
    desk.post("n1", "/insurance/persons", {"kind": "03", "number": CHEN.card_number, "take_over": True})
    served.platform.fates.extend(["ok", "before"])
    dealings: Dealings = desk._http.app.state.insurance.dealings  # type: ignore[attr-defined]
    with pytest.raises(ResultUnknown):
        dealings.register(STAY_1, served.card(), actor="staff:n1")
    (left,) = desk.get("n1", INSURANCE).json()["open"]
    path = f"{INSURANCE}/messages/{left['no']}/decide"

    assert left["infno"] == "2401"
    assert desk.post("d1", path, {"done": False}).status_code == 403
    assert desk.post("n1", path, {"done": False}).json()["open"] == []
    assert desk.post("n1", path, {"done": False}).status_code == 404
    assert ("staff:n1", "insurance-decide", f"message {left['no']}", STAY_1) in desk.audited()


@pytest.mark.parametrize(
    ("kind", "number"),
    [("01", f"token-{CHEN.psn_no}"), ("02", CHEN.id_number), ("03", CHEN.card_number)],
)
def test_a_card_finds_the_stay(served: Office, desk: Desk, kind: str, number: str) -> None:
    """E-voucher, ID number, social-security card: name masked, the stay with its bed; then how it is insured."""
    found = desk.post("n1", "/insurance/persons", {"kind": kind, "number": number, "take_over": True}).json()

    assert (found["outcome"], found["by"], found["name"]) == ("found", "identity", "陈*英")
    assert [stay["bed"] for stay in found["encounters"]] == ["b1"]
    assert (found["taken_over"], found["cover"]["insutype"]) == (STAY_1, "310")
    insured = desk.get("n1", INSURANCE).json()
    assert (insured["scheme"], insured["status"], insured["balance_fen"]) == ("employee", "in-service", 100000)
    assert insured["known_there"]
    again = desk.post("n1", "/insurance/persons", {"kind": kind, "number": number}).json()
    assert again["by"] == "psn_no"


def outcome(desk: Desk, who: str = "n1", **more: Any) -> Any:
    """What showing Chen's card leads to."""
    return desk.post(who, "/insurance/persons", {"kind": "03", "number": CHEN.card_number} | more).json()


def test_a_person_who_does_not_lie_here_is_said(served: Office, desk: Desk) -> None:
    """Another birthday is another person; another end of the ID number too."""
    is_chen(desk, STAY_1, birth_on=date(1950, 3, 9))
    assert outcome(desk)["outcome"] == "not-here"
    is_chen(desk, STAY_1, id_last4="9999")

    assert outcome(desk)["outcome"] == "not-here"
    assert outcome(desk)["encounters"] == []


def test_a_person_in_another_ward_is_not_shown(served: Office, desk: Desk) -> None:
    """Only that they lie elsewhere."""
    found = outcome(desk, "x1", take_over=True)

    assert (found["outcome"], found["encounters"], found["taken_over"]) == ("other-ward", [], None)


@pytest.mark.parametrize("less", [{"id_last4": None}, {"sex": "male"}])
def test_a_match_that_is_not_sure_goes_to_a_human(served: Office, desk: Desk, less: dict[str, Any]) -> None:
    """No end of the ID number, or another sex: shown, and nothing is taken over."""
    is_chen(desk, STAY_1, **less)
    found = outcome(desk, take_over=True)

    assert (found["outcome"], len(found["encounters"]), found["taken_over"]) == ("unsure", 1, None)


def test_two_of_one_name_and_birthday_go_to_a_human(served: Office, desk: Desk) -> None:
    """Both are shown; once one is known by the platform's number, it is found."""
    is_chen(desk, STAY_2)
    assert outcome(desk, take_over=True)["outcome"] == "unsure"
    served.insure()

    found = outcome(desk)
    assert (found["outcome"], found["by"], found["encounters"][0]["id"]) == ("found", "psn_no", STAY_1)


def test_of_several_insurances_the_active_one_counts(served: Office, desk: Desk) -> None:
    """Two active ones are chosen between by a human; none active is none."""
    seen = []
    for covers in [(("310", "2"), ("390", "1")), (("310", "1"), ("390", "1")), (("310", "2"),)]:
        served.replace_member(covers=covers)
        found = outcome(desk, take_over=True)
        seen.append((found["cover"] and found["cover"]["insutype"], found["taken_over"]))
    served.replace_member(covers=(("310", "1"), ("390", "1")))

    assert seen == [("390", STAY_1), (None, None), (None, None)]
    assert outcome(desk, insutype="390")["cover"]["insutype"] == "390"


def test_an_unknown_card_is_the_platforms_word(served: Office, desk: Desk) -> None:
    """Refused, in its own words."""
    answered = desk.post("n1", "/insurance/persons", {"kind": "02", "number": "1"})

    assert (answered.status_code, answered.json()["code"]) == (409, "insurance-refused")
    assert "未查询到参保人" in answered.json()["detail"]


def test_without_a_platform_it_is_said(desk: Desk) -> None:
    """In words, with what to do."""
    answered = desk.post("n1", "/insurance/persons", {"kind": "01", "number": "x"})

    assert (answered.status_code, answered.json()["code"]) == (503, "no-insurance-platform")


def test_looks_and_changes_are_audited_without_numbers(served: Office, desk: Desk) -> None:
    """Who, what and which stay; never the card's number."""
    outcome(desk, take_over=True)
    desk.get("n1", INSURANCE)
    desk.send("h1", "PUT", INSURANCE, json=SAID)
    lines = desk.audited()

    assert ("staff:n1", "insurance-card", "card of kind 03", STAY_1) in lines
    assert ("staff:n1", "view", "insurance", STAY_1) in lines
    assert ("staff:h1", "insure", "insurance of a stay", STAY_1) in lines
    assert CHEN.card_number not in str(lines)
