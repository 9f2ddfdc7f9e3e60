"""MEWS beside NEWS2 where the ward wants it: what the server told stands on the cart, with or without a network."""

from __future__ import annotations

import pytest

from cart.usecases.draft import Draft
from cart.usecases.examine import examine
from tests.cart.nurse import AT, DESIGN, cart, sample, sample_of
from tests.cart.test_examine import FULL
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.ward_settings import WardSettingView
from wardlink.record.ward_settings import WARD_SETTING, shows_mews, ward_setting_id

MANAGER = Actor(kind="staff", id="m-zhao")


def decided(shows: bool | None) -> WardSettingView:
    """What the ward has said."""
    return WardSettingView(id=ward_setting_id("w3"), shows_mews=shows, command=new_id(), set_at=AT, by=MANAGER)


@pytest.mark.parametrize(("found", "shown"), [([], False), ([None], False), ([True], True), ([False], False)])
def test_without_a_word_of_the_ward_the_table_decides(found: list[bool | None], shown: bool) -> None:
    """It says no: NEWS2 stays the main score."""
    assert shows_mews([decided(one) for one in found]) is shown


@pytest.mark.parametrize("with_mews", [True, False])
def test_the_exam_has_mews_only_where_it_is_wanted(with_mews: bool) -> None:
    """The same set."""
    found = examine(Draft(texts=FULL), sample().replica.in_bed("12"), None, AT, with_mews=with_mews)

    assert (found.mews is not None) is with_mews


@pytest.mark.parametrize("shows", [True, False])
async def test_the_form_shows_what_the_ward_decided(shows: bool) -> None:
    """Read from the cart's own disk when the form opens."""
    async with cart(DESIGN) as nurse:
        view = decided(shows)
        sample_of(nurse).replica.held[(WARD_SETTING.name, view.id)] = view
        await nurse.begin_vitals()
        await nurse.fill("36.8", "72", "16", "122", "78", "98")
        await nurse.press("1", "a")

        assert ("MEWS" in nurse.text()) is shows
