"""What the form for vital signs keeps, and when: half a set, a disk that fails, a double key, a patient who leaves."""

from __future__ import annotations

from typing import Any

from cart.usecases.session import IDLE_S
from tests.cart.nurse import SMALL, cart, clock_of, sample_of
from tests.cart.vitals_round import sets
from wardlink.errors import StoreFailed


async def test_what_is_half_entered_waits_for_its_nurse() -> None:
    """Over Escape and over being signed out while idle; the ward marks it meanwhile."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("38.2", "99")
        await nurse.press("escape", "escape")
        assert "未填完" in nurse.line("王秀英", "12")
        await nurse.pass_time(clock_of(nurse), IDLE_S)
        assert nurse.page == "SignInScreen"
        await nurse.begin_vitals()

        assert (nurse.draft.texts["temp_c"], nurse.draft.texts["pulse_per_min"]) == ("38.2", "99")
        assert "38.2" in nurse.text()


async def test_saved_means_the_disk() -> None:
    """Where the disk does not take it, nothing says saved: the form stays, full, with the reason."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8")
        sample_of(nurse).fails_with = StoreFailed(detail="disk full")
        await nurse.press("f2", "1")
        assert nurse.page == "VitalsScreen"
        assert nurse.draft.texts["temp_c"] == "36.8"
        assert StoreFailed(detail="disk full").text() in nurse.notes()
        assert not any("已保存" in note for note in nurse.notes())
        sample_of(nurse).fails_with = None
        await nurse.press("f2")

        assert nurse.page == "PatientScreen"
        assert len(sets(nurse)) == 1


async def test_a_double_f2_saves_once() -> None:
    """A gloved finger hits twice."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8", "72", "16", "122", "78", "98")
        await nurse.press("1", "a")
        await nurse.press("f2", "f2")

        assert len(sets(nurse)) == 1


async def test_an_empty_form_is_not_saved() -> None:
    """F2 says so and stays."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.press("f2")

        assert nurse.page == "VitalsScreen"
        assert sets(nurse) == []


async def test_clearing_asks_first() -> None:
    """Escape keeps everything, the digit empties."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8")
        await nurse.press("ctrl+l", "escape")
        assert nurse.draft.texts["temp_c"] == "36.8"
        await nurse.press("ctrl+l", "1")

        assert nurse.draft.is_empty
        assert "36.8" not in nurse.text()


async def test_the_language_changes_in_the_middle_of_a_set() -> None:
    """What was typed and picked stays, on both pages."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("38.2")
        await nurse.press("f10")

        assert nurse.draft.texts["temp_c"] == "38.2"
        assert "Axillary" in nurse.text()
        assert "38.2" in nurse.text()
        assert "体温" not in nurse.text()


async def test_a_similar_name_is_shown_where_the_set_is_typed() -> None:
    """王秀英 and 王秀兰 lie in one ward; the allergy stands there too."""
    async with cart(SMALL) as nurse:
        await nurse.begin_vitals("12")

        top = nurse.text().splitlines()[1:4]
        assert "王秀英" in top[0]
        assert "20261110" in top[0]
        assert "头孢类" in top[1]
        assert "王秀兰" in top[2]


async def test_the_last_value_stands_beside_the_field() -> None:
    """With its age, to compare while typing."""
    async with cart() as nurse:
        await nurse.begin_vitals("10")
        await nurse.press("down", "down")

        assert "112 /min" in nurse.line("上次")
        assert "24分" in nurse.line("上次")


async def test_a_scanned_wristband_leaves_nothing_in_the_field() -> None:
    """The digits of the code are taken out again; the other patient opens, the draft stays as it was."""
    async with cart() as nurse:
        await nurse.begin_vitals("12")
        await nurse.fill("36.8")
        await nurse.scan("20261101")
        assert nurse.page == "PatientScreen"
        assert "陈建国" in nurse.text()
        await nurse.press("escape")
        await nurse.open("12")
        await nurse.press("v")

        assert nurse.draft.texts.get("pulse_per_min", "") == ""
        assert nurse.draft.texts["temp_c"] == "36.8"


async def test_a_note_is_kept_as_typed() -> None:
    """Brackets are no markup."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8")
        field: Any = nurse.row("note").field
        field.focus()
        field.insert_text_at_cursor("[red]x[/] [b")
        await nurse.settle()
        await nurse.press("f2", "1")

        assert sets(nurse)[0].body["note"] == "[red]x[/] [b"
        assert "[red]x[/] [b" in nurse.text()


async def test_a_patient_who_has_left_the_ward_closes_the_form() -> None:
    """With a word; the draft is not thrown away."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8")
        board = sample_of(nurse).replica
        board.stays = [stay for stay in board.stays if stay.bed != "12"]
        await nurse.changed()

        assert nurse.page == "WardScreen"
        assert any("已不在本病区" in note for note in nurse.notes())


async def test_a_set_is_never_saved_without_its_last_digit() -> None:
    """F2 comes right behind the digits, before the field has shown them."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.typed("38.6", "f2", "1")

        assert sets(nurse)[0].body["readings"]["temp_c"] == 38.6


async def test_a_number_that_is_half_typed_is_no_mistake_yet() -> None:
    """The first digit of 36.8 is no temperature: red that comes and goes with every number soon means nothing."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.typed("3")
        await nurse.settle()
        assert "✖" not in nurse.text()
        await nurse.press("enter")

        assert "✖" in nurse.findings()
        assert "✖" in nurse.line("体温", "°C")
