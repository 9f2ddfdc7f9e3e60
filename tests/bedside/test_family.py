"""Family at the bed: let in by the patient, named on every page, kept to what was opened, and out when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from bedside.sample.family import CODE
from bedside.usecases.areas import AREAS, ENTRY, PLAN
from bedside.usecases.family_typed import FamilyTyped, Step
from tests.bedside.family import PAGE, PIN, come_in, consents, end, let_in, type_pin
from tests.bedside.meals import eats, meals
from tests.bedside.screens import SIZES, Hand, bedside
from wardlink.clinical.family import REACHES, Reach
from wardlink.clinical.meals.eater import Eater
from wardlink.errors import InvalidInput, SignInFailed
from wardlink.record.dose_asks import DOSE_ASK

NAMED = "家属 李芳（女儿）"


def test_every_entry_says_for_whom_it_is() -> None:
    """None is open to family because nobody thought of it."""
    assert {entry.reach for entry in ENTRY.values()} <= set(REACHES) == set(get_args(Reach))
    theirs = {entry.code for entry in ENTRY.values() if entry.reach == "patient"}
    assert theirs == {"rehabilitation", "nutrition", "complaint", "survey", "family"}
    assert PLAN.reach == "medical"
    assert all(entry.reach == "medical" for entry in AREAS[0].entries if entry.code in ("me", "vitals", "results"))


async def test_a_daughter_is_let_in_and_comes_in() -> None:
    """Granted, given a code, and from then on by her own PIN; everything she does is hers."""
    async with bedside() as hand:
        consent = await come_in(hand)
        assert (hand.page, consent.name, consent.scopes) == ("HomeScreen", "李芳", ("daily", "money"))
        assert hand.terminal.family.acting == consent.id
        await hand.tap("area-life")
        await hand.tap("entry-cleaning")
        await hand.tap("offer-0")
        await hand.tap("ask")
        asked = hand.terminal.recorded[-1]
        await hand.pass_time(61)
        assert (hand.page, hand.terminal.family.acting) == ("LockedScreen", None)
        assert hand.app.focused is not None
        assert hand.app.focused.id == "identify"
        await type_pin(hand, PIN)

        assert hand.page == "HomeScreen"
        assert ("request.place", "family", consent.id) in [
            (command.kind, command.actor.kind, command.actor.id) for command in (asked, *hand.terminal.recorded)
        ]


@pytest.mark.parametrize("size", SIZES)
async def test_she_is_named_all_the_time(size: tuple[int, int]) -> None:
    """At home, in an area, on the page of a call; and nobody on the locked screen."""
    async with bedside(size) as hand:
        await come_in(hand)
        for field in (None, "area-life", "entry-meals", "call"):
            if field is not None:
                await hand.tap(field)
            assert NAMED in hand.text()
        hand.app.lock("exit")
        await hand.settle()

        assert "李芳" not in hand.text()


async def test_what_was_not_opened_is_not_there() -> None:
    """No tile, no entry, no plan, no readings, no visitors; and opening it all the same says why it stays closed."""
    async with bedside() as hand:
        await come_in(hand)
        shown = {str(touch.id) for touch in hand.app.screen.query("Touch")}
        assert {"area-health", "area-life", "area-special"} <= shown
        assert not shown & {"plan", "visitors"}
        assert "脉搏" not in hand.text()
        hand.app.do_open("vitals")
        await hand.settle()

        assert hand.page == "HomeScreen"
        assert notices(hand) == ["患者没有对家属开放这一项。"]


async def test_medical_information_is_there_once_opened() -> None:
    """By the question of its own."""
    async with bedside() as hand:
        consent = await come_in(hand, "medical")
        await hand.tap("area-medical")
        await hand.tap("entry-vitals")

        assert "medical" in consent.scopes
        assert hand.page == "VitalsScreen"
        viewed = [c for c in hand.terminal.recorded if c.kind == "audit.event" and c.actor.kind == "family"]
        assert [c.body["what"] for c in viewed] == ["vitals"]


async def test_medical_information_can_be_left_out() -> None:
    """No to the question: the rest is given."""
    async with bedside() as hand:
        await hand.login()
        for field in (*PAGE, "let", "who-son", "next", "scope-medical", "next", "medical-no", "agree", "agree"):
            await hand.tap(field)

        assert consents(hand)[0].scopes == ("daily", "money")


async def test_it_is_agreed_to_with_two_touches() -> None:
    """The first does nothing; a trembling finger is one touch."""
    async with bedside() as hand:
        await hand.login()
        hand.trembles = True
        for field in (*PAGE, "let", "who-son", "next", "next", "agree"):
            await hand.tap(field)
        assert consents(hand) == []
        await hand.tap("agree")

        assert len(consents(hand)) == 1


async def test_without_the_ward_nothing_is_pretended() -> None:
    """No consent is taken, no code shown, nobody let in; each says so."""
    async with bedside() as hand:
        await hand.login()
        for field in (*PAGE, "let", "who-son", "next", "next"):
            await hand.tap(field)
        hand.terminal.connect(online=True, server_alive=False)
        await hand.changed()
        await hand.tap("agree")
        await hand.tap("agree")
        assert consents(hand) == []
        assert "现在连不上" in hand.words("check-said")
        hand.app.lock("exit")
        await hand.settle()
        await type_pin(hand, PIN)

        assert "现在连不上" in hand.words("said")
        assert hand.page == "FamilyPinScreen"


async def test_what_is_not_confirmed_has_no_code() -> None:
    """The field comes with the server's answer; a refusal is told on the list."""
    async with bedside() as hand:
        await hand.login()
        for field in (*PAGE, "let", "who-son", "next", "next", "agree", "agree"):
            await hand.tap(field)
        assert hand.page == "FamilyMemberScreen"
        assert not hand.touch("code").display
        hand.terminal.deliver()
        await hand.changed()

        assert hand.touch("code").display


async def test_the_patient_takes_it_back_with_two_touches() -> None:
    """From then on neither the PIN nor the code opens anything."""
    async with bedside() as hand:
        await hand.login()
        await let_in(hand)
        await hand.tap("code")
        await hand.tap("done")
        await hand.tap("withdraw")
        assert consents(hand)[0].is_open
        await hand.tap("withdraw")
        assert (hand.page, consents(hand)[0].why) == ("FamilyScreen", "patient")
        hand.app.lock("exit")
        await hand.settle()
        await type_pin(hand, CODE, PIN, PIN)

        assert hand.page == "FamilyPinScreen"
        assert "不匹配或已失效" in hand.words("said")


@pytest.mark.parametrize("why", ["patient", "moved", "until"])
async def test_an_open_screen_closes_at_once_when_it_is_over(why: str) -> None:
    """The server tells it, or the time comes; whatever page is open."""
    async with bedside() as hand:
        await hand.login()
        for field in (*PAGE, "let", "who-daughter", "next", "until", "next", "agree", "agree"):
            await hand.tap(field)
        hand.terminal.deliver()
        await hand.changed()
        consent = consents(hand)[0]
        await hand.tap("code")
        hand.app.lock("exit")
        await hand.settle()
        await type_pin(hand, CODE, PIN, PIN)
        await hand.tap("area-life")
        assert consent.until is not None
        if why == "until":
            hand.clock.advance((consent.until - hand.clock.now()).total_seconds())
            hand.app.stay_awake()
        else:
            end(hand, consent, why=why)
        await hand.changed()

        assert (hand.page, hand.terminal.family.acting) == ("LockedScreen", None)
        assert notices(hand) == ["家属授权已结束，屏幕已关闭。"]


async def test_it_ends_with_the_stay() -> None:
    """Discharged: locked, wiped, nobody is in."""
    async with bedside() as hand:
        await come_in(hand)
        hand.terminal.discharge()
        await hand.changed()

        assert (hand.page, hand.terminal.wiped) == ("LockedScreen", 1)
        assert hand.terminal.family.acting is None


async def test_a_dose_is_asked_of_the_patient_alone() -> None:
    """Family see that the nurse would like to show something, and no drug."""
    from bedside.sample.dose_asks import sample_ask

    async with bedside() as hand:
        await come_in(hand, "medical")
        stay = hand.terminal.replica.stay
        assert stay is not None
        hand.terminal.tell_record(DOSE_ASK, sample_ask(stay, hand.clock.now()))
        await hand.changed()

        assert hand.page == "DoseWaitsScreen"


async def test_family_order_for_who_may_not_alone() -> None:
    """A confused patient's screen says that a nurse or family orders; the daughter can."""
    async with bedside() as hand:
        await come_in(hand)
        eats(hand, Eater(diets=("low-salt",), confused=True))
        await hand.changed()
        for field in ("area-life", "entry-meals", "suggest", "order"):
            await hand.tap(field)

        assert [(meal.state, meal.steps[0].by.kind) for meal in meals(hand)] == [("placed", "family")]


async def test_no_digit_of_a_pin_is_shown() -> None:
    """Stars; and after a wrong one nothing of it stays."""
    async with bedside() as hand:
        await hand.tap("family-in")
        await hand.tap("am-son")
        await hand.press(*PIN)
        assert hand.words("typed") == "******▏"
        hand.terminal.family.fails_with = SignInFailed()
        await hand.tap("next")

        assert hand.words("typed") == "▏"


async def test_a_pin_that_is_taken_is_chosen_anew() -> None:
    """With the same code."""
    async with bedside() as hand:
        await hand.login()
        await let_in(hand)
        await hand.tap("code")
        hand.app.lock("exit")
        await hand.settle()
        hand.terminal.family.fails_with = InvalidInput()
        await type_pin(hand, CODE, PIN, PIN)
        hand.terminal.family.fails_with = None
        assert "请换一个密码" in hand.words("said")
        for typed in ("905163", "905163"):
            await hand.press(*typed)
            await hand.tap("next")

        assert hand.page == "HomeScreen"


def notices(hand: Hand) -> list[str]:
    """What lies over the page for a while."""
    return [notice.message for notice in hand.app._notifications]


def typed(*steps: str) -> FamilyTyped:
    """These, one after the other."""
    found = FamilyTyped()
    for step in steps:
        for digit in step:
            found = found.add(digit)
        found = found.next()
    return found


@pytest.mark.parametrize(
    ("steps", "step", "is_whole", "has_trouble"),
    [
        ((PIN,), Step.SECRET, True, False),
        (("12345",), Step.SECRET, False, True),
        (("1234567",), Step.SECRET, False, True),
        ((CODE,), Step.NEW, False, False),
        ((CODE, "123456"), Step.NEW, False, True),
        ((CODE, PIN), Step.AGAIN, False, False),
        ((CODE, PIN, "270185"), Step.NEW, False, True),
        ((CODE, PIN, PIN), Step.AGAIN, True, False),
        ((CODE, PIN + "9", PIN), Step.AGAIN, True, False),
    ],
)
def test_what_is_typed(steps: tuple[str, ...], step: Step, is_whole: bool, has_trouble: bool) -> None:
    """Six digits are a PIN, eight a code; what is wrong is said at its step."""
    found = typed(*steps)

    assert (found.step, found.is_whole, bool(found.trouble)) == (step, is_whole, has_trouble)


async def test_who_is_too_young_is_told_who_decides() -> None:
    """The day before the fourteenth birthday; nobody can be let in."""
    async with bedside() as hand:
        await hand.login()
        stay = hand.terminal.replica.stay
        assert stay is not None
        now = hand.clock.now()
        hand.terminal.replica.stay = stay.model_copy(update={"birth_on": (now - timedelta(days=365 * 13)).date()})
        await hand.changed()
        for field in PAGE:
            await hand.tap(field)

        assert not hand.touch("let").display
        assert "监护人" in hand.text()


@pytest.mark.parametrize("name", ["a\u202eb", "[red]x[/]", "'; drop--", "李" * 40])
async def test_naughty_names_are_a_line_of_text(name: str) -> None:
    """Pasted: nothing is markup, nothing turns the line round, nothing is longer than it may be."""
    async with bedside() as hand:
        await hand.login()
        for field in (*PAGE, "let", "who-son"):
            await hand.tap(field)
        await hand.paste(name)
        for field in ("next", "next", "agree", "agree"):
            await hand.tap(field)
        (kept,) = consents(hand)

        assert len(kept.name) <= 20
        assert kept.name == name.replace("\u202e", "")[:20] or "\u202e" not in kept.name
        assert kept.name[:5] in hand.text()
