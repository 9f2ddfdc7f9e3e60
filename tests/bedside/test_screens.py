"""The bedside program as a patient meets it: locked, opened, called from, left, and taken over by the next."""

from __future__ import annotations

import pytest

from bedside.app import BedsideApp
from bedside.ports import Place, Terminal
from bedside.sample import BIRTHDAY, sample_stay
from bedside.widgets.touch import Touch
from tests.bedside.screens import AT, EVEN, SMALL, Hand, bedside, process_language
from tests.waiting import wait_for
from wardlink.errors import Misconfigured, SignInFailed, Unreachable
from wardlink.terminal.rubbish import Rubbish


async def test_the_locked_screen_names_nobody() -> None:
    """Time, day, season, ward and bed; nothing that belongs to a patient."""
    async with bedside() as hand:
        shown = hand.text()

        assert hand.page == "LockedScreen"
        assert all(word in shown for word in ("11月23日 周一", "小雪 第 2 天", "3 病区 · 12 床", "呼叫护士"))
        assert not any(word in shown for word in ("王", "英", "二级护理", "低盐", "6001", "李静"))


async def test_a_patient_opens_the_screen_with_digits_alone() -> None:
    """The hospital's letters are there already; the header is masked; the four areas are there."""
    async with bedside() as hand:
        await hand.login()

        assert hand.page == "HomeScreen"
        shown = hand.text()
        assert "王*英 女 67 岁" in shown
        assert all(area in shown for area in ("医疗服务", "健康服务", "生活服务", "专项服务"))
        assert "王秀英" not in shown


async def test_the_pad_alone_is_enough() -> None:
    """No keyboard: letters by the pad, the birthday as the second identifier."""
    async with bedside(SMALL) as hand:
        await hand.tap("identify")
        pad = {touch.value: touch for touch in hand.app.screen.query("#pad Touch")}  # type: ignore[attr-defined]
        assert "key:other" in pad
        for _ in "ZY":
            await tap_key(hand, "delete")
        await tap_key(hand, "other")
        for letter in "ZY":
            while not has_key(hand, letter):
                await tap_key(hand, "turn")
            await tap_key(hand, letter)
        await tap_key(hand, "other")
        for digit in "026001":
            await tap_key(hand, digit)
        assert hand.words("typed") == "ZY026001▏"
        await hand.tap("next")
        for digit in BIRTHDAY:
            await tap_key(hand, digit)
        await hand.tap("next")

        assert hand.page == "HomeScreen"


def has_key(hand: Hand, key: str) -> bool:
    """Whether the pad shows this key now."""
    return any(touch.value == f"key:{key}" for touch in hand.app.screen.query("#pad Touch"))  # type: ignore[attr-defined]


async def tap_key(hand: Hand, key: str) -> None:
    """Touch a key of the pad."""
    touch = next(t for t in hand.app.screen.query("#pad Touch") if t.value == f"key:{key}")  # type: ignore[attr-defined]
    assert await hand.pilot.click(touch)
    await hand.settle()


@pytest.mark.parametrize(("number", "second"), [("026001", "0000"), ("026002", "123X")])
async def test_a_wrong_answer_is_not_said_to_be_which(number: str, second: str) -> None:
    """The same words for both; what was typed is gone."""
    async with bedside() as hand:
        await hand.login(second, number)

        assert hand.page == "IdentifyScreen"
        assert hand.words("said") == "与本床病人的信息不符。请核对后再输入，或找护士帮忙。"
        assert hand.words("typed") == "ZY▏"


async def test_wrong_tries_are_slowed_in_words() -> None:
    """With the seconds to wait."""
    async with bedside() as hand:
        hand.terminal.opening_fails_with = SignInFailed(
            "Too many wrong tries. Please wait {wait_s} seconds.", wait_s=60
        )
        await hand.login()

        assert "60" in hand.words("said")
        assert hand.page == "IdentifyScreen"


async def test_a_server_that_is_away_is_not_the_patients_fault() -> None:
    """It says that nobody can be let in now, whom to ask, and that Call works."""
    async with bedside() as hand:
        hand.terminal.opening_fails_with = Unreachable()
        await hand.login()

        assert "12 小时" in hand.words("said")
        assert "呼叫键仍然可用" in hand.words("said")


async def test_an_unfinished_second_answer_is_not_sent() -> None:
    """Five digits are no date and no four characters."""
    async with bedside() as hand:
        await hand.login("12345")

        assert hand.page == "IdentifyScreen"
        assert hand.words("said") == "请输入四位，或八位数字：年、月、日。"


async def test_ninety_seconds_without_a_touch_lock_the_screen() -> None:
    """It warns before, a touch keeps it open, and afterwards nothing of the patient is left on it."""
    async with bedside() as hand:
        await hand.login()
        await hand.pass_time(75)
        assert hand.words("band") == "15 秒后锁屏，触摸屏幕可继续使用。"
        await hand.press("right")
        await hand.pass_time(80)
        assert hand.page == "HomeScreen"
        await hand.pass_time(11)

        assert hand.page == "LockedScreen"
        assert "王" not in hand.text()
        assert [c.body for c in hand.terminal.recorded if c.kind == "audit.event"] == [
            {"action": "lock-bedside", "what": "idle"}
        ]


async def test_leaving_locks_at_once() -> None:
    """退出."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("leave")

        assert hand.page == "LockedScreen"
        assert hand.app.bed is not None
        assert hand.app.bed.session is None


@pytest.mark.parametrize("where", ["home", "entry-vitals", "entry-me"])
async def test_discharge_locks_and_wipes(where: str) -> None:
    """Whatever page was open; the next patient finds nothing."""
    async with bedside() as hand:
        await hand.login()
        if where != "home":
            await hand.tap("area-medical")
            await hand.tap(where)
        hand.terminal.discharge()
        await hand.changed()
        await hand.changed()

        assert hand.page == "LockedScreen"
        assert hand.terminal.wiped == 1
        assert hand.terminal.replica.sets == []
        assert "王" not in hand.text()


async def test_the_next_patient_sees_only_their_own() -> None:
    """Another stay in the same bed: neither name nor reading of the one before."""
    async with bedside() as hand:
        await hand.login()
        hand.terminal.discharge()
        hand.terminal.admit(
            sample_stay(AT, id="00000000-0000-7000-8000-000000000099", name="赵强", sex="male", allergies=())
        )
        await hand.changed()
        await hand.changed()
        await hand.login()

        shown = hand.text()
        assert "赵*" in shown
        assert "还没有测量记录" in shown
        assert not any(word in shown for word in ("王*英", "36.8", "头孢"))


async def test_visitors_hide_what_is_the_patients() -> None:
    """One tap: header, readings and private pages; one tap brings them back."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        shown = hand.text()
        assert not any(word in shown for word in ("王*英", "36.8", "责任护士", "二级护理"))
        await hand.tap("area-medical")
        await hand.tap("entry-vitals")
        assert hand.page == "HiddenScreen"
        assert "个人信息已隐藏" in hand.text()
        assert not hand.app.screen.query("#curve")
        await hand.tap("visitors")
        assert hand.page == "HomeScreen"
        assert "王*英" in hand.text()


async def test_my_readings_are_a_curve_and_a_sentence() -> None:
    """Leads that are off say so; other times and other readings are a touch away."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-vitals")
        assert hand.words("sentences") == "体温 36.8 °C，42 分钟前测，在参考范围 36.0–37.0 内。"
        await hand.tap("group-spo2")
        assert "导联脱落，现在没有读数" in hand.words("sentences")
        assert "━" in hand.text()
        await hand.tap("period")

        assert hand.touch("period").label == "3 天"
        assert [c.body["what"] for c in hand.terminal.recorded if c.kind == "audit.event"] == ["vitals"]


async def test_a_small_window_turns_the_curves() -> None:
    """Where there is no room for a field each."""
    async with bedside(SMALL) as hand:
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-vitals")
        await hand.tap("turn-on")
        assert "心率" in hand.words("sentences")
        await hand.tap("turn-back")
        await hand.tap("turn-back")

        assert "呼吸" in hand.words("sentences")


async def test_english_is_one_tap_away_and_back() -> None:
    """On every page; what was typed stays."""
    async with bedside() as hand:
        await hand.tap("identify")
        await hand.press(*"026")
        await hand.tap("language")
        assert "admission number" in hand.words("asked")
        assert hand.words("typed") == "ZY026▏"
        await hand.tap("language")

        assert "住院号" in hand.words("asked")


async def test_the_pages_below_speak_the_language_when_they_are_shown_again() -> None:
    """And only then: nobody waits for what nobody sees. The focus is where it was left."""
    async with bedside() as hand:
        await hand.enter()
        await hand.tap("area-health")
        await hand.tap("entry-pay")
        below = hand.app.screen_stack[-2]
        left_at = below.focused.id if below.focused is not None else None
        before = list(below.query(Touch))
        await hand.tap("language")
        assert list(below.query(Touch)) == before
        await hand.tap("back")
        assert hand.page == "AreaScreen"
        assert hand.touch("back").label == "Back"
        assert hand.app.screen.focused is not None
        assert hand.app.screen.focused.id == left_at
        hand.app.do_home()
        await hand.settle()

        assert hand.page == "HomeScreen"
        assert hand.touch("call").label == "Call nurse"
        assert hand.touch("language").label == "中文"


async def test_a_second_that_passes_while_the_program_ends_harms_nothing() -> None:
    """The pages are taken down before the clock is stopped."""
    async with bedside() as hand:
        pass
    assert hand.app.screen_stack == []

    hand.app._tick()


class Looks(Rubbish):
    """Notes how long nobody had touched the screen when memory was to be looked through."""

    def __init__(self) -> None:
        self.quiet_s: list[float] = []

    def look(self, now_s: float, touched_s: float) -> None:
        """A second has passed."""
        self.quiet_s.append(now_s - touched_s)


async def test_memory_is_looked_through_by_the_last_touch() -> None:
    """A finger never waits for it."""
    async with bedside() as hand:
        looks = hand.app._rubbish = Looks()
        await hand.pass_time(3)
        await hand.tap("identify")
        await hand.pass_time(2)

        assert looks.quiet_s[-1] == pytest.approx(2)


async def test_the_night_is_dark_by_itself_and_by_hand() -> None:
    """By the ward's clock; by hand it holds until the night ends."""
    async with bedside() as hand:
        assert hand.app.theme == "bed-day"
        await hand.tap("night")
        assert hand.app.theme == "bed-night"
        await hand.tap("night")
        await hand.pass_time(11 * 3600)
        assert hand.app.theme == "bed-night"
        await hand.tap("night")
        assert hand.app.theme == "bed-day"
        await hand.pass_time(9 * 3600)

        assert hand.app.theme == "bed-day"


async def test_old_pages_stay_readable_offline() -> None:
    """With the band that says how old they are."""
    async with bedside(EVEN) as hand:
        await hand.login()
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()

        assert hand.words("band") == "离线 · 数据截至 10:42"
        await hand.tap("area-medical")
        await hand.tap("entry-vitals")
        assert "36.8" in hand.words("sentences")


async def test_a_device_that_cannot_be_opened_ends_the_program() -> None:
    """With the code of a wrong configuration, and the words for the error output."""

    def broken() -> tuple[Terminal, Place]:
        raise Misconfigured(detail="no bed")

    app = BedsideApp(broken)
    with process_language("zh_CN"):
        async with app.run_test() as pilot:
            await wait_for(lambda: app.error is not None, "the error is kept")
            await pilot.pause()

    assert app.return_code == 4
    assert app.error is not None
    assert "no bed" in app.error.text()
