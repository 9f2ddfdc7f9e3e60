"""The screen at a bed opens for the patient of that bed, and for nobody else."""

from __future__ import annotations

import pytest

from tests.server.hospital import OTHER_PATIENT, PATIENT, Hospital
from wardlink.messages.encounters import Discharge
from workbench.ward import SYSTEM


@pytest.mark.parametrize("second", ["123X", "123x", " 123X ", "19500308"])
def test_either_second_identifier_opens(hospital: Hospital, second: str) -> None:
    """The last four of the ID card or the birth date; the answer is the stay in this bed."""
    answer = hospital.open("t-1", "1", PATIENT.admission_no, second)

    assert answer.status_code == 200
    assert answer.json()["encounter"]["id"] == hospital.stays["1"]


@pytest.mark.parametrize(
    ("admission_no", "second"),
    [
        (PATIENT.admission_no, "1234"),
        (PATIENT.admission_no, "1950-03-08"),
        ("ZY20269999", "123X"),
        (OTHER_PATIENT.admission_no, "19610702"),
        (OTHER_PATIENT.admission_no, "123X"),
        (PATIENT.admission_no, "19610702"),
    ],
)
def test_anything_else_gets_one_answer(hospital: Hospital, admission_no: str, second: str) -> None:
    """A wrong part, or the right parts of a patient in another bed: nothing says which it was."""
    answer = hospital.open("t-1", "1", admission_no, second)

    assert answer.status_code == 401
    assert answer.json() == {"code": "sign-in-failed", "detail": "This does not match. Please check and try again."}


def test_an_empty_bed_opens_for_nobody(hospital: Hospital) -> None:
    """Nobody lies in bed 3, and it says no more than that it does not match."""
    answer = hospital.open("t-3", "3", PATIENT.admission_no, "123X")

    assert answer.json()["code"] == "sign-in-failed"


def test_each_bed_knows_its_own_patient(hospital: Hospital) -> None:
    """What opens bed 1 does not open bed 2, and what opens bed 2 does."""
    neighbour = hospital.open("t-2", "2", PATIENT.admission_no, "123X")
    own = hospital.open("t-2", "2", OTHER_PATIENT.admission_no, "19610702")

    assert neighbour.status_code == 401
    assert own.json()["encounter"]["id"] == hospital.stays["2"]


@pytest.mark.parametrize("second", ["None", "null", " ", "0000"])
def test_a_patient_without_id_card_has_the_birth_date_only(hospital: Hospital, second: str) -> None:
    """An identifier that is not known is never matched, not by the words for nothing either."""
    assert hospital.open("t-2", "2", OTHER_PATIENT.admission_no, second).status_code == 401


@pytest.mark.parametrize(("device", "bed"), [("t-3", "1"), ("cart-1", "1"), ("m-1", "1"), ("cart-4", "1")])
def test_only_the_terminal_of_the_bed_may_ask(hospital: Hospital, device: str, bed: str) -> None:
    """Another terminal, a cart and a monitor are turned away, whatever they know."""
    answer = hospital.open(device, bed, PATIENT.admission_no, "123X")

    assert answer.status_code == 403
    assert answer.json()["code"] == "not-allowed"


def test_after_the_discharge_it_no_longer_opens(hospital: Hospital) -> None:
    """Only the stay that is in the bed now counts."""
    stay = hospital.stays["1"]
    hospital.core.execute("encounter.discharge", Discharge(), ward="w3", actor=SYSTEM, encounter=stay, bed="1")

    assert hospital.open("t-1", "1", PATIENT.admission_no, "123X").status_code == 401


def test_guessing_at_a_bed_is_slowed(hospital: Hospital) -> None:
    """All admission numbers count together: three guesses, then a wait."""
    codes = [hospital.open("t-1", "1", f"ZY2026000{n}", "0000").status_code for n in range(6)]

    assert codes == [401, 401, 401, 429, 429, 429]


def test_opening_and_guessing_are_audited(hospital: Hospital) -> None:
    """Both name the stay in the bed and the terminal; nothing that was typed."""
    hospital.open("t-1", "1", PATIENT.admission_no, "0000")
    hospital.open("t-1", "1", PATIENT.admission_no, "123X")

    assert hospital.audited() == [
        ("device:t-1", "open-bedside-failed", "ward w3 bed 1"),
        ("device:t-1", "open-bedside", "ward w3 bed 1"),
    ]
