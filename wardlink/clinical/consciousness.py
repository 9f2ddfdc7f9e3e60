"""The words that Chinese wards write for consciousness, and what each means for NEWS2."""

from __future__ import annotations

from wardlink.clinical.codes import Acvpu, Coded
from wardlink.i18n import N_


class Consciousness(Coded):
    """The ward's own words. Kept beside ACVPU, not replaced by it."""

    ALERT = "alert", N_("Alert")
    DROWSY = "drowsy", N_("Drowsy")
    CONFUSED = "confused", N_("Confused")
    STUPOROUS = "stuporous", N_("Stuporous")
    LIGHT_COMA = "light-coma", N_("Light coma")
    MODERATE_COMA = "moderate-coma", N_("Moderate coma")
    DEEP_COMA = "deep-coma", N_("Deep coma")
    DELIRIOUS = "delirious", N_("Delirious")
    SEDATED = "sedated", N_("Sedated")


_FIXED = {
    Consciousness.ALERT: Acvpu.ALERT,
    Consciousness.DROWSY: Acvpu.VOICE,
    Consciousness.STUPOROUS: Acvpu.PAIN,
}
_CONFUSION = frozenset({Consciousness.CONFUSED, Consciousness.DELIRIOUS})
_COMA = frozenset({Consciousness.LIGHT_COMA, Consciousness.MODERATE_COMA, Consciousness.DEEP_COMA})


def acvpu_for(
    word: Consciousness | None,
    *,
    long_standing: bool = False,
    responds_to_pain: bool = False,
) -> Acvpu | None:
    """The ACVPU code that `word` suggests; the nurse may choose another.

    None where the word does not decide it: nothing was written (never taken for alert), or the patient is
    sedated. Confusion counts as new unless it is known to be long-standing, as with dementia; then it is A.

    Source: ward domain sheet 1.1, a mapping of this product [D]; RCP NEWS2 (2017) on new confusion.
    """
    if word in _CONFUSION:
        return Acvpu.ALERT if long_standing else Acvpu.CONFUSION
    if word in _COMA:
        return Acvpu.PAIN if responds_to_pain else Acvpu.UNRESPONSIVE
    return None if word is None else _FIXED.get(word)
