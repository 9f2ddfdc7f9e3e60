"""What a person reads of a measurement, and what a program does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any
from unicodedata import east_asian_width

from wardlink.i18n import domain
from workbench.bedside_day.run import DayResult
from workbench.bench.alerts import AlertsResult
from workbench.bench.bedside import BedsideResult
from workbench.bench.board import BoardResult
from workbench.bench.catch_up import CatchUpResult
from workbench.bench.figures import Goal, rounded
from workbench.bench.ingest import Found, IngestResult, Loaded, Pair
from workbench.bench.kpis import KpisResult
from workbench.bench.machine import Machine
from workbench.bench.medication import MedicationResult
from workbench.bench.month import MonthResult
from workbench.bench.payments import PaymentsResult
from workbench.bench.peers import PeersResult
from workbench.bench.reconcile import ReconcileResult
from workbench.bench.screens import ScreensResult
from workbench.bench.settle import SettleResult

_ = domain("commands").gettext


def as_json(result: Any) -> str:
    """One JSON object: the fields of the result dataclass, by their names; a figure that is not a number is null."""
    fields = _plain(result)
    fields["goals_met"] = all(goal["met"] for goal in fields["goals"])
    return json.dumps(fields, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Goal):
        return _plain(asdict(value) | {"met": value.met})
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return rounded(value) if value == value else None
    return value


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns in line, Chinese ones too: the first to the left, the others to the right. Empty without rows."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        blanks = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [row[0] + blanks[0], *(blank + cell for blank, cell in zip(blanks[1:], row[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return len(text) + sum(east_asian_width(each) in "WF" for each in text)


def machine_line(machine: Machine) -> str:
    """The machine in one line."""
    words = _("{cores} cores of {cpu}, {memory_mb} MB, {filesystem}, {system}, Python {python}, load before {load}")
    return words.format(**asdict(machine), load=machine.load_before)


def goal_lines(goals: Sequence[Goal]) -> str:
    """Each goal with what was seen."""
    rows = []
    for goal in goals:
        bound = f"{'>=' if goal.side == 'at least' else '<='} {goal.bound:g}"
        rows.append([goal.name, figure(goal.value), bound, _("reached") if goal.met else _("MISSED")])
    return table(rows)


def figure(value: float) -> str:
    """A figure as it stands in a table."""
    return "–" if value != value else f"{rounded(value):,g}"


def ingest(result: IngestResult) -> str:
    """The measurement of the whole path, as tables."""
    blocks = [
        machine_line(result.machine),
        _("{broker}; {rounds} rounds of {seconds:g} s; {beds} beds, {values} values a message").format(
            broker=result.broker,
            rounds=result.rounds,
            seconds=result.seconds,
            beds=result.beds,
            values=result.values_a_message,
        ),
    ]
    blocks += [_found(found) for found in result.found]
    blocks.append(goal_lines(result.goals))
    return "\n\n".join(blocks)


def peers(result: PeersResult) -> str:
    """The measurement of the peers, as a table."""
    rows = [
        ["", _("messages/s"), _("p50, ms"), _("p99, ms"), _("CPU, µs a message"), _("memory, MB"), _("Wardlink takes")]
    ]
    for each in result.measured:
        figures = (each.per_s, each.p50_ms, each.p99_ms, each.server_cpu_us, each.rss_mb)
        rows.append([each.name, *map(figure, figures), "" if each.name == "wardlink" else f"{figure(each.times)} x"])
    head = _("{broker}; {rounds} rounds of {seconds:g} s").format(
        broker=result.broker, rounds=result.rounds, seconds=result.seconds
    )
    return "\n\n".join(
        [machine_line(result.machine), head, table(rows), *result.left_out.values(), goal_lines(result.goals)]
    )


def screens(result: ScreensResult) -> str:
    """The measurement of the screens, as a table."""
    rows = [["", _("first paint, s"), _("times"), _("key to paint p50, ms"), _("times"), _("memory, MB")]]
    for each in result.screens:
        times = ("", "") if each.name == "empty" else (figure(each.first_paint_times), figure(each.key_times))
        rows.append(
            [each.name, figure(each.first_paint_s), times[0], figure(each.key_p50_ms), times[1], figure(each.rss_mb)]
        )
    head = _("A terminal of {terminal} cells; {rounds} rounds, {keys} keys in each").format(
        terminal=result.terminal, rounds=result.rounds, keys=result.keys
    )
    return "\n\n".join([machine_line(result.machine), head, table(rows), goal_lines(result.goals)])


def catch_up(result: CatchUpResult) -> str:
    """The measurement of the dead zone, as a table."""
    rows = [[_("commands that wait"), _("changes missed"), _("seconds until in step"), _("slowest"), _("commands/s")]]
    for each in result.caught_up:
        figures = (each.others, each.seconds, each.slowest_s, each.per_s)
        rows.append([f"{each.commands:,}", *map(figure, figures)])
    head = _("{broker}; {rounds} rounds").format(broker=result.broker, rounds=result.rounds)
    return "\n\n".join([machine_line(result.machine), head, table(rows), goal_lines(result.goals)])


def month(result: MonthResult) -> str:
    """The measurement of a cart with a month on its disk, as tables."""
    rows = [["", _("start, s"), _("opening a patient, ms"), _("slowest, ms"), _("disk, MB"), _("memory, MB")]]
    for each in result.carts:
        figures = (each.start_s, each.opened_ms, each.opened_slowest_ms, each.disk_mb, each.rss_mb)
        rows.append([each.name, *map(figure, figures)])
    times = (result.start_times, result.opened_times)
    rows.append([_("month / empty"), *map(figure, times), "", "", figure(result.rss_times)])
    head = _("{patients} patients, {days} days, {changes:,} changes; {rounds} rounds").format(
        patients=result.patients, days=result.days, changes=result.changes, rounds=result.rounds
    )
    hands = _("a usual set: {keys} keys, {seconds:.1f} s; a round with three drugs: {actions} actions, {round:.1f} s")
    seen = result.hands
    said = hands.format(keys=seen.vitals_keys, seconds=seen.vitals_s, actions=seen.round_actions, round=seen.round_s)
    return "\n\n".join([machine_line(result.machine), head, table(rows), said, goal_lines(result.goals)])


def alerts(result: AlertsResult) -> str:
    """The measurement of alerts, as a table."""
    rows = [[_("meanwhile"), _("alerts"), "p50, ms", "p99, ms", _("slowest, ms"), _("in step again after, s")]]
    for each in result.reached:
        step = figure(each.in_step_s) if each.in_step_s is not None else "-"
        rows.append(
            [_(each.meanwhile), str(each.alerts), *map(figure, (each.p50_ms, each.p99_ms, each.slowest_ms)), step]
        )
    return "\n\n".join([machine_line(result.machine), result.broker, table(rows), goal_lines(result.goals)])


def reconcile(result: ReconcileResult) -> str:
    """The measurement of a day's bills, as a table."""
    rows = [["", _("lines"), _("seconds"), _("the floor's"), _("times"), _("memory, MB"), _("differences")]]
    for each in result.compared:
        figures = (each.seconds, each.floor_s, each.times, each.rss_mb)
        rows.append([each.channel, f"{each.lines:,}", *map(figure, figures), f"{each.differences:,}"])
    return "\n\n".join([machine_line(result.machine), table(rows), goal_lines(result.goals)])


def settle(result: SettleResult) -> str:
    """The measurement of a long settlement, as a table."""
    rows = [["", _("lines"), _("seconds"), _("the floor's"), _("times")]]
    for each in result.settled:
        rows.append([each.way, f"{each.lines:,}", *map(figure, (each.seconds, each.floor_s, each.times))])
    return "\n\n".join([machine_line(result.machine), table(rows), goal_lines(result.goals)])


def kpis(result: KpisResult) -> str:
    """How soon the KPIs of a hospital are there, as a table."""
    rows = [["", _("wards"), _("days"), _("seconds"), _("the floor's"), _("times")]]
    for each in result.read:
        figures = map(figure, (each.seconds, each.floor_s, each.times))
        rows.append([each.engine, str(each.wards), str(each.days), *figures])
    said = [
        _("{engine}: the sums of {calls} calls, made anew from the facts: {seconds} s.").format(
            engine=engine, calls=f"{result.calls:,}", seconds=figure(seconds)
        )
        for engine, seconds in result.anew_s.items()
    ]
    waits = [["", _("wards"), _("days"), _("seconds"), _("the floor's"), _("times")]]
    for each in result.waits:
        waits.append(
            [each.engine, str(each.wards), str(each.days), *map(figure, (each.seconds, each.floor_s, each.times))]
        )
    told = (machine_line(result.machine), table(rows), "\n".join(said), _("Response times of calls and alerts:"))
    return "\n\n".join([*told, table(waits), goal_lines(result.goals)])


def medication(result: MedicationResult) -> str:
    """How soon medication safety of a hospital is there, as a table."""
    rows = [["", _("lines"), _("days"), _("seconds")]]
    rows += [[each.engine, each.line, str(each.days), figure(each.seconds)] for each in result.read]
    said = [
        _("{engine}: the sums of {doses} doses, made anew: {seconds} s.").format(
            engine=engine, doses=f"{result.doses:,}", seconds=figure(seconds)
        )
        for engine, seconds in result.anew_s.items()
    ]
    return "\n\n".join([machine_line(result.machine), table(rows), "\n".join(said), goal_lines(result.goals)])


def payments(result: PaymentsResult) -> str:
    """How soon notices are answered, as a table."""
    rows = [["", _("notices"), "p50, ms", "p99, ms", _("slowest, ms"), _("processor, ms each")]]
    for side in result.answered:
        figures = (side.p50_ms, side.p99_ms, side.slowest_ms, side.cpu_ms)
        rows.append([side.name, f"{side.notices:,}", *map(figure, figures)])
    said = _("{per_s} notices a second; p99 is {times} times the floor's.").format(
        per_s=result.per_s, times=figure(result.p99_times)
    )
    return "\n\n".join([machine_line(result.machine), table(rows), said, goal_lines(result.goals)])


def bedside(result: BedsideResult) -> str:
    """The measurement of the bed's screen, as a table."""
    rows = [
        ["", _("bed"), _("empty app")],
        [_("first paint, s"), figure(result.first_paint_s), figure(result.empty_first_paint_s)],
        [_("tap to another page, p50 ms"), figure(result.tap_p50_ms), figure(result.empty_key_ms)],
        [_("tap to another page, p95 ms"), figure(result.tap_p95_ms), ""],
    ]
    if result.browser_p50_ms is not None and result.browser_p95_ms is not None:
        rows.append([_("tap to change in Chromium, p50 ms"), figure(result.browser_p50_ms), ""])
        rows.append([_("tap to change in Chromium, p95 ms"), figure(result.browser_p95_ms), ""])
    parts = [machine_line(result.machine), table(rows)]
    if result.memory is not None:
        words = _(
            "{terminals} terminals: the server takes {server_mb:.0f} MB ({server_alone_mb:.0f} MB without them), a"
            " terminal {terminal_mb:.0f} MB of its own ({rss_mb:.0f} MB with what programs share)."
        )
        parts.append(words.format(**asdict(result.memory)))
    return "\n\n".join([*parts, goal_lines(result.goals)])


def board(result: BoardResult) -> str:
    """The measurement of the ward's board, as tables."""
    head = _("{broker}; {beds} beds on the board; under stress {per_s} sets a second came in").format(
        broker=result.broker, beds=result.beds, per_s=figure(result.sets_per_s)
    )
    parts = [machine_line(result.machine), head]
    if result.paint is not None:
        words = _("first whole picture: {ours} s; as a plain file {floor} s; {times} times")
        found = result.paint
        parts.append(words.format(ours=figure(found.ours_s), floor=figure(found.floor_s), times=figure(found.times)))
    if result.boards:
        rows = [["", _("boards"), _("cores without"), _("cores with"), _("added"), _("frames/s each"), _("KB/s each")]]
        for each in result.boards:
            figures = (each.without_cores, each.with_cores, each.added_cores, each.frames_per_s, each.kb_per_s)
            rows.append([_(each.load), str(each.boards), *map(figure, figures)])
        parts.append(table(rows))
    if result.shown:
        rows = [["", _("sent"), _("shown"), "p50, ms", "p99, ms", _("slowest, ms")]]
        for one in result.shown:
            times = map(figure, (one.p50_ms, one.p99_ms, one.slowest_ms))
            rows.append([f"{_(one.load)}: {_(one.what)}", f"{one.sent:,}", f"{one.shown:,}", *times])
        parts.append(table(rows))
    if result.lost:
        rows = [["", _("shown as silent after, s")]]
        parts.append(table([*rows, *([_(each.how), figure(each.seconds)] for each in result.lost)]))
    return "\n\n".join([*parts, goal_lines(result.goals)])


def bedside_day(result: DayResult) -> str:
    """The played day, in words and tables."""
    head = _("{hours:g} hours of the ward in {seconds:.0f} s, seed {seed}: {acts} acts").format(**asdict(result))
    pages = table([[_("page"), _("acts")], *([name, f"{n:,}"] for name, n in result.pages.items())])
    broken = table([[_("fault"), _("how often")], *([name, str(n)] for name, n in result.broken.items())])
    memory = _("memory {warm_mb:.0f} MB after the warm-up, {end_mb:.0f} MB at the end").format(**asdict(result))
    parts = [machine_line(result.machine), head, pages, broken, memory, *result.faults, goal_lines(result.goals)]
    return "\n\n".join(parts)


def _found(found: Found) -> str:
    title = _(
        "On {values:,} values ({ours:.0f} MB; the floor's {floor:.0f} MB), {delay:g} ms added to each commit"
    ).format(
        values=found.preload_values,
        ours=found.preload_mb.ours,
        floor=found.preload_mb.floor,
        delay=found.commit_delay_ms,
    )
    rows = [["", _("floor"), _("Wardlink"), _("ratio")]]
    for name, loaded in found.loads.items():
        rows += _loaded(name, loaded)
    rows.append(_row(_("memory, MB"), found.rss_mb))
    rows.append(_row(_("bytes a message on the disk"), found.bytes_a_message))
    return title + "\n" + table(rows)


def _loaded(name: str, loaded: Loaded) -> list[list[str]]:
    if name == "closed":
        return [
            _row(_("messages a second, as fast as receipts come"), loaded.per_s),
            _row(_("  CPU of the server, µs a message"), loaded.server_cpu_us),
            _row(_("  CPU of the broker, µs a message"), loaded.broker_cpu_us),
            _row(_("  CPU of the load, µs a message"), loaded.load_cpu_us),
        ]
    return [
        _row(_("receipt p50 at {per_s}/s, ms").format(per_s=name), loaded.p50_ms),
        _row(_("receipt p99 at {per_s}/s, ms").format(per_s=name), loaded.p99_ms),
        _row(_("  cores of the server"), loaded.server_cores),
    ]


def _row(name: str, pair: Pair) -> list[str]:
    return [name, figure(pair.floor), figure(pair.ours), figure(pair.ratio)]
