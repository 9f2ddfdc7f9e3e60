"""A patient complains as a patient does: few touches, sent once, the text gone afterwards, the clock in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.events import Paste

from tests.bedside.complaints import REPLY, arrived, opened, put_together, replied, said, sent
from tests.bedside.screens import EVEN, SIZES, SMALL, Hand, bedside
from wardlink.clinical.complaints import KINDS, number_of, topics
from wardlink.errors import StoreFailed
from wardlink.messages.complaints import LONGEST


def row(hand: Hand, complaint: str) -> str:
    """What the field of one says on the list."""
    return " ".join(hand.touch(f"complaint-{complaint}").shown_lines()).replace(" ", "")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
async def test_a_complaint_takes_six_touches_and_no_keyboard(size: tuple[int, int], speaks: str) -> None:
    """In every layout and language; it is sent once, and what it said is nowhere on the screen afterwards."""
    async with bedside(size, speaks=speaks) as hand:
        await opened(hand)
        complaint = await sent(hand)

        assert hand.page == "ComplaintsScreen"
        body = {"kind": "complaint", "topic": "manner", "sentences": ["manner-1"], "words": ""}
        assert said(hand) == [
            (complaint, "complaint.submit", body | {"talk": False, "office_only": False, "about": []})
        ]
        await hand.tap(f"complaint-{complaint}")
        assert number_of(complaint) in hand.text()
        for text in ("不耐烦", "impatient"):
            assert text not in hand.text()


async def test_it_waits_without_a_connection_and_says_so() -> None:
    """Offline it is kept and never called delivered; with the connection it goes, and the clock is shown."""
    async with bedside() as hand:
        await opened(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        complaint = await sent(hand)
        assert "还没有送到医院" in row(hand, complaint)
        assert "连不上医院服务器" in hand.words("complaints-said")
        await hand.tap(f"complaint-{complaint}")
        assert "网络一通就自动送出" in hand.text()
        assert "24 小时从您提交时算起" in hand.text()

        hand.terminal.connect(online=True, server_alive=True)
        hand.terminal.deliver()
        await hand.changed()
        await hand.pass_time(60)
        assert "23 小时 59 分内答复" in hand.text()
        assert len(said(hand)) == 1


async def test_send_pressed_often_sends_once() -> None:
    """A trembling finger."""
    async with bedside() as hand:
        await opened(hand)
        await put_together(hand)
        for _ in range(3):
            hand.touch("send").press()
        await hand.settle()

        assert [kind for _id, kind, _body in said(hand)] == ["complaint.submit"]


async def test_what_cannot_be_kept_is_not_called_sent() -> None:
    """The page stays, and can be tried again."""
    async with bedside() as hand:
        await opened(hand)
        await put_together(hand)
        hand.terminal.fails_with = StoreFailed()
        await hand.tap("send")
        assert (hand.page, said(hand)) == ("ComplaintCheckScreen", [])
        hand.terminal.fails_with = None
        await hand.tap("send")

        assert (hand.page, len(said(hand))) == ("ComplaintsScreen", 1)


async def test_what_has_arrived_does_not_vanish_meanwhile() -> None:
    """No change tells of a complaint: a second later it is asked for, and stands there all the time."""
    async with bedside() as hand:
        await opened(hand)
        await sent(hand)
        await hand.pass_time(1)
        assert "还没有送到医院" in hand.text()
        hand.terminal.deliver()
        hand.page_screen.tick()
        await hand.settle()

        assert "已收到" in hand.text()


@pytest.mark.parametrize("size", SIZES)
async def test_a_late_answer_is_called_late(size: tuple[int, int]) -> None:
    """The second before it is due, and the second after."""
    async with bedside(size) as hand:
        await opened(hand)
        complaint = await arrived(hand)
        now = hand.clock.now()
        hand.terminal.voice.set(complaint, reply_by=now + timedelta(seconds=32))
        await hand.pass_time(31)
        assert "1 分钟内答复" in hand.text()
        await hand.pass_time(2)

        assert "答复已超时 1 分钟" in hand.text()
        assert "很抱歉" in hand.text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("word", "kind"), [("thank", "complaint.thank"), ("reopen", "complaint.reopen")])
async def test_the_patient_has_the_last_word(size: tuple[int, int], word: str, kind: str) -> None:
    """The answer stands there with who gave it; what is said to it is sent once and shown to wait."""
    async with bedside(size) as hand:
        await opened(hand)
        complaint = await replied(hand)
        assert "孙护士长的答复" in hand.text()
        assert REPLY[:10] in hand.text().replace("\n", "")
        await hand.tap(word)

        assert said(hand)[1:] == [(said(hand)[1][0], kind, said(hand)[1][2])]
        assert said(hand)[1][2]["complaint"] == complaint
        assert not hand.touch(word).display or not hand.app.screen.query_one("#last-word").display
        assert "等待网络" in hand.text() or size == SMALL
        hand.terminal.deliver()
        await hand.changed()
        state = hand.terminal.voice.held[complaint].state
        assert state == ("closed" if word == "thank" else "reopened")


async def test_one_s_own_words_by_keyboard() -> None:
    """Chinese, Latin, blanks, a backspace, whole words at once; what is too much is not taken, and said."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("write")
        await hand.tap("kind-complaint")
        await hand.tap("topic-place")
        await hand.tap("own-words")
        await hand.press(*"门 [b]坏了x", "backspace")
        assert "门 [b]坏了▏" in hand.text()
        hand.app.screen.post_message(Paste("很吵" * LONGEST))
        await hand.settle()
        assert hand.words("written") == "已经写满了。"
        await hand.tap("done")
        assert "✓ 我自己写" in hand.text()
        await hand.tap("next")
        await hand.tap("send")

        words = said(hand)[0][2]["words"]
        assert (len(words), words[:8]) == (LONGEST, "门 [b]坏了很")


@pytest.mark.parametrize(
    "text", ["\x1b[31m红", "a\u202eb", "\u200d\u200d", "王\u0301", "\U0001f600", "<script>", "'; --", "\ud800"]
)
async def test_naughty_words_do_no_harm(text: str) -> None:
    """The page stands, and what is sent can be sent."""
    async with bedside(EVEN) as hand:
        await opened(hand)
        await hand.tap("write")
        await hand.tap("kind-suggestion")
        await hand.tap("topic-place")
        await hand.tap("sentence-suggestion-1")
        await hand.tap("own-words")
        hand.app.screen.post_message(Paste(text))
        await hand.settle()
        await hand.tap("done")
        await hand.tap("next")
        await hand.tap("send")

        assert len(said(hand)) == 1
        said(hand)[0][2]["words"].encode()


async def test_nothing_is_sent_that_says_nothing() -> None:
    """It asks for one touch; a talk alone is enough."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("write")
        await hand.tap("kind-complaint")
        await hand.tap("topic-money")
        await hand.tap("next")
        assert hand.words("sentences-said") == "请至少点一项。"
        await hand.tap("talk")
        await hand.tap("next")
        await hand.tap("send")

        assert said(hand)[0][2]["talk"] is True


async def test_it_can_be_about_my_nurse_and_for_the_office_alone() -> None:
    """Touched again they no longer hold; going back keeps what was chosen."""
    async with bedside() as hand:
        await opened(hand)
        await put_together(hand)
        await hand.tap("about-nurse")
        await hand.tap("about-doctor")
        await hand.tap("about-doctor")
        await hand.tap("office")
        await hand.tap("back")
        await hand.tap("next")
        assert "✓ 与护士李静有关" in hand.text()
        await hand.tap("send")

        body = said(hand)[0][2]
        assert (body["about"], body["office_only"]) == (["nurse"], True)


async def test_another_topic_forgets_the_sentences_of_the_first() -> None:
    """What is sent is what was seen."""
    async with bedside() as hand:
        await opened(hand)
        await put_together(hand)
        for _ in range(3):
            await hand.tap("back")
        await hand.tap("kind-praise")
        await hand.tap("topic-manner")
        await hand.tap("sentence-praise-2")
        await hand.tap("next")
        assert not hand.app.screen.query("#check Touch")
        await hand.tap("send")

        body = said(hand)[0][2]
        assert (body["kind"], body["sentences"]) == ("praise", ["praise-2"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("topic", topics())
async def test_every_way_fits_the_smallest_screen(kind: str, topic: str) -> None:
    """At most six fields, each whole and large enough."""
    async with bedside(SMALL, speaks="en") as hand:
        await opened(hand)
        await hand.tap("write")
        await hand.tap(f"kind-{kind}")
        await hand.tap(f"topic-{topic}")

        fields = list(hand.app.screen.query("#sentences-offered Touch"))
        assert len(fields) <= 6
        assert all(field.region.height >= 3 and field.region.width >= 14 for field in fields)
        assert all(hand.app.screen.region.contains_region(field.region) for field in fields)


async def test_nothing_is_left_when_the_patient_leaves() -> None:
    """The screen locks; what was being put together is gone."""
    async with bedside() as hand:
        await opened(hand)
        await put_together(hand)
        hand.terminal.discharge()
        await hand.changed()

        assert hand.page == "LockedScreen"
        assert "不耐烦" not in hand.text()
        assert said(hand) == []


async def test_visitors_see_no_complaints() -> None:
    """The entry is closed while visitors are here."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        await hand.tap("area-special")
        await hand.tap("entry-complaint")

        assert hand.page == "HiddenScreen"


async def test_many_are_turned_six_at_a_time() -> None:
    """The newest first; after the oldest page, the newest."""
    async with bedside() as hand:
        await opened(hand)
        ids = [await sent(hand) for _ in range(7)]
        fields = [touch.id for touch in hand.app.screen.query("#complaints Touch")]

        assert fields == [*(f"complaint-{one}" for one in reversed(ids[2:])), "more"]
        await hand.tap("more")
        assert [touch.id for touch in hand.app.screen.query("#complaints Touch")][:2] == [
            f"complaint-{ids[1]}",
            f"complaint-{ids[0]}",
        ]
