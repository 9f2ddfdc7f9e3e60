"""The guides: both languages whole, found by words and by pinyin initials, and read on the bed's screen."""

from __future__ import annotations

from datetime import date

import pytest
from pypinyin import Style, lazy_pinyin

from tests.bedside.screens import SIZES, bedside
from wardlink.clinical.guides import Guides, found, our_guides, read_guides
from wardlink.errors import Misconfigured
from wardlink.messages.guides import GuidesView
from wardlink.record.guides import GUIDES, guides_id


def initials(text: str) -> str:
    """The first letters of its pinyin, as the library knows it."""
    return "".join(syllable[0] for syllable in lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def test_the_initials_are_those_of_the_pinyin() -> None:
    """Of every title and every word."""
    said = [(guide.title.zh_CN, guide.initials) for guide in our_guides().guides]
    said += [(word.word, word.initials) for guide in our_guides().guides for word in guide.words]
    assert [(text, mine) for text, mine in said if initials(text) != mine] == []


def test_both_languages_say_as_much() -> None:
    """A paragraph for a paragraph."""
    sections = [section for guide in our_guides().guides for section in guide.sections]
    assert [s.title.en for s in sections if len(s.zh_CN) != len(s.en)] == []


@pytest.mark.parametrize(
    ("asked", "first", "count"),
    [
        ("", "cover", 7),
        ("qfx", "cover", 2),
        ("起付线", "cover", 5),
        ("YDJY", "elsewhere", 1),
        ("ｙｄｊｙ", "elsewhere", 1),
        ("备案", "chronic", 3),
        ("referral", "referral", 2),
        ("zz 起付线", "elsewhere", 2),
        ("发票", "outpatient", 1),
        ("12393", "outpatient", 1),
        ("xyz", None, 0),
    ],
)
def test_what_is_asked_is_found(asked: str, first: str | None, count: int) -> None:
    """By initials, words, capitals, full-width letters, several words at once; the title counts most."""
    codes = [guide.code for guide in found(our_guides().guides, asked)]
    assert (codes[0] if codes else None, len(codes)) == (first, count)


GOOD = """
source = "a"
as_of = 2026-01-01
trust = "K"
[[guides]]
code = "a"
title = { zh_CN = "甲", en = "A" }
initials = "j"
[[guides.sections]]
title = { zh_CN = "甲", en = "A" }
zh_CN = ["甲。"]
en = ["A."]
"""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace('trust = "K"', "trust = "), "line 4"),
        (GOOD.replace('en = ["A."]', ""), "guides.0.sections.0.en"),
        (GOOD.replace('en = ["A."]', ""), "line 9:"),
        (GOOD + GOOD[GOOD.index("[[guides]]") :].replace('"a"', '"b"').replace('["A."]', "[]"), "line 17:"),
        (GOOD + GOOD[GOOD.index("[[guides]]") :].replace('"a"', '"B"'), "line 13:"),
        (GOOD.replace("2026-01-01", '"long ago"'), "line 1: as_of"),
        (GOOD.replace('zh_CN = ["甲。"]', "zh_CN = []"), "guides.0.sections.0.zh_CN"),
        (GOOD.replace('initials = "j"', 'initials = "J!"'), "guides.0.initials"),
        (GOOD + GOOD[GOOD.index("[[guides]]") :], "twice"),
        ("", "source"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(text: str, fault: str) -> None:
    """The line, or the field."""
    assert read_guides(GOOD).guides[0].code == "a"
    with pytest.raises(Misconfigured) as refused:
        read_guides(text)
    assert fault in str(refused.value)


@pytest.mark.parametrize("size", SIZES)
async def test_a_patient_finds_and_reads_a_guide(size: tuple[int, int]) -> None:
    """Letters by keyboard or pad, what was found, all of its lines, and the way back to the whole list."""
    async with bedside(size) as hand:
        await hand.login()
        await hand.tap("area-special")
        await hand.tap("entry-policy")
        await hand.press("y", "d")
        await hand.tap("search")
        assert [touch.id for touch in hand.app.screen.query("#guides > *")] == ["guide-elsewhere"]
        await hand.tap("guide-elsewhere")
        seen = hand.text()
        while "12393" not in seen:
            await hand.tap("on")
            seen += hand.text()
        await hand.tap("back")
        await hand.tap("back")
        await hand.tap("more-guides")
        await hand.tap("guide-referral")
        assert "急诊抢救可以事后补办" in seen
        assert "转诊" in hand.text()


async def test_nothing_found_says_what_to_do() -> None:
    """Words that a patient can act on."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("area-special")
        await hand.tap("entry-policy")
        await hand.press("x", "q", "z")
        await hand.tap("search")
        assert "没有找到" in hand.text()


async def test_the_hospitals_own_guides_take_the_place_of_ours() -> None:
    """While the page is open, too; a guide that is no longer kept says so, and the list is the new one."""
    ours = our_guides()
    only = Guides(source="h", as_of=date(2026, 12, 1), trust="V", guides=(ours.guides[1],))
    async with bedside() as hand:
        await hand.login()
        await hand.tap("area-special")
        await hand.tap("entry-reimbursement")
        assert "2026-11-23" in hand.text() or hand.page_screen.query("#on")
        told = GuidesView(id=guides_id("w3"), guides=only, told_at=hand.clock.now(), command=guides_id("x"))
        hand.terminal.tell_record(GUIDES, told)
        await hand.changed()
        assert "这篇指南不再提供" in hand.text()
        await hand.tap("back")
        await hand.tap("entry-policy")
        assert [touch.id for touch in hand.app.screen.query("#guides > *")] == [f"guide-{only.guides[0].code}"]
