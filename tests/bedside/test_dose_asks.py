"""A dose that a nurse begins with, on the bed's screen: for the patient only, answered once, and gone by itself."""

from __future__ import annotations

import pytest

from bedside.sample.dose_asks import sample_ask
from tests.bedside.screens import Hand, bedside
from tests.bedside.walks import dose_asked, signed_in, touching
from wardlink.record.dose_asks import DOSE_ASK


def answers(hand: Hand) -> list[str]:
    """What the patient has said."""
    return [command.body["answer"] for command in hand.terminal.recorded if command.kind == "dose-ask.answer"]


async def ask(hand: Hand, **changed: object) -> None:
    """A nurse begins with a dose."""
    stay = hand.terminal.replica.stay
    assert stay is not None
    hand.terminal.tell_record(DOSE_ASK, sample_ask(stay, hand.clock.now(), **changed))
    await hand.changed()


async def test_the_patient_reads_what_it_is_and_says_yes() -> None:
    """Drug, what it is for, dose; then the page before is back."""
    async with bedside() as hand:
        await hand.login()
        await ask(hand)
        assert hand.page == "DoseAskScreen"
        for said in ("苯磺酸氨氯地平片 5 mg", "作用：降血压", "用法：口服"):
            assert said in hand.text()
        await hand.pass_time(2)
        await hand.tap("say-yes")
        await hand.changed()

        assert (answers(hand), hand.page) == (["yes"], "HomeScreen")


async def test_a_question_stays_on_the_page_and_says_whether_the_nurse_has_it() -> None:
    """Never that it has arrived before it has."""
    async with bedside() as hand:
        await dose_asked(signed_in(), "say-query", server_alive=False)(hand)
        assert "还没有发出去" in hand.text()
        hand.terminal.deliver()
        await hand.changed()

        assert answers(hand) == ["query"]
        assert "已经显示在护士的推车上" in hand.text()


async def test_a_touch_that_was_meant_for_the_page_before_is_no_answer() -> None:
    """The page came under the finger."""
    async with bedside() as hand:
        await hand.login()
        await ask(hand)
        await hand.tap("say-yes")
        assert answers(hand) == []
        await hand.pass_time(1)
        await hand.tap("say-yes")

        assert answers(hand) == ["yes"]


@pytest.mark.parametrize("walk", [touching(), signed_in("visitors")], ids=["locked", "visitors"])
async def test_neither_drug_nor_patient_is_named_to_others(walk: object) -> None:
    """Locked, or with visitors at the bed."""
    async with bedside() as hand:
        await dose_asked(walk)(hand)  # type: ignore[arg-type]

        assert hand.page == "DoseWaitsScreen"
        assert not any(word in hand.text() for word in ("氨氯地平", "降血压", "王", "5 mg"))


async def test_who_says_who_they_are_reads_it_at_once() -> None:
    """The way leads from the neutral page through the login to the dose."""
    async with bedside() as hand:
        await ask(hand)
        await hand.tap("see")
        await hand.press(*"026001", "enter")
        await hand.press(*"123x", "enter")
        await hand.changed()

        assert hand.page == "DoseAskScreen"


async def test_the_patient_may_show_it_to_visitors() -> None:
    """By their own touch."""
    async with bedside() as hand:
        await dose_asked(signed_in("visitors"), "see")(hand)

        assert hand.page == "DoseAskScreen"


@pytest.mark.parametrize(("minutes", "page"), [(9.9, "LockedScreen"), (10, "LockedScreen"), (0.5, "DoseWaitsScreen")])
async def test_it_goes_by_itself(minutes: float, page: str) -> None:
    """The screen locks as always; nothing old comes back."""
    async with bedside() as hand:
        await ask(hand)
        await hand.pass_time(minutes * 60)
        await hand.changed()

        assert hand.page == page


async def test_a_call_and_a_payment_stay_in_front() -> None:
    """Nothing comes over them; afterwards it is there."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("call")
        await ask(hand)
        assert hand.page == "CallScreen"
        await hand.tap("back")
        await hand.changed()

        assert hand.page == "DoseAskScreen"


async def test_the_nurse_leaves_and_the_page_goes() -> None:
    """Nothing that nobody waits for stands on the screen."""
    async with bedside() as hand:
        await dose_asked(signed_in())(hand)
        (view,) = hand.terminal.replica.records(DOSE_ASK)
        hand.terminal.tell_record(DOSE_ASK, view.model_copy(update={"ended_at": hand.clock.now()}))
        await hand.changed()

        assert hand.page == "HomeScreen"


async def test_what_nobody_knows_is_left_to_the_nurse() -> None:
    """No purpose is invented; one that the order names is taken before the table."""
    async with bedside() as hand:
        await hand.login()
        await ask(hand, indication="头痛")

        assert "作用：头痛" in hand.text()
