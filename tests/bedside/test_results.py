"""Test results at the bed: words and arrows, a sentence for each, both versions of a correction, and a quiet line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bedside.sample import SampleTerminal
from bedside.sample.results import COUNT, LIVER, SALTS, SampleResults
from bedside.usecases.results import lines_of, range_text, value_text
from bedside.widgets.words import Words
from tests.bedside.screens import AT, Hand, bedside, process_language
from wardlink.clinical.results.release import Flag
from wardlink.clock import FixedClock
from wardlink.device.results import MyResults
from wardlink.errors import MessageUnreadable, NotAllowed
from wardlink.messages.results import ResultItem


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with process_language("zh_CN"):
        yield


async def opened(hand: Hand, result: str) -> str:
    """The page of a result; what it says."""
    await hand.login()
    await hand.tap("area-medical")
    await hand.tap("entry-results")
    await hand.tap(f"result-{result}")
    return said(hand)


def said(hand: Hand) -> str:
    """Everything on the page, seen or to be read on."""
    return "\n".join(words.text for words in hand.app.screen.query("#rows Words").results(Words))


@pytest.mark.parametrize(
    ("value", "unit", "comparator", "low", "high", "text", "usual"),
    [
        ("7.50", "10*9/L", None, "3.5", "9.5", "7.50 ×10⁹/L", "3.5–9.5"),
        ("1.1", "{INR}", None, None, None, "1.1", ""),
        ("0.5", "mg/L", "<", None, "10", "<0.5 mg/L", "≤ 10"),
        ("70", "g/L", None, "60", None, "70 g/L", "≥ 60"),
        (None, None, None, None, None, "阴性", ""),
    ],
)
def test_a_value_as_it_is_read(
    value: str | None,
    unit: str | None,
    comparator: str | None,
    low: str | None,
    high: str | None,
    text: str,
    usual: str,
) -> None:
    """With the laboratory's digits, its unit as it is printed, and its range."""
    item = ResultItem.model_validate(
        {"code": "1-1", "name": "x", "value": value, "unit": unit, "comparator": comparator, "low": low, "high": high}
        | ({"text": "阴性"} if value is None else {})
    )

    assert (value_text(item), range_text(item)) == (text, usual)


@pytest.mark.parametrize(
    ("flag", "words"), [("L", "↓ 偏低"), ("HH", "↑↑ 明显偏高"), ("N", "正常范围内"), ("POS", "+ 阳性")]
)
def test_a_flag_is_words_and_a_sign(flag: Flag, words: str) -> None:
    """Never a colour alone."""
    sample = SampleTerminal(FixedClock(AT)).results.pages[COUNT]
    item = sample.items[0].model_copy(update={"flag": flag})
    found = lines_of(sample.model_copy(update={"items": (item,)}))

    assert any(words in right for _left, right, _cls in found)


async def test_a_result_with_its_sentences_and_its_past() -> None:
    """Value, arrow, range, what the test is, what it was before, and whom to ask; nobody is told a disease."""
    async with bedside() as hand:
        text = await opened(hand, COUNT)

    assert "108 g/L · ↓ 偏低 · 参考 115–150" in text
    assert "血液里负责运送氧气的成分。" in text
    assert "以前：" in text
    assert " 102、" in text
    assert "请咨询医生" in text
    assert "贫血" not in text


async def test_a_correction_shows_both_versions_marked() -> None:
    """What holds above, what does not below."""
    async with bedside() as hand:
        text = await opened(hand, SALTS)

    assert text.index("3.90 mmol/L") < text.index("已作废") < text.index("4.90 mmol/L")


@pytest.mark.parametrize(("state", "words"), [("withdrawn", "已撤回"), ("reviewed", "正在复核")])
async def test_what_does_not_hold_says_so_first(state: str, words: str) -> None:
    """Before any value."""
    async with bedside() as hand:
        hand.terminal.results.mark(LIVER, state)  # type: ignore[arg-type]
        text = await opened(hand, LIVER)

    assert words in text
    assert "U/L" not in text or text.index(words) < text.index("U/L")


async def test_a_quiet_line_tells_of_new_ones_until_they_are_read() -> None:
    """Without a name of any; nothing of it on the locked page or for visitors."""
    async with bedside() as hand:
        assert "检查结果" not in hand.text()
        await hand.login()
        assert hand.words("news") == "有 2 份新的检查结果，请到“医疗服务”里查看。"
        assert "血常规" not in hand.text()
        await hand.tap("visitors")
        assert not hand.app.screen.query_one("#news").display
        await hand.tap("visitors")
        await hand.tap("area-medical")
        await hand.tap("entry-results")
        await hand.tap(f"result-{COUNT}")
        hand.app.do_home()
        await hand.settle()

        assert hand.words("news") == "有 1 份新的检查结果，请到“医疗服务”里查看。"


async def test_a_new_one_is_noticed_while_the_page_is_open() -> None:
    """Within a minute."""
    async with bedside() as hand:
        hand.terminal.results.opened |= {COUNT, SALTS}
        await hand.login()
        assert not hand.app.screen.query_one("#news").display
        hand.terminal.results.opened.discard(COUNT)
        await hand.pass_time(61)

        assert "1 份" in hand.words("news")


async def test_what_is_not_shown_any_more_says_so() -> None:
    """It was kept back between the list and the touch; another patient's is refused in words."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-results")
        hand.terminal.results.pages.pop(COUNT)
        await hand.tap(f"result-{COUNT}")
        assert "不再显示" in said(hand)
        hand.terminal.results.fails_with = NotAllowed()
        await hand.press("escape")

        assert "本屏" in hand.words("results-said") or "护士" in hand.words("results-said")


async def test_many_results_turn_pages() -> None:
    """Five at a time and a field that turns."""
    async with bedside() as hand:
        results: SampleResults = hand.terminal.results
        page = results.pages[COUNT]
        for n in range(20, 30):
            id = f"00000000-0000-7000-9e50-{n:012d}"
            results.pages[id] = page.model_copy(update={"line": page.line.model_copy(update={"id": id})})
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-results")
        await hand.tap("more-choices")

        assert "2/3" in hand.text()


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
    """An answer that is none is refused."""
    http = Said(b'{"new": 3}')

    assert MyResults(http).news("e") == 3
    assert http.asked == ["GET /api/v1/encounters/e/results/new"]
    with pytest.raises(MessageUnreadable):
        MyResults(Said(b"{}")).one("e", "r")
