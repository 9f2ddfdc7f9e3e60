"""The temperature chart (体温单) of a patient, week by week; operations, absences and coolings are marked here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.stay_page import StayPage
from cart.usecases import chart as charts
from cart.widgets.chart import TemperatureChart
from cart.widgets.chart_legend import legend, legend_lines
from cart.widgets.identity import Identity
from cart.widgets.lines import Lines
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from cart.desk import Desk
    from cart.usecases.chart import Chart
    from wardlink.clinical.temperature_chart.page import Page

_ = domain("cart").gettext

_SIDE = 24
"""Cells of the panel beside the chart."""


class ChartScreen(StayPage["Chart"]):
    """One week at a time; the column under the cursor says its numbers below."""

    KEYS: ClassVar = (
        Key("pageup", "week(-1)", N_("Week before"), N_("The page of the week before.")),
        Key("pagedown", "week(1)", N_("Next week"), N_("The page of the next week.")),
        Key("n", "mark", N_("Mark"), N_("Mark an operation, an absence, a cooling … at its time.")),
        Key("t", "plot", N_("Which set"), N_("Say which set of this column stands on the chart.")),
        Key("x", "strike", N_("Strike"), N_("Strike out something that was marked, with a reason.")),
        Key("v", "vitals", N_("Vitals"), N_("Enter vital signs.")),
        Key("left", "column(-1)", None, N_("The column before; its numbers are said below the chart.")),
        Key("right", "column(1)", None, N_("The next column.")),
        Key("up", "scroll(-1)", None, N_("Further up.")),
        Key("down", "scroll(1)", None, N_("Further down: respiration, pressures, totals, symbols.")),
        Key("escape", "back", N_("Back"), N_("Back to the patient.")),
    )
    BINDINGS = bindings(KEYS)
    OPENED_AS = "temperature-chart"
    AGES = False

    def __init__(self, encounter: str) -> None:
        super().__init__(encounter)
        self._week = 0
        self._column = 0

    def body(self) -> Iterable[Widget]:
        """Who; which week; the chart and its symbols; a column in words."""
        yield Identity(id="who")
        yield Lines(id="chart-week")
        with Horizontal(id="chart-middle"):
            yield TemperatureChart(id="chart")
            yield Lines(id="chart-side")
        yield Lines(id="chart-column")

    def on_mount(self) -> None:
        """Begin with the chart."""
        self.query_one(TemperatureChart).focus()

    def read_stay(self, desk: Desk) -> Chart | None:
        """What stands there now."""
        return charts.read(desk.ward.replica, self.encounter, desk.ward.clock.now())

    def was_read(self, chart: Chart) -> None:
        """The first time, begin with the week and the column of now."""
        if self._week == 0:
            self._week = chart.weeks
            self._column = charts.column_now(chart.page(self._week), self.desk.ward.clock.now())

    def show_stay(self, chart: Chart) -> None:
        """Fill the widgets."""
        page = chart.page(self._week)
        is_wide = self.size.width >= 110
        self.query_one(Identity).show(chart.stay, chart.others, self.desk.ward.clock.now())
        self.query_one("#chart-week", Lines).say(_week_line(page))
        more = [] if is_wide else legend_lines(self.size.width, _flows_since(page))
        self.query_one(TemperatureChart).show(page, self._column, more)
        self.query_one("#chart-side", Lines).say(legend(self._marked(chart, page), _flows_since(page)))
        self.query_one("#chart-column", Lines).say(_column_line(chart, page, self._column))

    def _marked(self, chart: Chart, page: Page) -> list[Content]:
        lines = []
        for event in chart.marked_in(page):
            pending = "*" if event.id in chart.unsent else ""
            text = clip(f"{ward_time(event.at):%m-%d %H:%M} {charts.mark_word(event.what)}{pending}", _SIDE)
            struck = event.struck_at is not None
            lines.append(Content.styled(text, "#8f989f strike") if struck else Content(text))
        return lines

    @on(TemperatureChart.Tapped)
    def _tapped(self, event: TemperatureChart.Tapped) -> None:
        self._column = event.column
        self.show_again()

    def action_week(self, by: int) -> None:
        """The page before or after."""
        chart = self.found
        if chart is None:
            return
        if not 1 <= self._week + by <= chart.weeks:
            self.notify(_("There is no other week on this side."))
            return
        self._week += by
        self._column = charts.column_now(chart.page(self._week), self.desk.ward.clock.now())
        self.show_again()

    def action_column(self, by: int) -> None:
        """The column before or after, also of the week beside this one."""
        chart = self.found
        if chart is None:
            return
        columns = chart.page(self._week).columns
        column = self._column + by
        if not 0 <= column < columns:
            if not 1 <= self._week + by <= chart.weeks:
                return
            self._week += by
            column %= columns
        self._column = column
        self.show_again()

    def action_scroll(self, by: int) -> None:
        """Lines below the dates."""
        self.query_one(TemperatureChart).scroll_lines(2 * by)

    def action_vitals(self) -> None:
        """Enter vital signs."""
        from cart.screens.vitals import VitalsScreen

        self.app.push_screen(VitalsScreen(self.encounter))

    def action_mark(self) -> None:
        """Ask what happened, and when."""
        from cart.screens.chart_marks import ask_mark

        if self.found is not None:
            ask_mark(self, self.found)

    def action_plot(self) -> None:
        """Ask which of several sets stands in this column."""
        from cart.screens.chart_marks import ask_plot

        if self.found is not None:
            ask_plot(self, self.found, self.found.page(self._week), self._column)

    def action_strike(self) -> None:
        """Ask which mark is wrong, and why."""
        from cart.screens.chart_marks import ask_strike

        if self.found is not None:
            ask_strike(self, self.found, self.found.page(self._week))

    @work(thread=True, exit_on_error=False)
    def save(self, write: Callable[[], object], said: str) -> None:
        """Write to this cart's disk, and say so."""
        write()
        self.app.call_from_thread(self.notify, said)
        self.ward_changed()

    def action_back(self) -> None:
        """Back to the patient."""
        self.dismiss()


def _column_line(chart: Chart, page: Page, column: int) -> Content:
    """What a column says; what was struck out of it stays readable behind it."""
    parts = [Content(charts.told(page, column))]
    parts += [
        Content.assemble("  * ", (charts.set_text(found), "#9fb4c4 strike"), f" {plain(found.struck_reason or '')}")
        for found in chart.struck_in(page, column)
    ]
    return Content("").join(parts)


def _flows_since(page: Page) -> str:
    since = page.flows_known_since
    said = _("In and out: added up here from {date} on")
    return "" if since is None else said.format(date=f"{since:%m-%d}")


def _week_line(page: Page) -> Content:
    parts: list[Content | str | tuple[str, str]] = [
        (_("Temperature chart"), "bold"),
        "  ",
        _("page {n} of {all}").format(n=page.week, all=page.weeks),
        f"  {page.days[0]:%Y-%m-%d} — {page.days[-1]:%m-%d}  ",
        (_("←→ column  ↑↓ further"), "#9fb4c4"),
    ]
    if page.is_empty:
        parts.append(("  " + _("Nothing measured this week."), "#ffd75f"))
    if page.known_since is not None:
        said = _("This cart knows it from {date} on; the whole chart is at the desk.")
        parts.append(("  ⚠ " + said.format(date=f"{page.known_since:%m-%d}"), "#ffd75f"))
    if page.revised:
        parts.append(("  " + _("{n} struck out").format(n=len(page.revised)), "#ffd75f"))
    return Content.assemble(*parts)
