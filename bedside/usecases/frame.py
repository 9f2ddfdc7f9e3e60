"""What every page shows around itself, read in one go: whose bed, how old the data, which call, and who has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.usecases.calls import Call, Press, current
from bedside.usecases.family_words import session_text
from bedside.usecases.session import WARN_S, Session, has_consent, is_over
from bedside.usecases.today import Term, term_of
from bedside.usecases.words import DIETS, SEXES, clock_text, date_text, when_text, word
from wardlink.clinical.names import age_years, masked_name
from wardlink.clinical.nursing import nursing_levels
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.record.dose_asks import DOSE_ASK
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Place, Terminal
    from wardlink.device import SyncStatus
    from wardlink.messages.dose_asks import DoseAskView
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext

SHOWN_CELLS = 24
"""Names of wards, beds and diets take no more of the header than this."""


@dataclass(frozen=True)
class Seen:
    """The bed at one moment; `read_at_s` is that moment on the clock that never runs backwards.

    `stay`: who lies in it; `of_session`: the one who has opened the screen, as known now. `ended`: the id of the
    session's stay, if it is over. `departed`: stays that have left something here. `asks`: what whoever lies here was
    asked about doses; `unsent_asks`: those whose answer still waits for the server. `has_consent`: whether family who
    have opened the screen may still be there.
    """

    read_at_s: float
    status: SyncStatus
    ward_name: str | None
    bed_label: str | None
    stay: EncounterView | None
    of_session: EncounterView | None
    ended: str | None
    departed: tuple[str, ...]
    call: Call | None
    term: Term
    asks: tuple[DoseAskView, ...] = ()
    unsent_asks: frozenset[str] = frozenset()
    has_consent: bool = True

    @property
    def shown(self) -> tuple[object, ...]:
        """What pages depend on: when it is the same, they need not be drawn anew."""
        status = self.status
        link = (status.seq, status.online, status.server_alive)
        return (*link, self.stay, self.of_session, self.call, self.asks, self.unsent_asks)


def look(terminal: Terminal, place: Place, session: Session | None, last: Press | None) -> Seen:
    """Read everything; from this terminal's own disk, so never for long."""
    read_at_s = terminal.clock.monotonic_s()
    board, now = terminal.replica, terminal.clock.now()
    stay = board.encounter_in(place.bed)
    label = next((bed.label for bed in board.beds() if bed.id == place.bed), None)
    ended = session.encounter if session is not None and is_over(session, board, place) else None
    has_it = session is None or has_consent(session, board, now)
    return Seen(
        read_at_s=read_at_s,
        status=terminal.status(),
        ward_name=board.ward_name,
        bed_label=label,
        stay=stay,
        of_session=None if session is None or ended else board.encounter(session.encounter),
        ended=ended,
        departed=tuple(board.departed()),
        call=current(terminal, place, last, now),
        term=term_of(ward_date(now)),
        asks=() if stay is None else tuple(board.records(DOSE_ASK, encounter=stay.id)),
        unsent_asks=board.unsent_records(DOSE_ASK),
        has_consent=has_it,
    )


def where_text(seen: Seen, place: Place) -> str:
    """Ward and bed; by their ids until the server has told their names. A bare number is said to be a bed's."""
    ward = clip(plain(seen.ward_name or place.ward), SHOWN_CELLS)
    bed = plain(seen.bed_label or place.bed)
    if bed.isascii() and bed.isalnum():
        bed = _("bed {bed}").format(bed=bed)
    return f"{ward} · {clip(bed, SHOWN_CELLS)}"


def header(seen: Seen, place: Place, session: Session | None, now: datetime) -> tuple[list[str], str]:
    """Left and right of the top line. Without a session nothing in it is a patient's."""
    parts = [where_text(seen, place)]
    if session is not None and session.family is not None:
        parts += [name_text(seen.of_session or session.stay), session_text(session.family)]
    elif session is not None:
        parts += patient_parts(seen.of_session or session.stay, now)
    return parts, f"{date_text(now)} · {seen.term.name_text()} {clock_text(now)}"


def patient_parts(stay: EncounterView, now: datetime) -> list[str]:
    """A patient in a line that others may see: masked name, sex, age, level of care, diet."""
    return [
        f"{name_text(stay)} {word(SEXES, stay.sex)} {age_text_of(stay, now)}",
        level_text(stay),
        diet_text(stay),
    ]


def name_text(stay: EncounterView) -> str:
    """The masked name."""
    return clip(plain(masked_name(stay.name)), SHOWN_CELLS)


def age_text_of(stay: EncounterView, now: datetime) -> str:
    """Completed years of life; a birth in the future is not known."""
    today = ward_date(now)
    return "" if stay.birth_on > today else _("{n} years old").format(n=age_years(stay.birth_on, today))


def level_text(stay: EncounterView) -> str:
    """The level of nursing care."""
    return nursing_levels()[stay.level].label_text()


def diet_text(stay: EncounterView) -> str:
    """The ordered diet."""
    return clip(plain(word(DIETS, stay.diet)), SHOWN_CELLS)


def band(seen: Seen, now: datetime, lock_in_s: int | None) -> str:
    """One line above a page; empty if there is nothing to say."""
    status, as_of = seen.status, seen.status.data_as_of
    if lock_in_s is not None and 0 < lock_in_s <= WARN_S:
        return _("Locks in {n} s. Touch the screen to stay.").format(n=lock_in_s)
    if status.credential_refused:
        return _("This screen is not known to the ward. Please tell the nurse.")
    if status.online and status.server_alive:
        return ""
    if as_of is None:
        return _("Offline · no data yet")
    return _("Offline · data as of {time}").format(time=when_text(as_of, now))
