"""Alerts: what asks for a person, who has it, and whom it goes to next. Taken, handed on, dealt with from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.screens.question import Question
from cart.usecases.alerts import (
    HAND_ON_REASONS,
    HAND_ON_TO,
    OUTCOMES,
    REFUSALS,
    accept,
    arrive,
    hand_on,
    open_alerts,
    refuse,
    resolve,
)
from cart.usecases.words import seconds_text
from cart.widgets.grid import Cell, Column, Grid, Line
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.alert_words import STATES, detail_text, event_text, marked, role_text, title
from wardlink.record.alerts import ALERT
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.alerts import AlertView

_ = domain("cart").gettext
_words = domain("wardlink").gettext

MINUTES = (1, 2, 3, 5)
STORY_LINES = 6


class AlertsScreen(ListPage["AlertView"]):
    """What nobody has yet comes first; below the list stands the story of the one under the cursor."""

    GRID = "alerts"
    HEADING = N_("Alerts. 1 2 3 5: take it, there in so many minutes.")
    NOTHING = N_("No alert is open.")
    KEYS: ClassVar = (
        *(Key(str(n), f"take({n})", None, N_("Take the alert; there in so many minutes.")) for n in MINUTES),
        Key("t,enter", "take(3)", N_("Take, 3 min"), N_("Take the alert; there in three minutes.")),
        Key("x", "refuse", N_("Cannot"), N_("Say that it must be somebody else, and why.")),
        Key("h", "hand_on", N_("Hand on"), N_("Give it to another role besides.")),
        Key("a", "arrive", N_("I am there"), N_("Say that you are at the bed.")),
        Key("r", "resolve", N_("Done"), N_("End the alert with what was done.")),
        Key("o", "open", N_("Patient"), N_("Open the patient it is about.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def body(self) -> Iterable[Widget]:
        """A heading, the list, and the story of one."""
        yield from super().body()
        yield Static(id="alert-story", markup=False)

    def on_mount(self) -> None:
        """Begin with the list; the story follows the cursor."""
        self.watch(self.query_one(Grid), "cursor", self._show_story, init=False)

    def read(self, ward: Ward) -> tuple[list[AlertView], dict[str, str]]:
        """The open alerts, and names by stay."""
        names = {stay.id: stay.name for stay in ward.replica.encounters()}
        return open_alerts(ward.replica.records(ALERT)), names

    def columns(self) -> tuple[Column, ...]:
        """How grave, where, what, how long, and who has it."""
        return (
            Column("", 3),
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 10),
            Column(_("What"), 26, grow=True),
            Column(_("Waiting"), 7),
            Column(_("State"), 24),
        )

    def line(self, view: AlertView, now: datetime) -> Line:
        """One alert; loud until somebody has it."""
        tone = "plain" if view.state != "offered" else "alarm" if view.priority == "high" else "warn"
        what = " ".join(part for part in (title(view), detail_text(view)) if part)
        return Line(
            view.id,
            (
                Cell(marked(view), tone),
                Cell(view.bed or "", "strong"),
                Cell(plain(self.name_of(view.encounter)), "strong"),
                Cell(plain(what)),
                Cell(seconds_text(now - view.raised_at), tone),
                Cell(plain(state_text(view)), "warn" if view.state == "offered" else "good"),
            ),
        )

    def show(self) -> None:
        """The list, and the story of the one under the cursor."""
        super().show()
        self._show_story()

    def _show_story(self) -> None:
        if self.query("#alert-story"):
            view = self.here
            self.query_one("#alert-story", Static).update("\n".join([] if view is None else story(view)))

    def chosen(self, view: AlertView) -> None:
        """Take it, if nobody has it."""
        if view.state == "offered":
            self.action_take(3)

    def action_take(self, eta_min: int) -> None:
        """Take the alert under the cursor."""
        view = self.here
        if view is not None:
            self.do(lambda ward, session: accept(ward, session, view, eta_min))

    def action_refuse(self) -> None:
        """Ask why, and say that it must be somebody else."""
        self._ask(_REFUSED, REFUSALS, lambda view, reason: lambda w, s: refuse(w, s, view, reason))

    def action_arrive(self) -> None:
        """Say that somebody is there."""
        view = self.here
        if view is not None:
            self.do(lambda ward, session: arrive(ward, session, view))

    def action_resolve(self) -> None:
        """Ask what was done, and end the alert."""
        self._ask(_RESOLVED, OUTCOMES, lambda view, outcome: lambda w, s: resolve(w, s, view, outcome))

    def action_hand_on(self) -> None:
        """Ask to whom and why."""
        view = self.here
        if view is None:
            return

        def answered(to: str | None) -> None:
            if to is not None:
                self._ask(_HANDED_ON, HAND_ON_REASONS, lambda v, why: lambda w, s: hand_on(w, s, v, to, why))

        roles = tuple((role, role) for role in HAND_ON_TO if role not in view.offered_to)
        if not roles:
            self.notify(_("Everybody has this alert already."), severity="warning")
            return
        self.app.push_screen(Question(lambda: _("Hand it on to whom?"), roles, translate=role_text), answered)

    def _ask(
        self,
        asked: str,
        options: Iterable[str],
        deed: Callable[[AlertView, str], Callable[[Ward, Session], object]],
    ) -> None:
        view = self.here
        if view is not None:
            self.ask(lambda: _(asked), options, lambda words: deed(view, words))

    def action_open(self) -> None:
        """Open the patient it is about."""
        view = self.here
        if view is not None:
            self.open_patient(view.encounter)


_REFUSED = N_("Why can you not see to it?")
_RESOLVED = N_("What was done?")
_HANDED_ON = N_("Why do you hand it on?")


def state_text(view: AlertView) -> str:
    """Who has it, or to whom it is offered."""
    if view.state == "offered":
        last = role_text(view.offered_to[-1]) if view.offered_to else ""
        return _("offered to: {role}").format(role=last)
    who = view.accepted_name or view.arrived_name or ""
    if view.state == "accepted":
        eta = _("there in {n} min").format(n=view.eta_min) if view.eta_min is not None else ""
        return " · ".join(part for part in (_("taken by {name}").format(name=who), eta) if part)
    if view.state == "arrived":
        return _("{name} is there").format(name=view.arrived_name or who)
    return _words(STATES[view.state])


def story(view: AlertView) -> list[str]:
    """Its last steps, each with the time of the ward's day; what the server adds when nobody answers comes last."""
    told = [
        f"{ward_time(event.at):%H:%M:%S}  {plain(event_text(view, index))}" for index, event in enumerate(view.events)
    ]
    told = told[-STORY_LINES:]
    if view.answer_by_at is not None and view.state in ("offered", "accepted"):
        at = f"{ward_time(view.answer_by_at):%H:%M:%S}"
        told.append(f"{at}  " + _("offered to more people if nobody comes"))
    return told
