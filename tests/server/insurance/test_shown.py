"""Cards shown to a cart and at a bed: whose they are, who may ask, what is slowed; no code is kept anywhere."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import MetaData, select, update

from server.identity.attempts import SignInSlowed
from server.identity.models import AccessAudit, Device
from server.insurance.port import PlatformAway
from server.insurance.service import Insurance, NoPlatform
from server.insurance.settings import InsuranceSettings
from server.insurance.shown import Shown
from server.patients.models import Patient
from tests.server.insurance.office import CHEN, Office
from tests.server.wards import STAY_1, STAY_2, SmallWard
from wardlink.codes.cards import ShownCard
from wardlink.errors import NotAllowed, SignInFailed

PATIENT = Patient.__table__  # type: ignore[attr-defined]
AUDIT = AccessAudit.__table__  # type: ignore[attr-defined]
TOKEN = f"token-{CHEN.psn_no}"
VOUCHER = ShownCard("voucher", TOKEN)
CART = Device(id="c1", kind="cart", name="C1", ward="w1", bed=None)
TERMINAL = Device(id="t1", kind="terminal", name="T1", ward="w1", bed="b1")
NEXT_BED = Device(id="t2", kind="terminal", name="T2", ward="w1", bed="b2")


@pytest.fixture
def shown(office: Office) -> Shown:
    """Chen lies in b1; a health card is that of the patient in b2."""
    with office.ward.db.write() as conn:
        conn.execute(update(PATIENT).where(PATIENT.c.mrn == "M0002").values(mrn="0A1B2C3D4E5F607182"))
    return make(office)


def make(office: Office) -> Shown:
    """A server that has just started."""
    return Shown(office.ward.core, Insurance(office.ward.core, InsuranceSettings(), office.adapter))


def cart(shown: Shown, card: ShownCard = VOUCHER, device: Device = CART, staff: str = "n1") -> tuple[str, str | None]:
    """Shown to a cart."""
    found = shown.at_cart(device, "w1", staff, card)
    return found.outcome, found.encounter


def bed(shown: Shown, card: ShownCard = VOUCHER, device: Device = TERMINAL) -> str:
    """Shown at the device's bed."""
    return shown.at_bed(device, "w1", str(device.bed), card).id


def actions(ward: SmallWard) -> list[tuple[str, str, str | None]]:
    """What the audit says: action, outcome and stay."""
    with ward.db.read() as conn:
        rows = conn.execute(select(AUDIT).where(AUDIT.c.what.startswith("card of kind")).order_by(AUDIT.c.no)).all()
    return [(row.action, row.detail["outcome"], row.encounter) for row in rows]


def test_a_voucher_finds_the_stay_and_is_taken_once(office: Office, shown: Shown) -> None:
    """The same token again is a copy; both are in the audit."""
    assert cart(shown) == ("found", STAY_1)
    assert cart(shown) == ("unknown", None)
    assert actions(office.ward) == [("insurance-card", "found", STAY_1), ("insurance-card", "unknown", None)]


def test_a_health_card_finds_who_is_kept_under_its_number(shown: Shown) -> None:
    """As often as it is shown; another number is nobody's."""
    card = ShownCard("health-card", "0A1B2C3D4E5F607182")

    assert [cart(shown, card), cart(shown, card)] == [("found", STAY_2)] * 2
    assert cart(shown, ShownCard("health-card", "0A1B2C3D4E5F607183")) == ("unknown", None)


def test_a_bed_opens_for_its_own_patient_alone(office: Office, shown: Shown) -> None:
    """The neighbour's card says no more than a wrong number; the audit does not say whose it was."""
    with pytest.raises(SignInFailed) as refused:
        bed(shown, device=NEXT_BED)

    assert type(refused.value) is SignInFailed
    assert bed(make(office)) == STAY_1
    assert actions(office.ward) == [("open-bedside-failed", "wrong", STAY_2), ("open-bedside", "found", STAY_1)]


@pytest.mark.parametrize("device", [CART, Device(id="c9", kind="cart", name="x", ward="w2", bed=None), TERMINAL])
def test_no_other_device_asks(office: Office, shown: Shown, device: Device) -> None:
    """A cart of another ward, a terminal as a cart, a cart as a terminal, and nobody who works here."""
    with pytest.raises(NotAllowed):
        cart(shown, device=device, staff="nobody") if device is CART else cart(shown, device=device)
    with pytest.raises(NotAllowed):
        shown.at_bed(NEXT_BED if device is TERMINAL else device, "w1", "b1", VOUCHER)

    assert actions(office.ward) == []


def test_wrong_cards_at_a_bed_are_slowed_together_with_wrong_numbers(office: Office, shown: Shown) -> None:
    """After three; also for the right card, until the wait is over."""
    for number in range(3):
        with pytest.raises(SignInFailed):
            bed(shown, ShownCard("voucher", f"{number:028d}"))
    with pytest.raises(SignInSlowed):
        bed(shown)
    office.ward.clock.advance(60)

    assert bed(shown) == STAY_1


def test_without_a_platform_or_an_answer_it_is_said(office: Office, shown: Shown) -> None:
    """At a cart as a word, at a bed as what the server lacks; nobody is let in."""
    alone = Shown(office.ward.core, Insurance(office.ward.core, InsuranceSettings(), None))
    assert cart(alone) == ("no-platform", None)
    with pytest.raises(NoPlatform):
        bed(alone)
    office.platform.stop()
    with pytest.raises(PlatformAway):
        cart(shown)
    with pytest.raises(PlatformAway):
        cart(shown)
    with pytest.raises(PlatformAway):
        bed(make(office))


def test_the_code_is_kept_nowhere(
    office: Office, shown: Shown, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in any column of any table, not in a log."""
    caplog.set_level(logging.DEBUG)
    cart(shown)
    bed(make(office))
    tables = MetaData()
    with office.ward.db.read() as conn:
        tables.reflect(conn)
        kept: list[Any] = [row for table in tables.sorted_tables for row in conn.execute(select(table))]
    said = capsys.readouterr()

    assert len(kept) > 10
    assert TOKEN not in repr(kept) + caplog.text + said.out + said.err
