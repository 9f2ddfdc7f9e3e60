"""The walks to the pages about family, and to those that family see. See `tests.bedside.walks`."""

from __future__ import annotations

from tests.bedside import family
from tests.bedside.screens import Hand
from tests.bedside.walks import signed_in, touching


async def let_in(hand: Hand) -> None:
    await hand.login()
    await family.let_in(hand)


async def listed(hand: Hand) -> None:
    await let_in(hand)
    first = family.consents(hand)[0]
    await hand.tap("back")
    again = first.model_copy(update={"id": "00000000-0000-7000-8000-0000000000f2", "relation": "son", "name": ""})
    family.end(hand, again, why="patient")
    await hand.changed()


async def unsent(hand: Hand) -> None:
    await let_in(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()


async def ends(hand: Hand) -> None:
    await let_in(hand)
    await hand.tap("withdraw")


async def code(hand: Hand) -> None:
    await let_in(hand)
    await hand.tap("code")


async def named(hand: Hand) -> None:
    await signed_in(*family.PAGE, "let", "who-daughter")(hand)
    await hand.press(*"LI FANG".replace(" ", ""))


async def chosen(hand: Hand) -> None:
    await named(hand)
    await touching("next", "scope-medical", "until")(hand)


async def medical(hand: Hand) -> None:
    await chosen(hand)
    await hand.tap("next")


async def check(hand: Hand) -> None:
    await medical(hand)
    await touching("medical-yes", "agree")(hand)


async def check_offline(hand: Hand) -> None:
    await medical(hand)
    await hand.tap("medical-yes")
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("agree")


async def refused(hand: Hand) -> None:
    await family.type_pin(hand, family.PIN)


async def new_pin(hand: Hand) -> None:
    await family.type_pin(hand, "40718236", "123456")


async def home(hand: Hand) -> None:
    await family.come_in(hand)


async def medical_home(hand: Hand) -> None:
    await family.come_in(hand, "medical")


async def special(hand: Hand) -> None:
    await family.come_in(hand)
    await hand.tap("area-special")
