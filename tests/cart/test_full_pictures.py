"""Pictures of a ward that is full, of one that nobody knows yet, and of a disk that takes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cart.looks import Act, Compare, View, looks_as_it_did, name, pale_letters, views
from tests.cart.nurse import AT, SIZES, Nurse, cart, sample_of
from wardlink.errors import StoreFailed
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.changes import BedView
from wardlink.messages.rounds import RecordRound

BEDS = 48
SURNAMES = "孙吴郑冯褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏"
GIVEN = (
    "国英建兰志明海燕文静思远雨桐嘉禾春晓立秋松柏若溪景行永康长乐清越书瑶安宁"
    "子墨一鸣星河知微望舒听澜怀瑾握瑜云帆天佑德华凤琴玉梅桂香秀珍淑芬丽娟"
)


def fill(nurse: Nurse) -> None:
    """Forty-eight beds: to the sample's twelve come patients of the last hours, of names of their own."""
    board = sample_of(nurse).replica
    known = list(board.stays)
    for number in range(13, BEDS + 1):
        like = known[number % len(known)]
        index = number - 13
        told: dict[str, Any] = {"id": new_id(), "bed": str(number), "admission_no": f"202612{number:02d}"}
        told |= {"name": SURNAMES[index] + GIVEN[2 * index : 2 * index + 2]}
        told |= {"admitted_at": AT - timedelta(minutes=20 * index)}
        board.stays.append(like.model_copy(update=told))
    beds = [BedView(id=str(number), label=str(number)) for number in range(1, BEDS + 1)]
    board.beds = lambda: beds  # type: ignore[method-assign]


async def full_ward(nurse: Nurse) -> None:
    """More beds than lines: the last is one key away, and the head of the table stays."""
    await nurse.settle()
    fill(nurse)
    await nurse.sign_in()
    await nurse.press("end")


async def full_tasks(nurse: Nurse) -> None:
    """What is due at all of them, a page further down."""
    await nurse.settle()
    fill(nurse)
    await nurse.sign_in()
    await nurse.press("t", "pagedown")


async def full_unsent(nurse: Nurse) -> None:
    """A morning without a network: forty entries wait, the oldest first."""
    await nurse.settle()
    fill(nurse)
    await nurse.sign_in()
    sample_of(nurse).connect(online=False, server_alive=False)
    for stay in sample_of(nurse).replica.stays[:40]:
        body = RecordRound(evidence="bed-tag")
        sample_of(nurse).record("round.record", body, actor=Actor(kind="staff", id="n-lijing"), encounter=stay.id)
    await nurse.press("u", "end")


async def before_first_copy(nurse: Nurse) -> None:
    """Signed in while the first copy of the ward has not come: said so, and no bed is called empty."""
    await nurse.settle()
    board = sample_of(nurse).replica
    board.beds = list  # type: ignore[method-assign]
    board.stays = []
    await nurse.sign_in()


async def not_saved(nurse: Nurse) -> None:
    """The disk is full: the set stands in the form as it was typed, and the cart says that it was not saved."""
    await nurse.begin_vitals()
    await nurse.fill("36.8", "72", "16", "122", "78", "98")
    await nurse.press("1", "a")
    sample_of(nurse).fails_with = StoreFailed(detail="disk full")
    await nurse.press("f2")


PAGES: tuple[Act, ...] = (full_ward, full_tasks, full_unsent, before_first_copy, not_saved)
VIEWS = views(PAGES, SIZES, "zh_CN", "en")


@pytest.mark.parametrize("page", PAGES)
async def test_everything_can_be_read_in_the_dark(page: Act) -> None:
    """Contrast of at least 4.5 : 1 of every letter against what lies behind it."""
    async with cart() as nurse:
        await page(nurse)
        await nurse.changed()
        assert pale_letters(nurse) == set()


@pytest.mark.parametrize("view", VIEWS, ids=name)
def test_the_page_looks_as_it_did(view: View, snap_compare: Compare) -> None:
    """At both sizes and in both languages; what is said in passing stays where it is the matter."""
    assert looks_as_it_did(view, snap_compare, keeps_notes=view[0] is not_saved)
