"""A hand-over in words: on the screen beside the list, and as a page for the printer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.words import SEXES, time_text, word
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from cart.usecases.handover import Item
    from wardlink.clinical.shifts import Shift

_ = domain("cart").gettext

STATES: Mapping[str, str] = {
    "draft": N_("to give"),
    "changed": N_("changed"),
    "given": N_("given"),
    "taken": N_("signed"),
}
TONES: Mapping[str, str] = {"draft": "plain", "changed": "warn", "given": "warn", "taken": "good"}

PARTS: Mapping[str, str] = {
    "situation": N_("S  Situation"),
    "background": N_("B  Background"),
    "assessment": N_("A  Assessment"),
    "recommendation": N_("R  Recommendation"),
}


def shift_text(shift: Shift, now: datetime) -> str:
    """The shift with its day and hours."""
    begins, ends = ward_time(shift.begins_at), ward_time(shift.ends_at)
    day = "" if ward_date(shift.begins_at) == ward_date(now) else f"{begins:%m-%d} "
    return f"{day}{shift.label_text()} {begins:%H:%M}-{ends:%H:%M}"


def page_text(item: Item, now: datetime, *, is_dense: bool = False) -> str:
    """Everything that is handed over of one line: who, the facts, what was written, and who has signed.

    `is_dense`: without empty lines.
    """
    gap = [] if is_dense else [""]
    stay = item.stay
    if stay is None:
        lines = [_("The ward")]
    else:
        who = _("bed {bed} {name}").format(bed=stay.bed, name=stay.name)
        lines = [f"{who}  {word(SEXES, stay.sex)}  " + _("admission no. {number}").format(number=stay.admission_no)]
    # On top: of a full ward the rest is longer than the page.
    lines += _signed(item, now)
    lines += [*gap, _("Written by the nurse")]
    written = item.note.split("\n") if item.note else [_("nothing; Enter writes")]
    lines += [f"  {text}" for text in written]
    for part, title in PARTS.items():
        said = [line.text for line in item.shown_lines if line.part == part]
        if said:
            lines += [*gap, _(title), *(f"  {text}" for text in said)]
    return "\n".join(lines)


def _signed(item: Item, now: datetime) -> list[str]:
    given, taken = item.given, item.taken
    if given is None:
        return [_("Not given yet.")]
    said = [_("Given by {who}, {at}").format(who=given.by_name or given.by.id, at=time_text(given.at, now))]
    if item.state == "changed":
        return [*said, _("Changed since: it must be given again.")]
    if taken is None:
        return [*said, _("Not taken yet.")]
    return [*said, _("Taken by {who}, {at}").format(who=taken.by_name or taken.by.id, at=time_text(taken.at, now))]
