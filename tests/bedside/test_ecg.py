"""My ECG at the bed: the doctor's words, the paper on every window, and nothing of what was taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bedside.sample import SampleTerminal
from bedside.sample.ecg import MONITORED, WHOLE
from bedside.usecases.ecg import strip_of
from bedside.widgets.words import Words
from tests.bedside.screens import AT, SIZES, SMALL, Hand, bedside, process_language
from tests.bedside.walks import ECG, signed_in
from wardlink.clock import FixedClock
from wardlink.device.ecg import MyEcg
from wardlink.errors import MessageUnreadable
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgWords
from wardlink.terminal.ecg_trace import EcgTrace


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with process_language("zh_CN"):
        yield


async def curve(hand: Hand, strip: str = WHOLE) -> EcgTrace:
    """The paper of a strip."""
    await signed_in(*ECG, f"ecg-{strip}", "ecg-curve")(hand)
    return hand.app.screen.query_one(EcgTrace)


def left_of(trace: EcgTrace) -> int:
    """Where its left edge is, in millimetres."""
    assert trace._look is not None
    return trace._look.left_mm


def said(hand: Hand) -> str:
    """Everything on the page, seen or to be read on."""
    return "\n".join(words.text for words in hand.app.screen.query("#rows Words").results(Words))


async def test_a_strip_with_its_doctors_words() -> None:
    """Who wrote them and when, earlier ones below, what the paper is, and whom to ask."""
    async with bedside() as hand:
        page = hand.terminal.ecg.pages[WHOLE]
        before = EcgWords(text="待会诊", at=page.line.taken_at, by_name="陈晓")
        hand.terminal.ecg.pages[WHOLE] = page.model_copy(update={"words": (*page.words, before)})
        await signed_in(*ECG, f"ecg-{WHOLE}")(hand)
        text = said(hand)

    assert text.index("周涛") < text.index("窦性心律") < text.index("陈晓") < text.index("待会诊")
    assert "一个大格是 0.2 秒" in text
    assert "请咨询医生" in text


@pytest.mark.parametrize("size", SIZES)
async def test_the_paper_is_turned_to_its_end_and_back(size: tuple[int, int]) -> None:
    """By touches alone; at the ends nothing moves, and nothing is cut off above or below."""
    async with bedside(size) as hand:
        trace = await curve(hand)
        seen = [left_of(trace)]
        while True:
            await hand.tap("curve-on")
            if left_of(trace) == seen[-1]:
                break
            seen.append(left_of(trace))
        assert seen == sorted(seen)
        assert seen[-1] == 250 - trace.columns
        assert trace._sheet is None or not [row for row in trace._sheet.rows if "cut" in row.inks]
        for _page in seen:
            await hand.tap("curve-back")

        assert left_of(trace) == 0


async def test_another_lead_says_from_where_it_looks() -> None:
    """The next one in order; more of them below each other where there is room."""
    async with bedside() as hand:
        trace = await curve(hand)
        assert "II 导联：由手腕和脚踝的电极记录" in hand.text()
        for _lead in range(5):
            await hand.tap("curve-lead")
        assert "V1 导联：由胸前电极记录" in hand.text()
        await hand.tap("curve-more")
        assert trace._look is not None
        assert len(trace._look.leads) == 3
        await hand.pilot.resize_terminal(*SMALL)
        await hand.settle()

        assert len(trace._look.leads) == 1
        assert not hand.touch("curve-more").display


async def test_what_was_struck_out_goes_while_it_is_looked_at() -> None:
    """Within a minute, from the paper, from the page of words and from the list, each with a sentence."""
    async with bedside() as hand:
        trace = await curve(hand)
        hand.terminal.ecg.strike(WHOLE)
        await hand.pass_time(61)
        assert trace._strip is None
        assert "不再显示" in hand.text()
        await hand.tap("back")
        await hand.pass_time(61)
        assert "不再显示" in said(hand)
        assert "窦性心律" not in hand.text()
        await hand.tap("back")
        await hand.pass_time(61)

        assert "已被撤回" in hand.words("ecgs-said")
        assert not hand.app.screen.query(f"#ecg-{WHOLE}")


async def test_a_new_word_of_the_doctor_comes_by_itself() -> None:
    """While the page is open."""
    async with bedside() as hand:
        await signed_in(*ECG, f"ecg-{MONITORED}")(hand)
        page = hand.terminal.ecg.pages[MONITORED]
        words = EcgWords(text="【样例】复查正常。", at=AT, by_name="周涛")
        line = page.line.model_copy(update={"said_at": AT})
        hand.terminal.ecg.pages[MONITORED] = page.model_copy(update={"line": line, "words": (words, *page.words)})
        await hand.pass_time(61)

        assert "复查正常" in said(hand)


async def test_what_was_fetched_stays_when_the_server_goes_away() -> None:
    """With its age, and that nobody knows whether there is more; what was not fetched says why it is not there."""
    async with bedside() as hand:
        trace = await curve(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.pass_time(61)
        assert trace._strip is not None
        assert "2 小时前" in hand.words("curve-said")
        await hand.tap("back")
        await hand.pass_time(6)
        assert "没有连接" in said(hand)
        assert "窦性心律" in said(hand)
        await hand.tap("back")
        await hand.tap("back")
        await hand.tap("open-ecg")

        assert "连不上" in hand.words("ecgs-said")


async def test_a_damaged_strip_is_never_drawn() -> None:
    """Neither with other samples than were taken, nor with what are none."""
    async with bedside() as hand:
        page = hand.terminal.ecg.pages[WHOLE]
        hand.terminal.ecg.pages[WHOLE] = page.model_copy(update={"digest": "0" * 64})
        trace = await curve(hand)

        assert trace._strip is None
        assert "已损坏" in hand.text()
    broken = page.model_copy(update={"leads": (page.leads[0].model_copy(update={"samples": "x"}),)})
    with pytest.raises(MessageUnreadable):
        strip_of(broken)


async def test_visitors_see_none_of_it() -> None:
    """Nobody comes to it while they are here."""
    async with bedside() as hand:
        await curve(hand)
        hand.app.do_visitors()
        await hand.settle()

        assert hand.page == "HomeScreen"


class Said:
    """A server that answers this."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked: list[str] = []

    def ask(self, method: str, path: str, body: str | None = None, *, timeout_s: float | None = None) -> bytes:
        """The answer."""
        self.asked.append(f"{method} {path}")
        return self.content


def test_the_terminal_asks_by_these_addresses() -> None:
    """And takes nothing for an answer that is none."""
    page: EcgAtBed = SampleTerminal(FixedClock(AT)).ecg.pages[WHOLE]
    http = Said(page.model_dump_json().encode())

    assert MyEcg(http).one("e", "s") == page
    assert MyEcg(Said(b'{"taken_back": 2}')).of_stay("e").taken_back == 2
    assert http.asked == ["GET /api/v1/encounters/e/ecg/released/s"]
    with pytest.raises(MessageUnreadable):
        MyEcg(Said(b"{}")).one("e", "s")
