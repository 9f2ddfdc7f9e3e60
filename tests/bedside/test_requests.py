"""Asking as a patient does: few touches, nothing twice, and never a promise that the ward has not made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bedside.usecases.requests import starts
from tests.bedside.asked import requests, said_of_all, sent
from tests.bedside.meals import eats
from tests.bedside.screens import SIZES, SMALL, Hand, bedside
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.requests.catalogue import offers
from wardlink.clinical.requests.shopping import articles
from wardlink.clock import ward_date
from wardlink.messages.requests import RequestView
from wardlink.record.requests import REQUEST


async def opened(hand: Hand, *fields: str) -> None:
    """From the locked screen to a page of daily life."""
    await hand.login()
    for name in ("area-life", *fields):
        await hand.tap(name)


def lines(hand: Hand, name: str) -> str:
    """What a field says."""
    return " ".join(hand.touch(name).shown_lines())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("entry", "offer", "body"),
    [
        ("care", "offer-1", {"category": "care", "code": "hours-8", "articles": []}),
        ("cleaning", "offer-0", {"category": "cleaning", "code": "floor", "articles": []}),
        ("repair", "offer-0", {"category": "repair", "code": "call-cord", "articles": []}),
    ],
)
async def test_a_request_takes_four_touches(size: tuple[int, int], entry: str, offer: str, body: Any) -> None:
    """From home, in every layout; it waits, until the ward has it and somebody sees to it."""
    async with bedside(size) as hand:
        await hand.login()
        for name in ("area-life", f"entry-{entry}", offer, "ask"):
            await hand.tap(name)

        assert hand.page == "RequestsScreen"
        assert sent(hand) == [("request.place", body)]
        assert "等待发送" in lines(hand, "request-0")
        hand.terminal.deliver()
        await hand.changed()
        assert "已提交" in lines(hand, "request-0")
        await said_of_all(hand, "accept")
        assert "已接单 · 李静" in lines(hand, "request-0")


async def test_what_was_asked_for_offline_waits_and_says_so() -> None:
    """Never as if the ward knew."""
    async with bedside() as hand:
        await opened(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        for name in ("entry-repair", "offer-3", "ask"):
            await hand.tap(name)

        assert "等待发送" in lines(hand, "request-0")
        await hand.tap("request-0")
        assert "等待发送" in hand.text()
        assert [kind for kind, _body in sent(hand)] == ["request.place"]


async def test_a_trembling_finger_asks_once() -> None:
    """Two touches of the same field; and the same thing again says how it stands."""
    async with bedside() as hand:
        await opened(hand, "entry-cleaning", "offer-4")
        field = hand.touch("ask")
        field.press()
        field.press()
        await hand.settle()
        assert len(sent(hand)) == 1

        for name in ("back", "entry-cleaning", "offer-4", "ask"):
            await hand.tap(name)
        assert (hand.page, hand.words("said")) == ("AskScreen", "您已经提过这个请求：等待发送。")
        assert len(sent(hand)) == 1


async def test_nothing_is_asked_for_before_something_is_chosen() -> None:
    """The page says what to do."""
    async with bedside() as hand:
        await opened(hand, "entry-repair", "ask")
        assert (hand.page, hand.words("said"), sent(hand)) == ("AskScreen", "请先点您需要的一项。", [])


async def test_a_care_worker_can_come_later() -> None:
    """The times go round; what stands is changed by asking with another time, as long as nobody has taken it."""
    async with bedside() as hand:
        await opened(hand, "entry-care", "offer-0", "start")
        assert "开始：18:00" in lines(hand, "start")
        await hand.tap("ask")
        assert sent(hand)[0][1]["from_at"] == "2026-11-23T10:00:00Z"

        for name in ("back", "entry-care", "offer-0", "ask"):
            await hand.tap(name)
        assert "from_at" not in sent(hand)[1][1]


@pytest.mark.parametrize(
    ("hour_utc", "expected"),
    [
        (0, ("none", "23T18", "24T08", "24T18")),  # 08:00 in the ward: it is that time, so it is no choice
        (2, ("none", "23T18", "24T08", "24T18")),
        (10, ("none", "24T08", "24T18")),
        (22, ("none", "24T08", "24T18")),
        (23, ("none", "24T08", "24T18")),
    ],
)
def test_only_times_to_come_can_be_chosen(hour_utc: int, expected: tuple[str, ...]) -> None:
    """At once, and the full choices of today and tomorrow by the ward's clock."""
    at = datetime(2026, 11, 22 if hour_utc > 20 else 23, hour_utc, tzinfo=UTC)
    found = starts(at)
    if hour_utc > 20:
        expected = ("none", "23T08", "23T18", "24T08", "24T18")

    assert tuple("none" if one is None else f"{one:%dT%H}" for one in found) == expected


@pytest.mark.parametrize("size", SIZES)
async def test_every_language_and_every_article_can_be_reached(size: tuple[int, int]) -> None:
    """In every layout; after the last page comes the first."""
    async with bedside(size) as hand:
        await hand.login()
        await hand.tap("area-special")
        await hand.tap("entry-interpreter")
        seen = set()
        for _turn in range(2):
            seen |= {hand.touch(f"offer-{n}").label for n in range(5) if hand.touch(f"offer-{n}").display}
            await hand.tap("more")
        assert len(seen) == len(offers("interpreter"))

        for name in ("back", "back", "area-life", "entry-shopping"):
            await hand.tap(name)
        seen = set()
        for _turn in range(7):
            seen |= {hand.touch(f"article-{n}").label for n in range(5) if hand.touch(f"article-{n}").display}
            await hand.tap("more")
        assert len(seen) == len(articles())


async def test_a_shopping_list_counts_up_and_round() -> None:
    """After the most of it comes none; the list is sent as it stands, and can be changed until it is taken."""
    async with bedside() as hand:
        await opened(hand, "entry-shopping", "ask")
        assert hand.words("list") == "清单还是空的。"
        for name in ("article-3", "article-3", "article-0", *["article-1"] * 6, "ask"):
            await hand.tap(name)
        wanted = [{"code": "towel", "quantity": 2}, {"code": "tissues", "quantity": 1}]
        assert sent(hand)[-1][1] == {"category": "shopping", "code": "list", "articles": wanted}

        await hand.tap("back")
        await hand.tap("entry-shopping")
        assert hand.words("list") == "毛巾 × 2、抽纸（包） × 1"
        await said_of_all(hand, "accept")
        assert "正在办理" in hand.words("list")
        assert not hand.touch("ask").display


async def test_what_the_diet_forbids_says_why_and_stays_off() -> None:
    """Last in the list; touched, it is said again."""
    async with bedside() as hand:
        eats(hand, Eater(diets=("diabetic",)))
        await opened(hand, "entry-shopping")
        for _turn in range(3):
            await hand.tap("more")
        fields = [f"article-{n}" for n in range(5) if hand.touch(f"article-{n}").display]
        apple = next(name for name in fields if "苹果" in lines(hand, name))
        assert "不适合您" in lines(hand, apple)

        await hand.tap(apple)
        assert "不适合您的糖尿病饮食" in hand.words("list")
        await hand.tap("ask")
        assert (hand.words("list"), sent(hand)) == ("清单还是空的。", [])


@pytest.mark.parametrize("size", SIZES)
async def test_a_request_is_taken_back_by_two_touches_in_two_places(size: tuple[int, int]) -> None:
    """The first one only asks; "no" keeps it."""
    async with bedside(size) as hand:
        await opened(hand, "entry-repair", "offer-3", "ask", "request-0", "cancel", "no")
        assert [kind for kind, _body in sent(hand)] == ["request.place"]

        await hand.tap("cancel")
        await hand.tap("yes")

        assert [kind for kind, _body in sent(hand)] == ["request.place", "request.cancel"]
        assert hand.page == "RequestsScreen"
        hand.terminal.deliver()
        await hand.changed()
        assert "已取消" in lines(hand, "request-0")


async def test_what_has_begun_cannot_be_taken_back() -> None:
    """Also while the question is open."""
    async with bedside() as hand:
        await opened(hand, "entry-repair", "offer-3", "ask", "request-0", "cancel")
        await said_of_all(hand, "begin")

        assert not hand.touch("cancel").display
        assert not hand.app.screen.query_one("#acts").display
        assert "李静开始办理" in hand.text()


async def test_why_something_is_not_possible_is_read_at_the_bed() -> None:
    """In the nurse's words."""
    async with bedside() as hand:
        await opened(hand, "entry-care", "offer-3", "ask")
        await said_of_all(hand, "reject", reason="今天没有空闲的护工")
        await hand.tap("request-0")

        assert "原因：今天没有空闲的护工" in hand.text()


async def test_what_the_server_refuses_is_said_on_the_list() -> None:
    """With its reason, and the request is not there."""
    async with bedside() as hand:
        await opened(hand, "entry-care", "offer-3", "ask")
        hand.terminal.refuse_requests("您已有多个请求在等待。", "You are waiting for several things.")
        await hand.changed()

        assert (hand.words("said"), requests(hand)) == ("您已有多个请求在等待。", [])


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_about_a_line_is_answered_below_it(size: tuple[int, int]) -> None:
    """Four touches from the day; the answer also stands among my requests."""
    async with bedside(size) as hand:
        await hand.login()
        for name in ("area-health", "entry-bill", f"day-{ward_date(hand.clock.now()).isoformat()}", "question"):
            await hand.tap(name)
        await hand.tap("line-0")
        await hand.tap("ask")
        kind, body = sent(hand)[0]
        assert (kind, body["category"], body["about"]["line"]) == ("request.place", "query", body["code"])
        assert "疑问：床位费" in lines(hand, "request-0")

        await said_of_all(hand, "complete", answer="三人间床位费，每天一次。")
        assert "已答复" in lines(hand, "request-0")
        await hand.tap("back")
        assert hand.page == "BillDayScreen"
        assert "李静答复：三人间床位费" in hand.text().replace("\n", "").replace(" ", "")


async def test_a_line_is_asked_about_once_while_it_waits() -> None:
    """The second time the page says that the answer comes."""
    async with bedside() as hand:
        await hand.login()
        for name in ("area-health", "entry-bill", f"day-{ward_date(hand.clock.now()).isoformat()}", "question"):
            await hand.tap(name)
        await hand.tap("ask")
        assert hand.words("said") == "请先点您要问的那一项。"
        for name in ("line-0", "ask", "back", "question", "line-0", "ask"):
            await hand.tap(name)

        assert (hand.page, len(sent(hand))) == ("BillQueryScreen", 1)
        assert "已经问过" in hand.words("said")


async def test_with_visitors_here_something_can_be_asked_for_but_nothing_is_listed() -> None:
    """A repair is no secret; what somebody has asked for may be."""
    async with bedside() as hand:
        await hand.login()
        for name in ("visitors", "area-life", "entry-requests"):
            await hand.tap(name)
        assert hand.page == "HiddenScreen"
        await hand.tap("back")
        await hand.tap("entry-repair")
        assert hand.page == "AskScreen"


NAUGHTY = [
    "[bold]x[/bold]",
    "<script>alert(1)</script>",
    "\x1b[31m红",
    "\u202eتم",
    "e\u0301" * 50,
    "😀👨\u200d👩\u200d👧",
    "长" * 300,
]


@pytest.mark.parametrize("text", NAUGHTY)
async def test_whatever_a_nurse_types_the_page_stands(text: str) -> None:
    """Shown as text, without control characters."""
    async with bedside(SMALL) as hand:
        await opened(hand, "entry-care", "offer-3", "ask")
        await said_of_all(hand, "reject", reason=text)
        await hand.tap("request-0")

        assert hand.page == "RequestScreen"
        assert "\x1b" not in hand.text()


async def test_a_wipe_takes_them_all_and_the_next_patient_sees_none() -> None:
    """The list is empty for whoever comes."""
    async with bedside() as hand:
        await opened(hand, "entry-repair", "offer-3", "ask")
        stay = hand.terminal.replica.stay
        assert stay is not None
        hand.terminal.discharge()
        await hand.changed()
        hand.terminal.wipe()

        assert (requests(hand), hand.terminal.replica.records(REQUEST, encounter=stay.id)) == ([], [])


async def test_the_list_turns_its_pages() -> None:
    """Six fields at most, however many there are."""
    async with bedside() as hand:
        await opened(hand, "entry-repair", "offer-0", "ask")
        view: RequestView = requests(hand)[0]
        for n in range(7):
            other = f"00000000-0000-7000-8000-0000000009{n:02d}"
            hand.terminal.tell_record(REQUEST, view.model_copy(update={"id": other, "code": "bed"}))
        await hand.changed()
        shown = [touch for touch in hand.app.screen.query("#requests Touch") if touch.display]
        assert len(shown) == 6
        await hand.tap("request-5")
        assert sum(hand.touch(f"request-{n}").display for n in range(6)) == 4
