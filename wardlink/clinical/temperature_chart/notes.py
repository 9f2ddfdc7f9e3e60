"""The band of notes above 40 degrees: what happened, each event in a column of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import Event, EventKind, Facts
from wardlink.clinical.temperature_chart.page import Note
from wardlink.clinical.temperature_chart.slots import column_of
from wardlink.clinical.temperature_chart.words import note_text

_ABSENT: tuple[EventKind, ...] = ("refused", "out", "leave")


def notes(facts: Facts, start_on: date, columns: int, by: Conventions) -> list[Note]:
    """The notes of a page, from the left. Where two events meet in a column the later one moves to the right."""
    found: dict[int, Note] = {}
    seen: set[tuple[int, EventKind]] = set()
    for event in sorted(_events(facts, start_on, by), key=lambda event: event.at):
        column = column_of(event.at, start_on, by)
        if column is None or not 0 <= column < columns or (column, event.kind) in seen:
            continue
        seen.add((column, event.kind))
        free = _free(column, columns, found)
        if free is not None:
            found[free] = Note(free, 0.0, note_text(event, by), by.note_colour)
    return [found[column] for column in sorted(found)]


def _events(facts: Facts, start_on: date, by: Conventions) -> Iterable[Event]:
    events = [*facts.events, Event(facts.admitted_at, "admission")]
    is_dead = any(event.kind == "death" for event in facts.events)
    if facts.discharged_at is not None and not is_dead:
        events.append(Event(facts.discharged_at, "discharge"))
    warm = {column_of(one.at, start_on, by) for one in facts.measurements if one.temp_c is not None}
    for one in facts.measurements:
        if column_of(one.at, start_on, by) in warm:
            continue
        reason = one.not_measured.get("temp_c")
        events += [Event(one.at, kind) for kind in _ABSENT if kind == reason]
    return [event for event in events if event.kind in by.notes_listed]


def _free(column: int, columns: int, taken: Iterable[int]) -> int | None:
    """The column itself, the next free one to the right, or else to the left; nothing is written over."""
    held = set(taken)
    order = [*range(column, columns), *range(column - 1, -1, -1)]
    return next((one for one in order if one not in held), None)
