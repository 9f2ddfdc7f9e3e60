"""Words of the page of medication safety, in the language of this context."""

from __future__ import annotations

from collections.abc import Mapping

from server.dashboard.words import NOTHING, actor_text, word
from server.medication.facts import What
from wardlink.i18n import N_, domain, language
from wardlink.record.doses import reason_text

_ = domain("server").gettext

SPLITS: Mapping[str, str] = {
    "day": N_("By day"),
    "hour": N_("By hour"),
    "bed": N_("By bed"),
    "drug": N_("By drug"),
    "reason": N_("By reason"),
    "person": N_("By person"),
}
_LINES: Mapping[str, str] = {
    "day": N_("Day"),
    "hour": N_("Hour"),
    "bed": N_("Bed"),
    "drug": N_("Drug"),
    "reason": N_("Reason"),
    "person": N_("Who gave it"),
}
_WHATS: Mapping[str, str] = {
    "override": N_("Check passed over"),
    "early": N_("Given early"),
    "late": N_("Given late"),
    "held": N_("Held"),
    "refused": N_("Refused by the patient"),
    "missed": N_("Missed"),
}
CHECKS: Mapping[str, str] = {
    "patient-unscanned": N_("patient's code not read"),
    "drug-unscanned": N_("drug's code not read"),
    "allergy": N_("allergy"),
    "skin-test": N_("skin test not known"),
    "skin-test-doubtful": N_("skin test doubtful"),
    "skin-test-old": N_("skin test too old"),
    "too-soon": N_("too soon after the last dose"),
    "too-often": N_("more often than ordered"),
    "order-unknown": N_("order not known on the cart"),
}


def split_text(split: str) -> str:
    """How the lines are made."""
    return word(SPLITS, split)


def line_text(split: str) -> str:
    """The head of the column that names the lines."""
    return word(_LINES, split)


def what_text(what: What) -> str:
    """What was done for a reason."""
    return word(_WHATS, what)


def check_text(check: str | None) -> str:
    """The check that was passed over; a newer cart's by its code."""
    return NOTHING if check is None else word(CHECKS, check)


def why_text(reason: str | None) -> str:
    """The reason in the words in which it was given."""
    return _("no reason given") if reason is None else reason_text(reason)


def key_text(
    split: str,
    key: tuple[str, ...],
    *,
    wards: Mapping[str, str],
    beds: Mapping[tuple[str, str], str],
    drugs: Mapping[str, tuple[str, str]],
    staff: Mapping[str, str],
) -> str:
    """What a line is about."""
    match split:
        case "hour":
            return _("{hour}:00 to {hour}:59").format(hour=key[0])
        case "bed":
            ward, bed = key
            label = beds.get((ward, bed), bed)
            if not label:
                label = _("no bed")
            return label if len(wards) == 1 else f"{wards.get(ward, ward)} {label}"
        case "drug":
            chinese, english = drugs.get(key[0], (key[0], key[0]))
            return chinese if language().startswith("zh") else english
        case "person":
            return actor_text(key[0], staff)
        case _:
            return key[0]
