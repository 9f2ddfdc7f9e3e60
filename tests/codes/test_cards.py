"""An insurance voucher and a health card are told from every other code, and never shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.codes.cards import ShownCard, read_card
from wardlink.codes.kinds import Badge, Wristband

TOKEN = "6" * 28
ID = "0A1B2C3D4E5F60718293"


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        (TOKEN, "voucher", TOKEN),
        (f" {TOKEN}\r", "voucher", TOKEN),
        (f"{ID}:1", "health-card", ID),
        (f"{ID}:1:20261127104200", "health-card", ID),
        (f"{ID[:18]}:0", "health-card", ID[:18]),
    ],
)
def test_what_a_telephone_shows_is_read(text: str, kind: str, number: str) -> None:
    """A voucher whole, a health card by its number alone."""
    found = read_card(text)

    assert found is not None
    assert (found.kind, found.number) == (kind, number)
    assert number not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        TOKEN[:-1],
        TOKEN + "6",
        TOKEN[:-1] + "-",
        "６" * 28,
        ID,
        f"{ID[:17]}:1",
        f"{ID}:",
        f"{ID}:123",
        f"{ID}:1:",
        f"{ID}:1:2:3",
        "ZY20260001",
        "",
        Badge("N1001").text(),
        Wristband("018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f").text(),
    ],
)
def test_nothing_else_is(text: str) -> None:
    """One character less or more, another alphabet, our own labels."""
    assert read_card(text) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever a scanner sends."""
    found = read_card(text)

    assert found is None or isinstance(found, ShownCard)
