"""What is asked before something is marked on the temperature chart, or struck out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast, get_args

from cart.screens.question import Question
from cart.usecases import chart as charts
from cart.usecases.draft import NOT_A_TIME, Draft, measured_at
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.chart_events import Marked
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.screens.chart import ChartScreen
    from cart.usecases.chart import Chart
    from wardlink.clinical.temperature_chart.page import Page

_ = domain("cart").gettext

_MOST = 9
"""So many can be chosen by one digit."""


def ask_mark(screen: ChartScreen, chart: Chart) -> None:
    """Ask what happened and when, then write it down."""

    def asked() -> str:
        return _("Mark on the chart of {name}:").format(name=plain(chart.stay.name))

    def what(answer: str | None) -> None:
        if answer in get_args(Marked):
            _ask_when(screen, chart, cast(Marked, answer))

    screen.app.push_screen(Question(asked, tuple(charts.MARKED.items())), what)


def _ask_when(screen: ChartScreen, chart: Chart, what: Marked) -> None:
    now = screen.desk.ward.clock.now()

    def asked() -> str:
        return _("{what}: when?").format(what=_(charts.MARKED[what]))

    def when(answer: str | None) -> None:
        if answer is None:
            return
        at = now if answer == "now" else measured_at(Draft(at=answer), now)
        wrong = charts.wrong_time(at, chart.stay, now)
        if at is None:
            screen.notify(_(NOT_A_TIME).format(typed=answer[:20]), severity="warning")
        elif wrong is not None:
            screen.notify(_(wrong), severity="warning")
        else:
            _record(screen, chart, what, at)
            return
        _ask_when(screen, chart, what)

    options = (("now", N_("now")),)
    screen.app.push_screen(Question(asked, options, other=N_("another time, as 14:30 or 11-23 14:30")), when)


def _record(screen: ChartScreen, chart: Chart, what: Marked, at: datetime) -> None:
    ward, session = screen.desk.ward, screen.session
    screen.save(lambda: charts.record(ward, session, chart.stay, what, at), _("Marked and saved."))


def ask_plot(screen: ChartScreen, chart: Chart, page: Page, column: int) -> None:
    """Ask which of the sets of a column stands on the chart."""
    found = {one.id: one for one in chart.sets_in(page, column)[:_MOST]}
    if len(found) < 2:
        screen.notify(_("Only where several sets were taken within a column there is a choice."))
        return
    ward, session = screen.desk.ward, screen.session

    def which(answer: str | None) -> None:
        if answer in found:
            screen.save(lambda: charts.plot(ward, session, chart, found[answer], page, column), _("Marked and saved."))

    options = tuple((key, charts.set_text(one)) for key, one in found.items())
    asked = Question(lambda: _("Which set stands in this column?"), options, translate=str)
    screen.app.push_screen(asked, which)


def ask_strike(screen: ChartScreen, chart: Chart, page: Page) -> None:
    """Ask which of this week's marks is wrong and why, then strike it out."""
    marked = [event for event in chart.marked_in(page) if event.struck_at is None][:_MOST]
    if not marked:
        screen.notify(_("Nothing is marked this week. Vital signs are struck out on the patient's page."))
        return
    texts = {event.id: f"{ward_time(event.at):%m-%d %H:%M} {charts.mark_word(event.what)}" for event in marked}

    def which(event: str | None) -> None:
        if event is not None:
            _ask_why(screen, chart, event, texts[event])

    asked: Callable[[], str] = lambda: _("Which one is wrong? It stays readable.")  # noqa: E731
    screen.app.push_screen(Question(asked, tuple(texts.items()), is_grave=True, translate=str), which)


def _ask_why(screen: ChartScreen, chart: Chart, event: str, said: str) -> None:
    ward, session = screen.desk.ward, screen.session

    def why(reason: str | None) -> None:
        if reason is not None:
            screen.save(lambda: charts.strike(ward, session, chart.stay, event, reason), _("Struck out."))

    options = tuple((_(text), text) for text in charts.STRIKE_REASONS)
    asked = Question(
        lambda: _("Why is it wrong: {what}").format(what=said), options, other=N_("another reason"), is_grave=True
    )
    screen.app.push_screen(asked, why)
