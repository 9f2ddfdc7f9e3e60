"""Who this is: name and admission number first, for the bed is no identifier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.words import DIETS, LEVELS, SEXES, word
from cart.widgets.lines import Lines
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class Identity(Lines):
    """Two lines on top of everything that is done for a patient; a third where a name could be taken for another."""

    DEFAULT_CSS = """
    Identity { height: auto; padding: 0 1; background: #1b2733; }
    """

    def show(
        self,
        stay: EncounterView,
        others: Sequence[str],
        now: datetime,
        marks: Sequence[str] = (),
        urgent: Sequence[str] = (),
    ) -> None:
        """`others`: beds and names of those whose name is the same or similar. `marks`: what they are at risk of.

        `urgent`: what a nurse must read now.
        """
        self.say(identity(stay, others, now, marks, urgent))


def identity(
    stay: EncounterView,
    others: Sequence[str],
    now: datetime,
    marks: Sequence[str] = (),
    urgent: Sequence[str] = (),
) -> Content:
    """The lines. Names come from people: they are never read as markup."""
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(now)))
    first = Content.assemble(
        (plain(stay.name), "bold"),
        f"  {word(SEXES, stay.sex)}  ",
        _("{years} years").format(years=years),
        "  ",
        (_("admission no. {number}").format(number=plain(stay.admission_no)), "bold"),
        "  ",
        _("born {date}").format(date=stay.birth_on.isoformat()),
    )
    second = _("bed {bed}  {level}  diet {diet}").format(
        bed=stay.bed, level=word(LEVELS, stay.level), diet=plain(word(DIETS, stay.diet))
    )
    allergies = plain(", ".join(stay.allergies))
    parts: list[Content | str | tuple[str, str]] = [second, "  "]
    if allergies:
        parts.append((_("allergy: {what}").format(what=allergies), "bold #ffb0a8"))
    else:
        parts.append(_("no allergy known"))
    if stay.spo2_scale == 2:
        parts.append(("  " + _("SpO2 scale 2"), "bold #ffd75f"))
    if stay.pregnant:
        parts.append(("  " + _("pregnant"), "bold #ffd75f"))
    for said in urgent:
        parts += ["  ", (f" {said} ", "bold #ffffff on #a01818")]
    if marks:
        parts.append(("  " + _("risk: {marks}").format(marks=" ".join(marks)), "bold #ffd75f"))
    if stay.status == "finished":
        parts.append(("  " + _("discharged"), "bold #ffd75f"))
    lines = [first, Content.assemble(*parts)]
    if others:
        warned = _("Careful, similar name: {others}").format(others=plain("; ".join(others)))
        lines.append(Content.styled(warned, "bold #101418 on #ffd75f"))
    return Content("\n").join(lines)
