"""Today's solar term, for a screen that many people read the season from. Loads its almanac when it is first asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from wardlink.i18n import N_, domain

_ = domain("bedside").gettext

# In the almanac's order, which begins with the winter solstice.
TERMS = (
    N_("Winter Solstice"),
    N_("Minor Cold"),
    N_("Major Cold"),
    N_("Start of Spring"),
    N_("Rain Water"),
    N_("Awakening of Insects"),
    N_("Spring Equinox"),
    N_("Clear and Bright"),
    N_("Grain Rain"),
    N_("Start of Summer"),
    N_("Grain Buds"),
    N_("Grain in Ear"),
    N_("Summer Solstice"),
    N_("Minor Heat"),
    N_("Major Heat"),
    N_("Start of Autumn"),
    N_("End of Heat"),
    N_("White Dew"),
    N_("Autumn Equinox"),
    N_("Cold Dew"),
    N_("Frost's Descent"),
    N_("Start of Winter"),
    N_("Minor Snow"),
    N_("Major Snow"),
)


@dataclass(frozen=True)
class Term:
    """The solar term that a day belongs to, and the how many-eth of its days it is, from 1."""

    index: int
    day: int

    def name_text(self) -> str:
        """Its name."""
        return _(TERMS[self.index])

    def text(self) -> str:
        """Its name, and how far into it we are."""
        said = _("{term} today") if self.day == 1 else _("{term}, day {n}")
        return said.format(term=self.name_text(), n=self.day)


@lru_cache(maxsize=4)
def term_of(day: date) -> Term:
    """The solar term that `day` belongs to. Takes a moment the first time: not on a screen's loop."""
    from tyme4py.solar import SolarDay

    found = SolarDay.from_ymd(day.year, day.month, day.day).get_term_day()
    return Term(found.get_solar_term().get_index(), found.get_day_index() + 1)
