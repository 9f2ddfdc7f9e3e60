"""Family on the invented bed: let in by the patient, and at the screen."""

from __future__ import annotations

from typing import Any

from bedside.sample.family import CODE
from tests.bedside.screens import Hand
from wardlink.messages.family import FamilyConsentView
from wardlink.record.family import FAMILY_CONSENT

PIN = "270184"
PAGE = ("area-medical", "entry-me", "entry-family")


async def let_in(hand: Hand, name: str = "李芳", *scopes: str) -> FamilyConsentView:
    """The patient, signed in, lets a daughter in; the server takes it. `scopes` are touched besides."""
    for field in (*PAGE, "let", "who-daughter"):
        await hand.tap(field)
    await hand.press(*name)
    await hand.tap("next")
    for scope in scopes:
        await hand.tap(f"scope-{scope}")
    await hand.tap("next")
    if hand.page == "FamilyMedicalScreen":
        await hand.tap("medical-yes")
    await hand.tap("agree")
    await hand.tap("agree")
    hand.terminal.deliver()
    await hand.changed()
    return consents(hand)[-1]


async def come_in(hand: Hand, *scopes: str) -> FamilyConsentView:
    """A daughter whom the patient has let in opens the screen with the code; `scopes` besides meals and paying."""
    await hand.login()
    consent = await let_in(hand, "李芳", *scopes)
    await hand.tap("code")
    hand.app.lock("exit")
    await hand.settle()
    await type_pin(hand, CODE, PIN, PIN)
    return consent


async def type_pin(hand: Hand, *digits: str, relation: str = "daughter") -> None:
    """On the locked screen: family, who, and these one after the other."""
    await hand.tap("family-in")
    await hand.tap(f"am-{relation}")
    for typed in digits:
        await hand.press(*typed)
        await hand.tap("next")


def consents(hand: Hand) -> list[FamilyConsentView]:
    """Those of the invented bed, the oldest first."""
    return hand.terminal.replica.records(FAMILY_CONSENT)


def end(hand: Hand, consent: FamilyConsentView, **changed: Any) -> None:
    """The server tells that it is over."""
    ended = {"ended_at": hand.clock.now(), "why": "moved"} | changed
    hand.terminal.tell_record(FAMILY_CONSENT, consent.model_copy(update=ended))
