"""What patients have asked for at their beds: accepted, begun, done with an answer, or not possible with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.usecases.requests import (
    ANSWERS,
    REASONS,
    accept,
    begin,
    complete,
    family_names,
    open_requests,
    reject,
    standing_text,
)
from cart.usecases.words import age_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.clinical.requests.states import after
from wardlink.i18n import N_, domain
from wardlink.messages.request_words import what_text
from wardlink.messages.requests import RequestView
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward

_ = domain("cart").gettext


class RequestsScreen(ListPage[RequestView]):
    """What is urgent comes first. `encounter`: of one patient only."""

    GRID = "requests"
    HEADING = N_("Requests of patients and questions about the bill")
    NOTHING = N_("Nobody waits for anything.")
    KEYS: ClassVar = (
        Key("enter,a", "accept", N_("Accept"), N_("See to it: the patient reads your name.")),
        Key("b", "begin", N_("Begin"), N_("It is being done; the patient can no longer cancel it.")),
        Key("f", "finish", N_("Done"), N_("It is done; a question is answered in words.")),
        Key("x", "reject", N_("Not possible"), N_("It is not possible: say why, the patient reads it.")),
        Key("o", "open", N_("Patient"), N_("Open the patient who asks.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def __init__(self, encounter: str | None = None) -> None:
        super().__init__()
        self.encounter = encounter

    def read(self, ward: Ward) -> tuple[list[RequestView], dict[str, str]]:
        """What waits, and names: of patients by stay, of family by consent."""
        names = {stay.id: stay.name for stay in ward.replica.encounters()}
        return open_requests(ward.replica, self.encounter), names | family_names(ward.replica)

    def columns(self) -> tuple[Column, ...]:
        """Whose, what, how long, and how far."""
        return (
            Column("", 4),
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 10),
            Column(_("What"), 28, grow=True),
            Column(_("Waiting"), 8, "right"),
            Column(_("State"), 22),
        )

    def line(self, view: RequestView, now: datetime) -> Line:
        """One request; loud where it is urgent."""
        return Line(
            view.id,
            (
                Cell(_("urg.") if view.urgent else "", "alarm"),
                Cell(view.bed or "", "strong"),
                Cell(plain(self.name_of(view.encounter)), "strong"),
                Cell(self._what(view), "alarm" if view.urgent else "plain"),
                Cell(age_text(now - view.requested_at)),
                Cell(standing_text(view), "warn" if view.state == "requested" else "good"),
            ),
        )

    def _what(self, view: RequestView) -> str:
        """What it is; with who of the family has asked for it."""
        family = self.name_of(view.by.id) if view.by.kind == "family" else ""
        return " · ".join(part for part in (plain(what_text(view)), plain(family)) if part)

    def chosen(self, view: RequestView) -> None:
        """See to it."""
        self.action_accept()

    def action_accept(self) -> None:
        """Accept what is under the cursor, if nobody has."""
        view = self.here
        if view is not None and after(view.state, "accept") is not None:
            self.do(lambda ward, session: accept(ward, session, view))

    def action_begin(self) -> None:
        """Say that it is being done."""
        view = self.here
        if view is not None and after(view.state, "begin") is not None:
            self.do(lambda ward, session: begin(ward, session, view))

    def action_finish(self) -> None:
        """Say that it is done; answer a question."""
        view = self.here
        if view is None:
            return
        if view.category != "query":
            self.do(lambda ward, session: complete(ward, session, view))
            return

        def asked() -> str:
            return _("Bed {bed}: {what}\nWhat do you answer? The patient reads it.").format(
                bed=view.bed or "", what=plain(what_text(view))
            )

        self.ask(asked, ANSWERS, lambda answer: lambda ward, session: complete(ward, session, view, answer))

    def action_reject(self) -> None:
        """Ask why it is not possible."""
        view = self.here
        if view is None:
            return

        def asked() -> str:
            return _("Bed {bed}: {what}\nWhy is it not possible? The patient reads it.").format(
                bed=view.bed or "", what=plain(what_text(view))
            )

        self.ask(asked, REASONS, lambda reason: lambda ward, session: reject(ward, session, view, reason))

    def action_open(self) -> None:
        """Open the patient."""
        view = self.here
        if view is not None:
            self.open_patient(view.encounter)
