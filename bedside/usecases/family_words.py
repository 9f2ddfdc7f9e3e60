"""Family in words: who they are, what they may do here, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.clinical import family
from wardlink.clinical.family import Scope, scopes
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from wardlink.clinical.family import Relation, ScopeRow
    from wardlink.messages.family import FamilyConsentView

_ = domain("bedside").gettext

NAME_CELLS = 20

ENDED = {
    "patient": N_("You have taken it back."),
    "discharged": N_("It ended with the stay."),
    "moved": N_("It ended when you were moved."),
    "staff": N_("The ward has ended it."),
}


def who_text(name: str, relation: Relation, number: int = 1) -> str:
    """Who it is for, as there is room for it."""
    return family.who_text(clip(plain(name), NAME_CELLS), relation, number)


def view_text(view: FamilyConsentView) -> str:
    """Who it is for."""
    return who_text(view.name, view.relation, view.number)


def session_text(view: FamilyConsentView) -> str:
    """Who has opened the screen, as it stands on every page."""
    return _("Family: {who}").format(who=view_text(view))


def scope_rows(chosen: Collection[Scope]) -> list[ScopeRow]:
    """Those, in the order in which they are shown."""
    return [row for row in scopes() if row.code in chosen]


def scopes_text(chosen: Collection[Scope]) -> str:
    """What they may do, in a line."""
    return _(", ").join(row.label_text() for row in scope_rows(chosen))


def until_text(until: datetime | None, now: datetime) -> str:
    """Until when it holds; never longer than the stay."""
    from bedside.usecases.words import when_text

    return _("for the whole stay") if until is None else _("until {time}").format(time=when_text(until, now))


def state_text(view: FamilyConsentView, now: datetime) -> str:
    """Until when it holds, or why it holds no more."""
    if view.why is not None and view.why in ENDED:
        return _(ENDED[view.why])
    if not view.stands(now):
        return _("The time that you chose is over.")
    return until_text(view.until, now)
