"""Pictures of the states that a page can be in besides its usual one: empty, offline, refused, long names.

One table for all pages whose usual picture stands elsewhere; looked at before they were kept.
"""

from __future__ import annotations

import pytest

from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nobodys import said, waiting
from tests.cart.nurse import SIZES, Nurse, cart, sample_of
from wardlink.record.attributions import ATTRIBUTION

LONG = "阿卜杜热合曼·买买提艾力·吐尔逊江·玉素甫"


async def wrong_pin(nurse: Nurse) -> None:
    """Refused at the door."""
    await nurse.settle()
    await nurse.typed("N1001", "enter")
    await nurse.typed("0000", "enter")


async def ward_offline(nurse: Nurse) -> None:
    """The network is gone; what is known says how old it is."""
    await nurse.sign_in()
    sample_of(nurse).connect(online=False, server_alive=False)
    await nurse.changed()


async def ward_not_found(nurse: Nurse) -> None:
    """Nobody matches what was typed."""
    await nurse.sign_in()
    await nurse.typed("99")


async def long_name(nurse: Nurse) -> None:
    """A patient whose name is longer than any column, on the patient's own page."""
    await nurse.sign_in()
    board = sample_of(nurse).replica
    board.stays = [s.model_copy(update={"name": LONG}) if s.bed == "12" else s for s in board.stays]
    await nurse.changed()
    await nurse.open("12")


async def nothing_calls(nurse: Nurse) -> None:
    """No call is open."""
    await nurse.sign_in()
    await nurse.press("f9")


async def nothing_alerts(nurse: Nurse) -> None:
    """No alert is open."""
    await nurse.sign_in()
    await nurse.press("f8")


async def nothing_unsent(nurse: Nurse) -> None:
    """Everything is delivered."""
    await nurse.sign_in()
    await nurse.press("u")


async def nothing_waits(nurse: Nurse) -> None:
    """No case is open."""
    await nurse.sign_in()
    await nurse.press("w")


async def cases(nurse: Nurse) -> None:
    """A monitor stood at nobody."""
    await waiting(nurse)


async def case_asked(nurse: Nurse) -> None:
    """What happened, by which clock, and what was done?"""
    await waiting(nurse)
    await nurse.press("enter")


async def give(nurse: Nurse) -> None:
    """Whose were these values?"""
    await waiting(nurse)
    await nurse.press("g")


async def give_doubtful(nurse: Nurse) -> None:
    """A patient who lay elsewhere is asked about in red."""
    await give(nurse)
    await nurse.press("down", "enter")


async def given(nurse: Nurse) -> None:
    """One that counts, one that somebody contradicts, one taken back."""
    await waiting(nurse)
    struck = {"struck_at": said(nurse, "3").entered_at, "struck_reason": "病人错误"}
    for view in (said(nurse, "12"), said(nurse, "3", 1, in_doubt=True), said(nurse, "10", 2, **struck)):
        sample_of(nurse).change(ATTRIBUTION, view)
    await nurse.press("l")


async def given_nothing(nurse: Nurse) -> None:
    """Nothing was given."""
    await nothing_waits(nurse)
    await nurse.press("l")


async def isolated(nurse: Nurse) -> None:
    """Isolated in two ways: the sign on the list behind, what to put on in front."""
    await nurse.sign_in()
    await nurse.press("r", "n", "3", "1")
    await nurse.press("r", "n", "1", "3")
    await nurse.press("r")


async def isolate_why(nurse: Nurse) -> None:
    """Why is this patient isolated?"""
    await nurse.sign_in()
    await nurse.press("r", "n", "3")


async def isolated_patient(nurse: Nurse) -> None:
    """The patient's own page says so in red."""
    await nurse.sign_in()
    await nurse.press("r", "n", "3", "1")
    await nurse.open("1")


async def keys(nurse: Nurse) -> None:
    """All keys of the ward."""
    await nurse.sign_in()
    await nurse.press("f1")


PLAIN_PAGES: tuple[Act, ...] = (
    wrong_pin,
    ward_offline,
    ward_not_found,
    long_name,
    nothing_calls,
    nothing_alerts,
    nothing_unsent,
    nothing_waits,
    cases,
    give,
    given,
    given_nothing,
    isolated_patient,
)
"""Those with nothing on top that dims them."""
PAGES: tuple[Act, ...] = (*PLAIN_PAGES, case_asked, give_doubtful, isolated, isolate_why, keys)
VIEWS = views(PAGES, SIZES, "zh_CN", "en")


@pytest.mark.parametrize("page", PLAIN_PAGES)
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it."""
    async with cart() as nurse:
        await page(nurse)
        await nurse.changed()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes and in both languages, with a clock that stands still."""
    assert looks_as_it_did(view, snap_compare)
