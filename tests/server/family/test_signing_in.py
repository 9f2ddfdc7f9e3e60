"""Family sign in at the bed: with a code once, then with their own PIN, and with nothing once the consent is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.server.family.bed import OTHER_PIN, PIN, Bed
from tests.server.wards import DESK, NOW, STAY_1, STAY_2
from wardlink.clinical.family import signing_in
from wardlink.messages.encounters import Discharge, Transfer

WRONG = "486213"


def test_a_daughter_comes_in_with_a_code_and_then_with_her_pin(bed: Bed) -> None:
    """The code is used once; the PIN opens the stay of this bed, by the consent's own name."""
    consent = bed.grant()
    answer = bed.code(consent).json()
    first = bed.set_pin(answer["code"]).json()
    again = bed.open().json()

    assert len(answer["code"]) == 8
    assert answer["expires_at"] == (NOW + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    for told in (first, again):
        assert (told["encounter"]["id"], told["consent"]["id"], told["consent"]["name"]) == (STAY_1, consent, "李芳")
    where = f"ward w1 bed b1 consent {consent}"
    assert bed.desk.audited()[-3:] == [
        ("device:t1", "family-code", where, STAY_1),
        (f"family:{consent}", "open-bedside", where, STAY_1),
        (f"family:{consent}", "open-bedside", where, STAY_1),
    ]


def test_a_code_is_used_once(bed: Bed) -> None:
    """Whoever comes second with it is told nothing, and the PIN of the first stays."""
    code = bed.code(bed.grant()).json()["code"]
    bed.set_pin(code)

    assert bed.set_pin(code, OTHER_PIN).status_code == 401
    assert bed.open(OTHER_PIN).status_code == 401
    assert bed.open().status_code == 200


@pytest.mark.parametrize(("after_s", "status"), [(899, 200), (900, 401)])
def test_a_code_lives_a_quarter_of_an_hour(bed: Bed, after_s: int, status: int) -> None:
    """Its last second counts, the one after does not."""
    code = bed.code(bed.grant()).json()["code"]
    bed.ward.clock.advance(after_s)

    assert bed.set_pin(code).status_code == status


def test_a_new_code_takes_the_place_of_the_former(bed: Bed) -> None:
    """The patient asked again; and a PIN that was forgotten is replaced with the new one."""
    consent = bed.daughter()
    former, newer = (bed.code(consent).json()["code"] for _ in range(2))

    assert bed.set_pin(former, OTHER_PIN).status_code == 401
    assert bed.set_pin(newer, OTHER_PIN).status_code == 200
    assert bed.open().status_code == 401
    assert bed.open(OTHER_PIN).status_code == 200


@pytest.mark.parametrize("pin", ["123456", "１２３４５６"])
def test_a_weak_pin_is_not_taken(bed: Bed, pin: str) -> None:
    """It says so, and the code still holds."""
    code = bed.code(bed.grant()).json()["code"]

    assert bed.set_pin(code, pin).status_code == 422
    assert bed.set_pin(code).status_code == 200


def test_two_daughters_are_told_apart_by_their_pins(bed: Bed) -> None:
    """The second cannot take the first one's: one could no longer say who had come."""
    first = bed.daughter()
    second = bed.grant(number=2, name="李梅")
    code = bed.code(second).json()["code"]

    assert bed.set_pin(code).status_code == 422
    assert bed.set_pin(code, OTHER_PIN).json()["consent"]["id"] == second
    assert bed.open().json()["consent"]["id"] == first
    assert bed.open(OTHER_PIN).json()["consent"]["id"] == second


def test_what_was_taken_back_opens_nothing(bed: Bed) -> None:
    """Neither the PIN nor a code that nobody has used yet; and no new code is made."""
    daughter, son = bed.daughter(), bed.grant(relation="son")
    code = bed.code(son).json()["code"]
    for consent in (daughter, son):
        bed.withdraw(consent)

    assert bed.open().status_code == 401
    assert bed.set_pin(code, relation="son").status_code == 401
    assert bed.code(son).status_code == 404
    assert bed.secrets() == []


@pytest.mark.parametrize("moves", [True, False])
def test_it_goes_with_the_bed_and_the_stay(bed: Bed, moves: bool) -> None:
    """Moved or discharged: the hashes are gone in the same moment."""
    bed.daughter()
    body = Transfer(ward="w1", bed="b3") if moves else Discharge()
    kind = "encounter.transfer" if moves else "encounter.discharge"
    bed.ward.core.execute(kind, body, ward="w1", actor=DESK, encounter=STAY_1)

    assert bed.open().status_code == 401
    assert bed.secrets() == []


@pytest.mark.parametrize(("after_s", "status"), [(3599, 200), (3600, 401)])
def test_it_holds_as_long_as_the_patient_said(bed: Bed, after_s: int, status: int) -> None:
    """To the second."""
    bed.daughter(until=(NOW + timedelta(hours=1)).isoformat())
    bed.ward.clock.advance(after_s)

    assert bed.open().status_code == status


def test_another_bed_is_opened_by_nothing(bed: Bed) -> None:
    """Not by its own terminal with this bed's code or PIN, and not by this one for that bed."""
    consent = bed.daughter()
    code = bed.code(consent).json()["code"]

    assert bed.open(device="t2", bed="b2").status_code == 401
    assert bed.set_pin(code, device="t2", bed="b2").status_code == 401
    assert bed.open(bed="b2").status_code == 403
    assert bed.open(device="c1").status_code == 403
    assert bed.code(consent, device="t2").status_code == 403
    assert bed.ask("POST", f"/encounters/{STAY_2}/family/{consent}/code", device="t2").status_code == 404


def test_another_relation_is_another_person(bed: Bed) -> None:
    """The right PIN under the wrong word."""
    bed.daughter()

    assert bed.open(relation="son").status_code == 401


def test_guessing_is_slowed_and_written_down(bed: Bed) -> None:
    """Three tries, then a wait, also for the right PIN; the patient is not kept out by it."""
    bed.daughter()
    codes = [bed.open(WRONG).status_code for _ in range(4)]
    during = bed.open()
    bed.ward.clock.advance(60)

    assert codes == [401, 401, 401, 429]
    assert (during.status_code, during.headers["Retry-After"]) == (429, "10")
    assert bed.open().status_code == 200
    failed = [row for row in bed.desk.audited() if row[1] == "open-bedside-failed"]
    assert failed == [("device:t1", "open-bedside-failed", "ward w1 bed b1", STAY_1)] * 3


def test_one_pin_on_all_relations_is_slowed_too(bed: Bed) -> None:
    """The bed counts them together."""
    bed.daughter()
    relations = ("son", "spouse", "parent", "guardian", "other", "daughter")
    codes = [bed.open(WRONG, relation).status_code for relation in relations for _ in range(3)]
    bed.ward.clock.advance(20)
    codes += [bed.open(WRONG, relation).status_code for relation in relations for _ in range(3)]

    assert 429 in codes[18:]
    assert bed.open(WRONG).status_code == 429


def test_family_make_no_codes(bed: Bed) -> None:
    """A daughter who sits at the screen lets nobody else in."""
    consent = bed.daughter()

    assert bed.code(consent, headers={"Wardlink-Family": consent}).status_code == 403


def test_no_code_and_no_pin_is_kept_or_sent(bed: Bed) -> None:
    """Not in a table, a change, a receipt or a line of the audit; hashes alone."""
    consent = bed.grant()
    codes = [bed.code(consent).json()["code"] for _ in range(2)]
    bed.set_pin(codes[1])
    bed.open()
    bed.open(WRONG)

    found = bed.everything()
    assert [secret for secret in (*codes, PIN, WRONG) if secret in found] == []
    assert all(row.pin_hash.startswith("$argon2") for row in bed.secrets())


def test_so_many_and_no_more(bed: Bed) -> None:
    """The next is refused in words; after one is taken back there is room."""
    consents = [bed.grant(number=number + 1) for number in range(signing_in().most_open)]
    command = bed.ward.terminal.command(
        "family-consent.grant",
        {"relation": "son", "scopes": ["daily"]},
        encounter=STAY_1,
        actor={"kind": "patient", "id": STAY_1},
    )
    answer = bed.ward.answer(command)

    assert answer.outcome == "refused"
    assert answer.reason_zh
    bed.withdraw(consents[0])
    assert bed.grant(relation="son")
