"""The codes of drugs' packs are read as the standard says, or refused in words."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import case
from tests.codes.test_own_codes import assert_never_crashes
from wardlink.codes.gs1 import is_gtin, write_gs1
from wardlink.codes.kinds import DrugPack
from wardlink.codes.reading import read_code
from wardlink.errors import CodeDamaged, CodeUnknown

GTIN = "06901234567892"
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "pack"),
    [
        ("6901234567892", DrugPack(GTIN)),
        (GTIN, DrugPack(GTIN)),
        (f"01{GTIN}", DrugPack(GTIN)),
        (f"]d201{GTIN}17271130" + "10AB12", DrugPack(GTIN, "AB12", None, (27, 11, 30))),
        (f"]C1\x1d01{GTIN}10AB12\x1d17271130", DrugPack(GTIN, "AB12", None, (27, 11, 30))),
        (f"\x1d01{GTIN}21S-1\x1d10AB12\x1d17271100", DrugPack(GTIN, "AB12", "S-1", (27, 11, 0))),
        (f"(01){GTIN}(17)271130(10)AB12(21)77", DrugPack(GTIN, "AB12", "77", (27, 11, 30))),
        (f"01{GTIN}11260101" + "3103001234" + "10AB12\x1d" + "24012", DrugPack(GTIN, "AB12")),
    ],
)
def test_a_pack_is_read(text: str, pack: DrugPack) -> None:
    """Bare, with and without symbology identifier, in any order, other elements skipped by their length."""
    assert read_code(text) == pack


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("0106901234567893", CodeDamaged, "check-digit"),
        (f"01{GTIN}17271330", CodeDamaged, "damaged"),
        (f"01{GTIN}17270230", CodeDamaged, "bad-date"),
        (f"01{GTIN}17270229", CodeDamaged, "bad-date"),
        (f"01{GTIN}1727", CodeDamaged, "damaged"),
        (f"01{GTIN}10A\x1d10B", CodeDamaged, "damaged"),
        (f"(01){GTIN}(10", CodeDamaged, "damaged"),
        ("]d210AB12", CodeUnknown, "no-gtin"),
        ("6901234567893", CodeUnknown, "unknown"),
    ],
)
def test_a_pack_that_cannot_be_right_is_refused(text: str, error: type[Exception], reason: str) -> None:
    """Never a drug with a guessed digit or date."""
    with pytest.raises(error) as caught:
        read_code(text)

    assert caught.value.params["reason"] == reason  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("expires", "today", "last"),
    [
        ((26, 11, 30), TODAY, date(2026, 11, 30)),
        ((27, 2, 0), TODAY, date(2027, 2, 28)),
        ((28, 2, 0), TODAY, date(2028, 2, 29)),
        ((26, 12, 0), TODAY, date(2026, 12, 31)),
        ((76, 1, 1), TODAY, date(2076, 1, 1)),
        ((77, 1, 1), TODAY, date(1977, 1, 1)),
        ((1, 1, 1), date(2051, 1, 1), date(2101, 1, 1)),
        ((2, 1, 1), date(2051, 1, 1), date(2002, 1, 1)),
    ],
)
def test_the_day_and_the_century_of_an_expiry(expires: tuple[int, int, int], today: date, last: date) -> None:
    """Day 00 is the month's last; 50 years ahead is this side of the bound, 51 the other."""
    assert DrugPack(GTIN, expires=expires).expires_on(today) == last


@pytest.mark.parametrize(("today", "expired"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)])
def test_a_pack_is_good_on_its_last_day(today: date, expired: bool) -> None:
    """And not on the next."""
    assert DrugPack(GTIN, expires=(26, 11, 0)).is_expired(today) is expired


def test_every_single_wrong_digit_of_a_number_is_found() -> None:
    """Each of 14 places, each of nine other digits."""
    for at in range(14):
        for digit in "0123456789":
            assert is_gtin(GTIN[:at] + digit + GTIN[at + 1 :]) is (digit == GTIN[at])


lots = st.none() | st.from_regex(r"[0-9A-Za-z-]{1,20}", fullmatch=True)
expiries = st.none() | st.tuples(st.integers(0, 99), st.integers(1, 12), st.integers(0, 28))


@given(lots, lots, expiries)
def test_what_is_written_on_a_label_is_read(
    lot: str | None, serial: str | None, expires: tuple[int, int, int] | None
) -> None:
    """With and without lot, serial and expiry."""
    pack = DrugPack(GTIN, lot, serial, expires)

    assert read_code(write_gs1(pack)) == pack


@pytest.mark.cases
def test_naughty_texts_are_refused_in_words() -> None:
    """Alone, and behind the beginnings of our codes."""
    for text in json.loads(case("naughty", "blns.json").read_text()):
        for start in ("", "WL1P.", "]d2", f"01{GTIN}10"):
            assert_never_crashes(start + text, read_code)
