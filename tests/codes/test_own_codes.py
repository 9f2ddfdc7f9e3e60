"""Our own codes come back as they were written, and a damaged one is never taken for another patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.codes import frame
from wardlink.codes.kinds import Badge, BagLabel, BedTag, Code, DeviceTag, Presence, TrayLabel, Wristband
from wardlink.codes.presence import STEP_S, is_present, presence_now
from wardlink.codes.reading import read_code
from wardlink.errors import CodeDamaged, CodeUnknown

AT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)
KEY = b"a key of the ward"

ids = st.uuids().map(str)
slugs = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)
minutes = st.integers(0, 80_000_000).map(lambda n: datetime.fromtimestamp(n * 60, UTC))
own = st.one_of(
    st.builds(Wristband, ids),
    st.builds(Badge, st.from_regex(r"[A-Z]{1,2}[0-9]{3,8}", fullmatch=True)),
    st.builds(BedTag, slugs, slugs),
    st.builds(DeviceTag, slugs),
    st.builds(TrayLabel, ids),
    st.builds(BagLabel, ids, ids, st.integers(0, 10**6), minutes, ids, st.none() | minutes),
    st.builds(lambda *parts: presence_now(KEY, *parts, AT), slugs, slugs, ids),
)


@given(own)
def test_what_was_written_is_read(code: Wristband | Badge | BedTag | DeviceTag | BagLabel | Presence) -> None:
    """Every kind, with Caps Lock or without, and whatever the scanner says of the symbology."""
    text = code.text()

    assert read_code(text) == code
    assert read_code(text.swapcase()) == code
    assert read_code(f"]C0{text}\r") == code


@given(own, st.data())
def test_any_one_damaged_character_is_found(code: Wristband | Badge | BagLabel, data: st.DataObject) -> None:
    """Another character in its place, none, or one too many."""
    text = code.text()
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.characters(codec="ascii", min_codepoint=33).filter(lambda c: c.upper() != text[at]))
    damaged = data.draw(st.sampled_from([text[:at] + wrong + text[at + 1 :], text[:at] + text[at + 1 :]]))

    with pytest.raises((CodeDamaged, CodeUnknown)):
        read_code(damaged)


def test_every_damage_of_a_wristband_is_called_damage() -> None:
    """Each character of it replaced by each other one: read again, never another stay and never a drug."""
    text = Wristband("018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f").text()
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
    for at, right in enumerate(text):
        for wrong in alphabet:
            if wrong != right:
                with pytest.raises(CodeDamaged):
                    read_code(text[:at] + wrong + text[at + 1 :])


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ.", max_size=60))
def test_what_has_our_beginning_and_no_right_check_is_damaged(rest: str) -> None:
    """A label of which a piece is missing."""
    with pytest.raises((CodeDamaged, CodeUnknown)):
        read_code("WL1P" + rest)


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        (frame.wrap("Z", ["1"]), CodeUnknown, "other-kind"),
        (frame.wrap("P", ["1"]), CodeDamaged, "broken-inside"),
        (frame.wrap("P", ["1", "2"]), CodeDamaged, "broken-inside"),
        (frame.wrap("M", ["0" * 26, "0" * 26, "0" * 26, "1", "Z" * 60]), CodeDamaged, "broken-inside"),
        (Badge("N1001").text()[:-1], CodeDamaged, "damaged"),
        ("", CodeUnknown, "unknown"),
        ("x" * 500, CodeUnknown, "unknown"),
        ("20261110", CodeUnknown, "unknown"),
    ],
)
def test_a_refusal_has_its_reason(text: str, error: type[CodeDamaged | CodeUnknown], reason: str) -> None:
    """One short word for those who count, and a sentence for the nurse."""
    with pytest.raises(error) as caught:
        read_code(text)

    assert caught.value.params["reason"] == reason
    assert "{" not in caught.value.text()


def test_a_field_that_cannot_be_printed_is_refused_when_written() -> None:
    """A dot inside a field would be read as two."""
    with pytest.raises(ValueError, match="not in a code"):
        Badge("N1.1").text()


@pytest.mark.parametrize(("late_s", "good"), [(0, True), (STEP_S, True), (-STEP_S, True), (2 * STEP_S, False)])
def test_a_presence_code_is_good_for_a_moment(late_s: int, good: bool) -> None:
    """One step to either side, and no more."""
    code = presence_now(KEY, "w3", "12", "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f", AT)

    assert is_present(KEY, code, AT + timedelta(seconds=late_s)) is good


def test_a_presence_code_of_another_ward_key_is_not_genuine() -> None:
    """Nor one whose patient was changed."""
    code = presence_now(KEY, "w3", "12", "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f", AT)
    other = Presence(code.ward, code.bed, "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e10", code.step, code.proof)

    assert not is_present(b"another", code, AT)
    assert not is_present(KEY, other, AT)


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading(text: str) -> None:
    """A code, or a refusal in words."""
    assert_never_crashes(text, read_code)


@given(st.sampled_from(["]d2", "]C1", "\x1d", "01", "(01)", "WL1", "WL1P.", "(10)"]), st.text(max_size=60))
def test_no_text_behind_a_known_beginning_breaks_the_reading(start: str, text: str) -> None:
    """The paths that ordinary random texts never reach."""
    assert_never_crashes(start + text, read_code)


def assert_never_crashes(text: str, read: Callable[[str], Code]) -> None:
    """Either a code or one of the two refusals."""
    try:
        found: object = read(text)
    except (CodeDamaged, CodeUnknown) as refused:
        found = refused.text()
    assert found
