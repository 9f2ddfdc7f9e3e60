"""One patient: who, the newest values, curves, and every set with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.question import Question
from cart.screens.stay_page import StayPage
from cart.usecases.readings import NO_VALUE
from cart.usecases.trends import GROUPS, PERIODS, picture
from cart.usecases.vitals import STRIKE_REASONS, strike
from cart.usecases.words import BANDS, FORM_LABELS, SOURCES, age_text, due_text, time_text, word
from cart.widgets import set_lines
from cart.widgets.buttons import Button, Buttons
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.identity import Identity
from cart.widgets.ward_table import BAND_TONES
from wardlink.clinical.items import ITEMS
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain
from wardlink.terminal.curve import Curve

if TYPE_CHECKING:
    from datetime import datetime

    from cart.desk import Desk
    from cart.usecases.patient import Patient
    from cart.usecases.readings import Shown
    from cart.usecases.session import Session

_ = domain("cart").gettext

_ALWAYS = 5
"""So many curves have their button even when there is nothing to draw."""

_HIDDEN = ("temp_method", "o2_on")
"""Readings that are said beside another one."""

_PAIRS = {"sbp_mmhg": ("dbp_mmhg", N_("BP")), "abp_sbp_mmhg": ("abp_dbp_mmhg", N_("ABP"))}
"""Pressures of one measurement stand on one line, under the name of the pair."""


class PatientScreen(StayPage["Patient"]):
    """A patient's page."""

    KEYS: ClassVar = (
        Key("v", "vitals", N_("Vitals"), N_("Enter vital signs.")),
        Key("m", "medication", N_("Give drugs"), N_("The medication round at this bed.")),
        Key("o", "orders", N_("Orders"), N_("Orders of this patient: take over, check, see what is due.")),
        Key("c", "chart", N_("Chart"), N_("The temperature chart, week by week.")),
        Key("e", "ecg", N_("ECG"), N_("The ECG strips of this patient and what their reports say.")),
        Key("t", "tasks", N_("Tasks"), N_("What is due about this patient.")),
        Key("i", "fluids", N_("In/out"), N_("Intake and output: today's list, sums, a new entry.")),
        Key("g", "measure", N_("Measure"), N_("Glucose, pain, weight, height, girth: enter and look back.")),
        Key("a", "assess", N_("Assess"), N_("Assessments: falls, skin, daily living, clots, food, mind.")),
        Key(
            "r", "risks", N_("Risk"), N_("Risks of this patient and isolation: begin it, end it; what each sign means.")
        ),
        Key("q", "requests", None, N_("What this patient has asked for.")),
        Key("l", "lessons", None, N_("Health lessons: what the patient has read and understood; sign them.")),
        Key("k", "rehabilitation", None, N_("Rehabilitation: what the patient has done by the plan; confirm it.")),
        Key("x", "strike", N_("Strike"), N_("Strike out the set under the cursor, with a reason.")),
        Key("p", "period", N_("Period"), N_("Curves of 6 hours, 24 hours or 3 days.")),
        Key("d", "monitor", N_("Monitor"), N_("Show or hide the monitor's sets in the list.")),
        *(Key(str(n), f"group({n})", None, group.label) for n, group in enumerate(GROUPS, 1)),
        Key("left", "curve(-1)", None, N_("The curve before.")),
        Key("right", "curve(1)", None, N_("The next curve.")),
        Key("escape", "back", N_("Back"), N_("Back to the ward.")),
    )
    BINDINGS = bindings(KEYS)
    OPENED_AS = "patient"

    def __init__(self, encounter: str) -> None:
        super().__init__(encounter)
        self._group = 0
        self._period = 1
        self._with_monitor = False

    def body(self) -> Iterable[Widget]:
        """Who; values and curve; sets."""
        yield Identity(id="who")
        with Horizontal(id="patient-top"):
            yield Grid(id="latest", is_list=True)
            with Vertical(id="patient-curve"):
                yield Buttons(id="groups")
                yield Curve(id="curve")
        yield Grid(id="sets", follows_top=True)

    def on_mount(self) -> None:
        """Begin with the list of sets."""
        self.query_one("#sets", Grid).focus()

    def read_stay(self, desk: Desk) -> Patient | None:
        """What stands there now."""
        from cart.usecases.patient import read

        return read(desk.ward, desk.ward_list, self.encounter, desk.ward.clock.now())

    def show_stay(self, patient: Patient) -> None:
        """Fill the widgets."""
        now = self.desk.ward.clock.now()
        is_wide = self.app.size.width >= 110
        self.query_one(Identity).show(patient.stay, patient.others, now, patient.marks, patient.urgent)
        value_cells = 13 if is_wide else 11
        columns = (
            Column(_("Newest"), 8, grow=True),
            Column("", value_cells, "right"),
            Column(_("Age"), 9 if is_wide else 8, "right"),
        )
        latest = [*_score_lines(patient, now), *_latest_lines(patient, now)]
        self.query_one("#latest", Grid).show(columns, latest, empty=_("Nothing measured yet."))
        self._show_curve()
        sets = [s for s in patient.sets if self._with_monitor or s.source == "manual"] or list(patient.sets)
        lines = set_lines.lines(sets, patient.stay, now, is_wide)
        empty = _("No vital signs in the last three days. V enters the first.")
        self.query_one("#sets", Grid).show(set_lines.columns(is_wide), lines, empty=empty)

    def _show_curve(self) -> None:
        patient = self.found
        if patient is None:
            return
        now = self.desk.ward.clock.now()
        period, said = PERIODS[self._period]
        buttons = [
            Button(str(number), _(group.label), f"group({number})", active=number == self._group + 1)
            for number, group in enumerate(GROUPS, 1)
            if number <= _ALWAYS or any(key in patient.shown for key in group.keys)
        ]
        self.query_one("#groups", Buttons).show([Button("P", _(said), "period"), *buttons])
        group = GROUPS[self._group]
        self.query_one(Curve).show(picture(group, patient.sets, patient.shown, period, now))

    @on(Buttons.Pressed, "#groups")
    async def _group_pressed(self, event: Buttons.Pressed) -> None:
        await self.run_action(event.value)

    def action_group(self, number: int) -> None:
        """Show another curve."""
        self._group = number - 1
        self._show_curve()

    def action_curve(self, by: int) -> None:
        """The curve before or after."""
        self._group = (self._group + by) % len(GROUPS)
        self._show_curve()

    def action_period(self) -> None:
        """Another stretch of time."""
        self._period = (self._period + 1) % len(PERIODS)
        self._show_curve()

    def action_monitor(self) -> None:
        """Show or hide the monitor's sets."""
        self._with_monitor = not self._with_monitor
        self.show_again()

    def action_vitals(self) -> None:
        """Enter vital signs."""
        from cart.screens.vitals import VitalsScreen

        self.app.push_screen(VitalsScreen(self.encounter))

    def action_medication(self) -> None:
        """Open the medication round at this bed."""
        from cart.screens.medication import MedicationScreen

        self.app.push_screen(MedicationScreen(self.encounter))

    def action_orders(self) -> None:
        """Open the orders of this patient."""
        from cart.screens.orders import OrdersScreen

        self.app.push_screen(OrdersScreen(self.encounter))

    def action_chart(self) -> None:
        """Open the temperature chart."""
        from cart.screens.chart import ChartScreen

        self.app.push_screen(ChartScreen(self.encounter))

    def action_ecg(self) -> None:
        """Open the ECG strips of this patient."""
        from cart.screens.ecg import EcgListScreen

        self.app.push_screen(EcgListScreen(self.encounter))

    def action_requests(self) -> None:
        """Open what this patient has asked for."""
        from cart.screens.requests import RequestsScreen

        self.app.push_screen(RequestsScreen(self.encounter))

    def action_tasks(self) -> None:
        """Open what is due about this patient."""
        from cart.screens.tasks import TasksScreen

        self.app.push_screen(TasksScreen(self.encounter))

    def action_fluids(self) -> None:
        """Open intake and output."""
        from cart.screens.fluids import FluidsScreen

        self.app.push_screen(FluidsScreen(self.encounter))

    def action_measure(self) -> None:
        """Open the single measurements."""
        from cart.screens.measure import MeasureScreen

        self.app.push_screen(MeasureScreen(self.encounter))

    def action_assess(self) -> None:
        """Open the assessments of this patient."""
        from cart.screens.assess import AssessScreen

        self.app.push_screen(AssessScreen(self.encounter))

    def action_risks(self) -> None:
        """Open the risks, with the legend of all signs."""
        from cart.screens.risks import RisksScreen

        if self.found is not None:
            self.app.push_screen(RisksScreen(self.found.stay, self.found.risks))

    def action_lessons(self) -> None:
        """Open the health lessons of this patient."""
        from cart.screens.lessons import LessonsScreen

        self.app.push_screen(LessonsScreen(self.encounter))

    def action_rehabilitation(self) -> None:
        """Open the rehabilitation of this patient."""
        from cart.screens.rehabilitation import RehabilitationScreen

        self.app.push_screen(RehabilitationScreen(self.encounter))

    def action_back(self) -> None:
        """Back to the ward."""
        self.dismiss()

    def action_strike(self) -> None:
        """Ask why, then strike out the set under the cursor."""
        patient = self.found
        key = self.query_one("#sets", Grid).key
        found = next((s for s in patient.sets if s.id == key), None) if patient else None
        if patient is None or found is None:
            return
        if found.struck_at is not None:
            self.notify(_("This set is already struck out."), severity="warning")
            return

        def asked() -> str:
            at = time_text(found.measured_at, self.desk.ward.clock.now())
            said = _("Strike out the set of {at}, {name}? It stays readable.")
            return said.format(at=at, name=plain(patient.stay.name))

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._strike(patient, found.id, reason, self.session)

        options = tuple((_(text), text) for text in STRIKE_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _strike(self, patient: Patient, vitals_id: str, reason: str, session: Session) -> None:
        strike(self.desk.ward, session, patient.stay, vitals_id, reason)
        self.desk.ward_list.forget([self.encounter])
        self.ward_changed()


def _score_lines(patient: Patient, now: datetime) -> list[Line]:
    lines = []
    score = patient.measured.score
    if score is not None:
        is_old = score.is_old(now)
        band = word(BANDS, score.band) if score.band is not None else _("part")
        tone = "dim" if is_old or score.band is None else BAND_TONES[score.band]
        age = age_text(now - score.found.measured_at) + (" " + _("old") if is_old else "")
        text = NO_VALUE if score.text == "≥0" else score.text
        cells = (Cell("NEWS2", "strong"), Cell(f"{text} {band}", tone), Cell(age, "warn" if is_old else "dim"))
        lines.append(Line("news2", cells))
    due_at = next((one.due_at for one in patient.due if one.code == "vitals"), None)
    if due_at is not None:
        late = Cell(_("now!") if due_at <= now else "", "warn")
        lines.append(Line("due", (Cell(_("Next")), Cell(due_text(due_at, now)), late)))
    return lines


def _latest_lines(patient: Patient, now: datetime) -> list[Line]:
    """Leads that are off come first: they must not lie below the edge of a small screen."""
    readings = patient.shown
    pairs = [(readings.get(top), readings.get(low)) for top, (low, _label) in _PAIRS.items()]
    beside = {*_HIDDEN, *(low.key for top, low in pairs if top and low and _is_pair(top, low))}
    found = [readings[key] for key in ITEMS if key in readings and key not in beside]
    return [_latest_line(shown, patient, now) for shown in sorted(found, key=lambda shown: not shown.off)]


def _is_pair(sbp: Shown, dbp: Shown) -> bool:
    return sbp.measured_at == dbp.measured_at and not sbp.off and not dbp.off


def _latest_line(shown: Shown, patient: Patient, now: datetime) -> Line:
    item = ITEMS[shown.key]
    label, text = word(FORM_LABELS, shown.key), shown.text
    low, pair = _PAIRS.get(shown.key, ("", ""))
    if (dbp := patient.shown.get(low)) is not None and _is_pair(shown, dbp):
        label, text = _(pair), f"{shown.text}/{dbp.text}"
    if shown.key == "temp_c" and (method := patient.shown.get("temp_method")) is not None:
        label = method.text
    tone = "dim" if shown.stale else "strong"
    value = Cell(f"{text} {item.unit}".strip(), tone)
    if shown.off:
        value = Cell(_("lead off"), "warn")
    age = age_text(shown.age(now))
    if shown.stale and not shown.off:
        age = age + " " + _("old")
    source = word(SOURCES, shown.source) if shown.source == "monitor" else ""
    label_cell = Cell(f"{label} {source}".rstrip() + (" *" if shown.pending else ""), "plain")
    return Line(shown.key, (label_cell, value, Cell(age, "warn" if shown.stale or shown.off else "dim")))
