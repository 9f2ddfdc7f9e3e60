"""Texts that break programs, in every field and in everything that others have written; and no text that is cut."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart.widgets.call_banner import banner_text
from cart.widgets.identity import identity
from tests.cart.nurse import AT, SIZES, cart, process_language, sample, sample_of
from tests.cart.test_ward_list import call
from tests.cases import case
from wardlink.messages.vitals import RecordVitals
from wardlink.terminal.cells import width

MARKUP = ("[red]x[/red]", "[/]", "[b", "[@click=app.quit]x[/]", "\\[", "[link=file:///]a[/link]")


@pytest.mark.cases
async def test_naughty_texts_go_through_every_field() -> None:
    """The list of naughty strings, typed into note, search, badge and reasons: kept or refused, never a crash."""
    naughty = json.loads(case("naughty", "blns.json").read_text())
    async with cart() as nurse:
        await nurse.settle()
        for text in naughty[::3]:
            for name in ("badge", "pin"):
                nurse.app.screen.query_one(f"#{name}").value = text  # type: ignore[attr-defined]
        nurse.app.screen.query_one("#badge").value = ""  # type: ignore[attr-defined]
        nurse.app.screen.query_one("#pin").value = ""  # type: ignore[attr-defined]
        await nurse.settle()
        await nurse.begin_vitals()
        await nurse.fill("36.8")
        keys = ("note", "pulse_per_min", "measured_at", "stool", "glucose_mmol_per_l")
        for at, text in enumerate(naughty):
            nurse.row(keys[at % len(keys)]).field.value = text  # type: ignore[union-attr]
            nurse.row("note").field.value = text  # type: ignore[union-attr]
            if at % len(keys) == 0:
                await nurse.settle()
        assert nurse.page == "VitalsScreen"
        for key in ("pulse_per_min", "measured_at", "stool", "glucose_mmol_per_l"):
            nurse.row(key).field.value = ""  # type: ignore[union-attr]
        nurse.row("note").field.value = "".join(MARKUP)  # type: ignore[union-attr]
        await nurse.settle()
        await nurse.press("f2", "1")

        assert nurse.page == "PatientScreen"
        saved = next(c for c in sample_of(nurse).recorded if c.kind == "vitals.record")
        assert RecordVitals.model_validate(saved.body).note == "".join(MARKUP)


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_of_others_is_only_text(text: str) -> None:
    """In a name, an allergy, the reason of a call, of a refusal and of a struck set: on every page."""
    async with cart() as nurse:
        ward = sample_of(nurse)
        mark = {"name": text, "allergies": (text,), "diet": text}
        ward.replica.stays = [s.model_copy(update=mark) if s.bed == "12" else s for s in ward.replica.stays]
        ward.ring("12", "P2", text)
        await nurse.sign_in()
        assert text[:7] in nurse.text()  # The name is cut where its column ends.
        await nurse.open("12")
        assert text in nurse.text()
        await nurse.press("v", "escape", "x", "tab")
        await nurse.typed(text.replace("\\", ""), "enter")
        ward.refuse(ward.entries()[0].id, text, text)
        await nurse.press("escape", "u")
        await nurse.changed()
        assert text in nurse.text()
        await nurse.press("enter", "escape", "escape", "f9")
        await nurse.changed()

        assert text in nurse.text()


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_any_name_is_shown_as_text(name: str) -> None:
    """The lines of the patient and of the banner are made whatever is in them."""
    stay = sample().replica.in_bed("12").model_copy(update={"name": name, "allergies": (name,)})

    assert identity(stay, [name], AT).plain.count("\n") == 2
    assert "\n" not in banner_text(call(reason=name or None), 0, AT)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
async def test_no_label_of_the_form_is_cut(size: tuple[int, int], speaks: str) -> None:
    """Names, units and hints beside every field, on both pages, at both sizes."""
    async with cart(size, speaks=speaks) as nurse:
        await nurse.begin_vitals()
        for page in (0, 1):
            cut = [
                (static.id or static.parent.id, str(static.content))
                for static in nurse.form.query(".form-label, .form-unit")
                if static.region.width and width(str(static.content)) > static.content_size.width  # type: ignore[attr-defined]
            ]
            assert cut == [], page
            await nurse.press("f5")


@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
def test_the_banner_says_everything_in_one_line(speaks: str) -> None:
    """Class, bed, reason, age and the key, in 78 cells."""
    with process_language(speaks):
        text = banner_text(call("P1", reason="BREATH"), 1, AT)

    assert "F9" in text
    assert width(text) <= 78
