"""What nobody should do and everybody does: tap twice, tap before a page is there, type anything, leave in between."""

from __future__ import annotations

import json

import pytest
from textual import events

from bedside.sample import sample_stay
from tests.bedside.figures import layout_faults
from tests.bedside.screens import AT, SIZES, SMALL, bedside
from tests.bedside.ways import WAYS, page_classes
from tests.cases import case
from wardlink.messages.complaints import LONGEST

NAUGHTY = (
    "[bold red]X[/]",
    "[/]",
    "[@click=app.quit]x[/]",
    "{name}",
    "%s\\n",
    "a\x1b[31mb",
    "\u202eabc",
    "\ufdfd" * 20,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\u200b",
    "'\"<b>",
)


@pytest.mark.parametrize("name", WAYS)
async def test_a_trembling_hand_types_anything_and_is_discharged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Every tap twice leads to the same page and asks for nothing twice; whatever is typed there moves nothing; and
    when the stay ends, the screen is locked, wiped, and names nobody.
    """
    async with bedside() as hand:
        hand.trembles = True
        await WAYS[name].walk(hand)
        assert hand.page == WAYS[name].page
        asked = [(c.kind, json.dumps(c.body)) for c in hand.terminal.recorded if c.kind != "audit.event"]
        assert len(asked) == len(set(asked))
        for text in NAUGHTY:
            await hand.press(*(char for char in text if char.isprintable()))
            await hand.paste(text)
        assert hand.page == WAYS[name].page
        assert layout_faults(hand) == []
        hand.terminal.connect(online=True, server_alive=True)
        hand.terminal.discharge()
        await hand.changed()
        await hand.changed()

        assert hand.terminal.wiped == 1
        assert not any(word in hand.text() for word in ("王", "李静"))
        if page_classes()[WAYS[name].page].needs_session:
            assert hand.page == "LockedScreen"
    assert "a worker failed" not in caplog.text


async def test_a_finger_that_slides_marks_no_words() -> None:
    """Down on a word, on, and up: nothing is selected, nothing is pressed."""
    async with bedside() as hand:
        await hand.login()
        for kind, x in ((events.MouseDown, 8), (events.MouseMove, 20), (events.MouseUp, 40)):
            hand.app.post_message(kind(None, x, 20, 0, 0, 1, False, False, False))
        await hand.settle()

        assert hand.app.screen.get_selected_text() in (None, "")
        assert hand.page == "HomeScreen"


async def test_what_people_typed_is_never_markup() -> None:
    """As a name, an allergy, a diet, a ward, a carer: it is shown as it stands or dropped, and moves nothing."""
    async with bedside() as hand:
        await hand.login()
        for text in NAUGHTY:
            hand.terminal.replica.stay = sample_stay(
                AT, name=text[:60], allergies=(text,), diet=text[:30], nurse_name=text, doctor_name=text
            )
            hand.terminal.replica.ward_name = text
            await hand.changed()
            for size in SIZES:
                await hand.pilot.resize_terminal(*size)
                await hand.settle()
                assert (text, size, layout_faults(hand)) == (text, size, [])
        hand.terminal.replica.stay = sample_stay(AT, allergies=(NAUGHTY[0],))
        await hand.changed()
        await hand.tap("area-medical")
        await hand.tap("entry-me")

        assert NAUGHTY[0] in hand.text()


def big_list() -> list[str]:
    """The Big List of Naughty Strings, without what is empty."""
    return [t for t in json.loads(case("naughty", "blns.json").read_text(encoding="utf-8")) if t.strip()]


async def test_the_big_list_of_naughty_strings_stops_nothing() -> None:
    """Every one of them as an allergy, many as a name and a diet."""
    texts = big_list()
    async with bedside(SMALL) as hand:
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-me")
        for n in range(0, len(texts), 50):
            some = texts[n : n + 50]
            hand.terminal.replica.stay = sample_stay(AT, name=some[0][:60], allergies=tuple(some), diet=some[-1][:30])
            await hand.changed()

        assert hand.page == "MeScreen"
        assert layout_faults(hand) == []


@pytest.mark.parametrize(("name", "field", "most"), [("own-words", "words", LONGEST), ("family-name", "name", 20)])
async def test_the_big_list_in_what_a_patient_writes(name: str, field: str, most: int) -> None:
    """Each of them handed over by a keyboard: kept as one line that can be sent, or not taken; the page stands."""
    async with bedside(SMALL) as hand:
        await WAYS[name].walk(hand)
        draft = hand.app.screen.draft  # type: ignore[attr-defined]
        for text in big_list():
            setattr(draft, field, "")
            await hand.paste(text)
            kept = getattr(draft, field)
            kept.encode()
            assert len(kept) <= most, text
            assert all(char.isprintable() for char in kept), text
            assert layout_faults(hand) == [], text

        assert hand.page == WAYS[name].page


async def test_the_big_list_is_searched_for() -> None:
    """Letter by letter, as much of each as the field takes; something or nothing is found."""
    async with bedside(SMALL) as hand:
        await WAYS["guides-search"].walk(hand)
        for text in big_list():
            for char in text[:5]:
                hand.app.screen.post_message(events.Key(char, char))
            await hand.settle()
            assert layout_faults(hand) == [], text
            await hand.press(*["backspace"] * 5)

        assert hand.page == WAYS["guides-search"].page
