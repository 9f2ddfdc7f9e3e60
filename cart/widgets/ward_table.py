"""The rows of the ward as lines of a grid: what is old is dim and says so, what is urgent says so in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cart.usecases.due import short_text
from cart.usecases.readings import NO_VALUE, Shown
from cart.usecases.tasks_mine import is_mine
from cart.usecases.ward_list import Order, Row
from cart.usecases.words import BANDS, DIETS, LEVELS, LEVELS_SHORT, age_text, due_text, word
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import domain
from wardlink.messages.base import Actor
from wardlink.record.risks import ALLERGY, Risk
from wardlink.terminal.cells import plain, width

_ = domain("cart").gettext

NO = Cell(NO_VALUE, "dim")
BAND_TONES = {"low": "plain", "low-medium": "warn", "medium": "warn", "high": "alarm"}
BAND_MARKS = {"low": "", "low-medium": "△", "medium": "▲", "high": "▲"}


ALIKE = "≈"
"""Before a name that could be taken for another one of the ward."""
MINE = "•"
"""Before the number of a bed that the nurse has taken for this shift."""
TODO_CELLS = 13

WIDE = 110
"""From so many cells on there is room for the diet and for whole words."""


def columns(cells: int, order: Order = Order.BED) -> tuple[Column, ...]:
    """The columns of UX 2 on a screen of so many cells. On a narrow one they are closer and the diet gives way.

    The column by which the rows are ordered carries a mark, unless that is the bed.
    """
    is_wide = cells >= WIDE

    def title(text: str, ordered_by: Order) -> str:
        return text + ("▾" if order is ordered_by else "")

    diet = (Column(_("Diet"), _widest(DIETS)),) if is_wide else ()
    return (
        Column(_("Bed"), 3, "right"),
        Column(_("Name"), 10 if is_wide else 8),
        Column(_("Level") if is_wide else "", _widest(LEVELS) if is_wide else 4),
        *diet,
        Column("T", 5 if is_wide else 4, "right"),
        Column("P", 4 if is_wide else 3, "right"),
        Column("R", 3, "right"),
        Column("BP", 7, "right"),
        Column("SpO2", 4, "right"),
        Column(title("NEWS2", Order.URGENT), 10 if is_wide else 7),
        Column(_("Age"), 8),
        Column(title(_("Next"), Order.DUE), 9),
        *((Column(_("To do"), TODO_CELLS),) if is_wide else ()),
        Column(_("Notes"), 4, grow=True),
    )


def _widest(words: Mapping[str, str]) -> int:
    return max(width(word(words, code)) for code in words)


def lines(rows: Sequence[Row], now: datetime, drafts: frozenset[str], me: Actor, cells: int) -> list[Line]:
    """A line a row. `me` is the nurse who is signed in, `drafts` are stays with a half-entered set of hers."""
    shape = columns(cells)
    room = cells - sum(column.cells for column in shape[:-1]) - len(shape) - 1
    return [_line(row, now, row.key in drafts, is_mine(row.taken, me), cells >= WIDE, len(shape), room) for row in rows]


def _line(row: Row, now: datetime, has_draft: bool, mine: bool, is_wide: bool, count: int, room: int) -> Line:
    if row.stay is None:
        empty = [Cell(row.bed.id, "dim"), Cell(_("empty"), "dim"), *[Cell("")] * (count - 3)]
        called = _("{cls} call").format(cls=row.call) if row.call else ""
        return Line(row.key, (*empty, Cell(called, "alarm" if row.call else "plain")))
    shown = row.readings or {}
    stay = row.stay
    diet = (Cell(plain(word(DIETS, stay.diet))),) if is_wide else ()
    return Line(
        row.key,
        (
            Cell(f"{MINE}{row.bed.id}" if mine else row.bed.id, "good" if mine else "strong"),
            Cell(plain(f"{ALIKE}{stay.name}" if row.alike else stay.name), "warn" if row.alike else "strong"),
            Cell(word(LEVELS if is_wide else LEVELS_SHORT, stay.level)),
            *diet,
            _value(shown.get("temp_c")),
            _value(shown.get("pulse_per_min") or shown.get("hr_per_min")),
            _value(shown.get("rr_per_min")),
            _pressure(shown),
            _value(shown.get("spo2_pct"), "%"),
            _score(row, now, " " if is_wide else ""),
            _age(row, now),
            _due(row, now),
            *((_todo(row, now),) if is_wide else ()),
            _notes(row, has_draft, room),
        ),
    )


def _value(shown: Shown | None, unit: str = "") -> Cell:
    if shown is None:
        return NO
    if shown.off:
        return Cell(_("off"), "warn")
    return Cell(shown.text + unit, "dim" if shown.stale else "plain")


def _pressure(shown: dict[str, Shown] | object) -> Cell:
    readings = shown if isinstance(shown, dict) else {}
    for prefix in ("", "abp_"):
        sbp, dbp = readings.get(f"{prefix}sbp_mmhg"), readings.get(f"{prefix}dbp_mmhg")
        if sbp is not None and not sbp.off:
            low = dbp.text if dbp is not None and dbp.measured_at == sbp.measured_at else NO_VALUE
            return Cell(f"{sbp.text}/{low}", "dim" if sbp.stale else "plain")
        if sbp is not None:
            return Cell(_("off"), "warn")
    return NO


def _score(row: Row, now: datetime, gap: str) -> Cell:
    if row.score is None:
        return NO
    if row.score.is_old(now):
        return Cell(row.score.text + " " + _("old"), "dim")
    band = row.score.band
    if band is None:
        return Cell(row.score.text + " " + _("part") if row.score.text != NO_VALUE else NO_VALUE, "dim")
    words = "" if band == "low" else word(BANDS, band)
    return Cell(f"{row.score.text:>2}{gap}{BAND_MARKS[band]}{words}".rstrip(), BAND_TONES[band])


def _age(row: Row, now: datetime) -> Cell:
    if row.newest_at is None:
        return NO
    text = age_text(now - row.newest_at)
    if all(shown.stale or shown.off for shown in row.vital):
        return Cell(text + " " + _("old"), "warn")
    return Cell(text, "plain")


def _due(row: Row, now: datetime) -> Cell:
    if row.next_at is None:
        return NO
    since = row.overdue_since(now)
    if since is not None:
        return Cell(_("late {age}").format(age=age_text(now - since)), "alarm")
    if row.next_at <= now:
        return Cell(_("now!"), "warn")
    return Cell(due_text(row.next_at, now))


def _todo(row: Row, now: datetime) -> Cell:
    todo = row.todo(now)
    late = any(one.is_overdue(now) for one in todo)
    return Cell(_whole_words(short_text(todo), (), TODO_CELLS), "warn" if late else "plain")


def _notes(row: Row, has_draft: bool, room: int) -> Cell:
    stay = row.stay
    assert stay is not None
    off = any(shown.off for shown in (row.readings or {}).values())
    pending = any(shown.pending for shown in (row.readings or {}).values())
    call = _("{cls} call").format(cls=row.call) if row.call else ""
    # What the row says elsewhere as well gives way first: a similar name at the name, a lead that is off at its value.
    first = [
        (call, call, "alarm"),
        (_("half entered"), _("half entered"), "warn" if has_draft else ""),
        (_("unsent"), _("unsent"), "warn" if pending else ""),
    ]
    then = [
        (_("similar name!"), _("name!"), "warn" if row.alike else ""),
        (_("lead off"), _("off"), "warn" if off else ""),
        (_("SpO2 scale 2"), _("scale 2"), "plain" if stay.spo2_scale == 2 else ""),
    ]
    first, then = ([word for word in words if word[0] and word[2]] for words in (first, then))
    signs = [risk.sign_text() for risk in row.risks]
    others = [risk.sign_text() for risk in row.risks if risk.code != ALLERGY]
    tried = (
        [*_long(first), *_allergies(row.risks), *signs_together(others), *_long(then)],
        [*_long(first), *signs_together(signs), *_long(then)],
        [*_short(first), *signs_together(signs), *_short(then)],
        [*_short(first), *signs_together(signs)],
    )
    fitting = (text for texts in tried if width(text := " · ".join(texts)) <= room)
    text = next(fitting, None) or _whole_words(_short(first), signs, room)
    tones = [tone for _words, _shorter, tone in (*first, *then)]
    tones.append("warn" if any(risk.tone == "alarm" for risk in row.risks) else "plain")
    return Cell(text, tones[0])


def _long(words: Sequence[tuple[str, str, str]]) -> list[str]:
    return [long for long, _short, _tone in words]


def _short(words: Sequence[tuple[str, str, str]]) -> list[str]:
    return [short for _long, short, _tone in words]


def signs_together(signs: Sequence[str]) -> list[str]:
    """The signs of one row as one word, or nothing. Chinese ones need no space between them."""
    between = "" if all(width(sign[0]) == 2 for sign in signs) else " "
    return [between.join(signs)] if signs else []


def _allergies(risks: Sequence[Risk]) -> list[str]:
    return [_("allergy: {what}").format(what=plain(risk.said)) for risk in risks if risk.code == ALLERGY]


def _whole_words(words: Sequence[str], signs: Sequence[str], room: int) -> str:
    """As many as fit, the weightiest first, and that there are more: half a word says nothing."""
    everything = len(words) + len(signs)
    for count in range(everything, 0, -1):
        kept, marked = words[:count], signs[: max(0, count - len(words))]
        more = f"+{everything - count}" if count < everything else ""
        text = " · ".join([*kept, *signs_together(marked)])
        text += f" {more}" if more and not marked else more
        if width(text) <= room:
            return text
    return next(iter((*words, *signs)), "")
