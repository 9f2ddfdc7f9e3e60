"""Why a tray goes back, and who pays for it then."""

from __future__ import annotations

from functools import cache
from typing import Literal

from wardlink.i18n import LANGUAGES, N_, gettext, speaking

ReturnReason = Literal["medical", "wrong-diet", "not-wanted", "away", "other"]

REASONS: dict[ReturnReason, str] = {
    "medical": N_("for a medical reason: no charge"),
    "wrong-diet": N_("not the diet that was ordered: no charge"),
    "not-wanted": N_("the patient does not want it"),
    "away": N_("the patient is not here"),
    "other": N_("another reason"),
}
"""In words, as a cart offers them and as they are kept. Source: defaults of this product."""

FREE: frozenset[ReturnReason] = frozenset({"medical", "wrong-diet"})
"""Nobody is charged: the cause is medical (ward domain sheet 6.3), or the kitchen's mistake: a default of ours."""


def reason_text(reason: ReturnReason) -> str:
    """A reason in words, in the language of this context."""
    return gettext(REASONS[reason])


def reason_said(text: str | None) -> ReturnReason:
    """Which reason these words are, in whichever language they were chosen; `other` where somebody wrote their own."""
    return _known().get(text or "", "other")


@cache
def _known() -> dict[str, ReturnReason]:
    known: dict[str, ReturnReason] = {}
    for name in LANGUAGES:
        with speaking(name):
            known |= {reason_text(reason): reason for reason in REASONS}
    return known
