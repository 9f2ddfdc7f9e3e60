"""A dose on a doctor's word, in a rescue: said, repeated, given, and written down at once with a second nurse."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cart.screens.question import Question
from cart.screens.witness import WitnessScreen
from cart.usecases import verbal
from cart.usecases.dose_words import STRIKE_REASONS
from cart.usecases.drug_codes import Pack
from cart.usecases.verbal import Said
from cart.widgets.buttons import Button, Buttons
from wardlink.clinical.routes import route_written
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from cart.screens.medication import MedicationScreen
    from cart.usecases.session import Session
    from wardlink.messages.verbal import VerbalView

_ = domain("cart").gettext

_FIELDS = (("drug", N_("Drug")), ("dose", N_("Dose")), ("unit", N_("Unit")), ("route", N_("Way")))


class VerbalOrder(ModalScreen["Said | None"]):
    """The answer is what was said; None: taken back. A pack that is scanned fills in the drug."""

    BINDINGS: ClassVar = [("escape", "take_back")]

    def __init__(self) -> None:
        super().__init__()
        self._typed = dict.fromkeys((key for key, _label in _FIELDS), "")
        self._pack: Pack | None = None

    def compose(self) -> ComposeResult:
        """A field a row, and the ways that may be typed."""
        ways = "  ".join(f"{code} {label}" for code, label in verbal.route_keys())
        with Vertical(id="question", classes="-grave"):
            yield Static(_("Verbal order, in a rescue only. Scan the pack or type the drug."), id="question-text")
            for key, label in _FIELDS:
                with Horizontal(classes="sign-in-row"):
                    yield Static(_(label), classes="sign-in-label", markup=False)
                    yield Input(value=self._typed[key], id=f"verbal-{key}", max_length=40, compact=True)
            yield Static(ways, markup=False)
            yield Static("", id="verbal-said", markup=False)
            yield Buttons([Button("⏎", _("Enter"), "enter"), Button("Esc", _("Back"), "back")], id="question-end")

    def on_mount(self) -> None:
        """Begin with the drug."""
        self.query_one("#verbal-drug", Input).focus()

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()
        self.on_mount()

    def pack_scanned(self, pack: Pack) -> bool:
        """The drug's pack: its name stands in the field; whether it is known."""
        drug = verbal.drug_of("", pack.gtin)
        if drug is None:
            return False
        self._pack = pack
        self.query_one("#verbal-drug", Input).value = verbal.name_of(drug)
        self.query_one("#verbal-dose", Input).focus()
        return True

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._typed[(event.input.id or "").removeprefix("verbal-")] = event.value

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._go_on()

    @on(Buttons.Pressed)
    def _pressed(self, event: Buttons.Pressed) -> None:
        self._go_on() if event.value == "enter" else self.action_take_back()

    def on_key(self, event: events.Key) -> None:
        """Down and up walk between the fields."""
        if event.key in ("down", "up"):
            event.stop()
            self.focus_next(Input) if event.key == "down" else self.focus_previous(Input)

    def _go_on(self) -> None:
        fields = [self.query_one(f"#verbal-{key}", Input) for key, _label in _FIELDS]
        here = fields.index(self.focused) if isinstance(self.focused, Input) else len(fields) - 1
        for field, (key, label) in zip(fields[: here + 1], _FIELDS, strict=False):
            if not self._is_right(key):
                said = _("{label}: this cannot be right.").format(label=_(label))
                self.query_one("#verbal-said", Static).update("✖ " + said)
                field.focus()
                return
        self.query_one("#verbal-said", Static).update("")
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self.dismiss(self._said())

    def _is_right(self, key: str) -> bool:
        text = self._typed[key].strip()
        match key:
            case "dose":
                return _number(text) is not None
            case "route":
                return route_written(text) is not None
            case "unit":
                return 0 < len(text) <= 20
        return bool(text)

    def _said(self) -> Said | None:
        dose, route = _number(self._typed["dose"]), route_written(self._typed["route"])
        if dose is None or route is None:
            return None
        name = self._typed["drug"].strip()
        drug = verbal.drug_of(name)
        scanned = self._pack if drug is not None and self._pack and self._pack.gtin in drug.gtins else None
        return Said(name, dose, self._typed["unit"].strip(), route, drug, scanned.text if scanned else None)

    def action_take_back(self) -> None:
        """Nothing was said."""
        self.dismiss(None)


def begin(screen: MedicationScreen) -> None:
    """Enter a new one, or strike out one of the last hours."""
    now = screen.now()
    struck = {view.id: view for view in verbal.may_be_struck(screen.bed.verbal, now)}
    if not struck:
        _ask_said(screen)
        return

    def picked(answer: str | None) -> None:
        if answer == "new":
            _ask_said(screen)
        elif answer is not None:
            _ask_strike(screen, struck[answer])

    options = [("new", _("a new verbal order"))]
    options += [
        (key, _("strike out: {what}").format(what=verbal.verbal_text(view, now))) for key, view in struck.items()
    ]
    screen.app.push_screen(Question(lambda: _("Verbal orders"), options, translate=str), picked)


def _ask_said(screen: MedicationScreen) -> None:
    def answered(said: Said | None) -> None:
        if said is not None:
            _ask_doctor(screen, said)

    screen.app.push_screen(VerbalOrder(), answered)


def _ask_doctor(screen: MedicationScreen, said: Said) -> None:
    found = {one.id: one.name for one in verbal.doctors(screen.desk.ward.replica, screen.bed.stay)}

    def answered(who: str | None) -> None:
        if who is not None:
            _ask_read_back(screen, said, who if who in found else None, found.get(who, who))

    question = Question(
        lambda: _("Who said it: {what}?").format(what=said.text()),
        list(found.items()),
        other=N_("another doctor"),
        translate=str,
    )
    screen.app.push_screen(question, answered)


def _ask_read_back(screen: MedicationScreen, said: Said, doctor: str | None, name: str) -> None:
    def asked() -> str:
        text = _("Read it back to {doctor}: {what}. Confirmed and given?")
        return text.format(doctor=name, what=said.text())

    def answered(word: str | None) -> None:
        if word == "yes":
            _ask_second(screen, said, doctor, name)

    options = (("yes", N_("Yes: read back, confirmed, given")), ("no", N_("No: nothing was given")))
    screen.app.push_screen(Question(asked, options, is_grave=True), answered)


def _ask_second(screen: MedicationScreen, said: Said, doctor: str | None, name: str) -> None:
    ward, session, stay = screen.desk.ward, screen.session, screen.bed.stay

    def signed(second: Session | None) -> None:
        if second is not None:
            witness = second.staff.id
            screen.record(
                lambda: verbal.give(ward, session, stay, said, doctor=doctor, doctor_name=name, witness=witness),
                _("Given and saved. {doctor} is asked to write the order.").format(doctor=name),
            )

    screen.app.push_screen(WitnessScreen(said.text), signed)


def _ask_strike(screen: MedicationScreen, view: VerbalView) -> None:
    ward, session, stay = screen.desk.ward, screen.session, screen.bed.stay

    def asked() -> str:
        return _("Strike out: {what}? It stays readable.").format(what=verbal.verbal_text(view, screen.now()))

    def answered(reason: str | None) -> None:
        if reason is not None:
            screen.record(lambda: verbal.strike(ward, session, stay, view, reason), _("Saved."))

    options = tuple((_(text), text) for text in STRIKE_REASONS)
    screen.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", ".").replace("。", "."))
    except ValueError:
        return None
    return value if 0 < value <= 1_000_000 else None
