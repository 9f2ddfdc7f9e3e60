"""Nothing personal is seen while visitors are here, behind any entry; a new entry is in here without a line."""

from __future__ import annotations

import pytest

from bedside.sample import ADMISSION_NO, LAST4
from bedside.usecases.areas import AREAS, ENTRY, Entry
from bedside.widgets.words import Words
from tests.bedside.screens import Hand, bedside
from tests.bedside.ways import WAYS, page_classes

OPEN_TO_ALL = {
    "LockedScreen",
    "PresenceScreen",
    "IdentifyScreen",
    "FamilyInScreen",
    "FamilyPinScreen",
    "CallScreen",
    "DoseWaitsScreen",
}
"""The pages that may stand without a login; another one is thought about first."""


def seen_of_patient(hand: Hand) -> list[str]:
    """Which data of the patient can be read now; also what the masked header of a session says."""
    stay = hand.terminal.replica.stay
    assert stay is not None
    private = [
        stay.name,
        stay.admission_no,
        ADMISSION_NO,
        stay.mrn,
        LAST4,
        "1959",
        *stay.allergies,
        *(name for name in (stay.nurse_name, stay.doctor_name) if name),
        "¥",
        stay.name[0] + "*",
    ]
    text = hand.text()
    return [word for word in private if word in text]


def said_on_page(hand: Hand) -> list[str]:
    """Every word between the frame's head and its foot; the clock's figures aside."""
    return [words.text for words in hand.app.screen.query("#body Words").results(Words)]


def all_entries() -> list[Entry]:
    """What the home page and the areas lead to."""
    return sorted(ENTRY.values(), key=lambda entry: entry.code)


def test_what_stands_without_a_login_is_known() -> None:
    """A page that needs nobody's login is decided on here, and is none of the private ones."""
    open_pages = {name: cls for name, cls in page_classes().items() if not cls.needs_session}

    assert set(open_pages) == OPEN_TO_ALL
    assert [name for name, cls in open_pages.items() if cls.is_private] == []


@pytest.mark.parametrize("entry", all_entries(), ids=lambda entry: entry.code)
async def test_an_entry_shows_visitors_nothing_private(entry: Entry) -> None:
    """What is the patient's own stays closed, and says so; what is not shows none of it."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        area = next((area for area in AREAS if entry in area.entries), None)
        if area is not None:
            await hand.tap(f"area-{area.code}")
            await hand.tap(f"entry-{entry.code}")
        elif entry.code == "plan":
            await hand.tap(entry.code)
        else:
            # The page with the way to it is closed as well.
            hand.app.do_open(entry.code)
            await hand.settle()

        assert seen_of_patient(hand) == []
        assert not hand.page_screen.is_private or not entry.private
        if entry.private:
            assert "访客在场" in hand.text() or "隐藏" in hand.text()


BEHIND_LOGIN = [name for name, way in WAYS.items() if page_classes()[way.page].needs_session]


@pytest.mark.parametrize("name", BEHIND_LOGIN)
async def test_nothing_is_left_of_a_page_when_visitors_come_or_it_locks(name: str) -> None:
    """Whatever was open: visitors see a home page that hides what is the patient's, whoever comes next a locked one.
    A dose that a nurse begins with waits in front of either, in words without a name.
    """
    async with bedside() as hand:
        locked = said_on_page(hand)
        await WAYS[name].walk(hand)
        bed = hand.app.bed
        # Family have no visitors' mode: what they see is what the patient has opened to them.
        if bed is not None and bed.session is not None and bed.session.family is None and not bed.visitors:
            hand.app.do_visitors()
            await hand.settle()
            assert hand.page in {"HomeScreen", "DoseWaitsScreen"}
            assert seen_of_patient(hand) == []
            hand.app.do_visitors()
            await hand.settle()
        hand.app.lock("exit")
        await hand.settle()

        assert hand.app.bed is None or hand.app.bed.session is None
        assert seen_of_patient(hand) == []
        assert said_on_page(hand) == locked or hand.page == "DoseWaitsScreen"


async def test_the_test_sees_what_is_private() -> None:
    """On the page about the patient it finds them."""
    async with bedside() as hand:
        await WAYS["me"].walk(hand)

        assert seen_of_patient(hand) != []
