"""What is asked before a patient is isolated, and before an isolation ends or is struck out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cart.screens.question import Question
from cart.usecases import isolation as isolations
from cart.usecases.words import time_text
from wardlink.clinical.isolation import precautions
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.app import CartApp
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.isolations import IsolationView

_ = domain("cart").gettext

Then = Callable[[Callable[[], object], str], None]
"""Saves, and says so."""


def ask_begin(cart: CartApp, stay: EncounterView, held: Sequence[IsolationView], then: Then) -> None:
    """Ask how and why, then write it down."""
    desk = cart.desk
    free = isolations.free_to_begin(held)
    if desk is None or desk.session is None:
        return
    if not free:
        cart.notify(_("Every kind of isolation holds already."), severity="warning")
        return
    ward, session = desk.ward, desk.session

    def how(answer: str | None) -> None:
        if answer in free:
            precaution = answer
            asked = _("{mark} of {name}: why?")

            def why(reason: str | None) -> None:
                if reason is not None:
                    then(
                        lambda: isolations.begin(ward, session, stay, precaution, reason), _("Isolation begun, saved.")
                    )

            cart.push_screen(
                Question(
                    lambda: asked.format(mark=precautions()[precaution].mark_text(), name=plain(stay.name)),
                    _reasons(isolations.START_REASONS),
                    other=N_("another reason"),
                ),
                why,
            )

    options = tuple((code, precautions()[code].mark_text()) for code in free)
    asked = Question(lambda: _("Isolate {name}: how?").format(name=plain(stay.name)), options, translate=str)
    cart.push_screen(asked, how)


def ask_end(cart: CartApp, stay: EncounterView, held: Sequence[IsolationView], then: Then) -> None:
    """Ask which one is over and why, then write it down."""
    desk = cart.desk
    if desk is not None and (session := desk.session) is not None:
        _ask_which(
            cart,
            held,
            N_("{mark} of {name} is over: why?"),
            isolations.END_REASONS,
            stay,
            lambda chosen, reason: then(
                lambda: isolations.end(desk.ward, session, stay, chosen, reason), _("Isolation ended, saved.")
            ),
        )


def ask_strike(cart: CartApp, stay: EncounterView, held: Sequence[IsolationView], then: Then) -> None:
    """Ask which one was entered by mistake and why, then strike it out."""
    desk = cart.desk
    if desk is not None and (session := desk.session) is not None:
        _ask_which(
            cart,
            held,
            N_("Strike out {mark} of {name}: why? It stays readable."),
            isolations.STRIKE_REASONS,
            stay,
            lambda chosen, reason: then(
                lambda: isolations.strike(desk.ward, session, stay, chosen, reason), _("Struck out.")
            ),
        )


def _ask_which(
    cart: CartApp,
    held: Sequence[IsolationView],
    asked: str,
    reasons: Sequence[str],
    stay: EncounterView,
    answered: Callable[[str, str], None],
) -> None:
    if not held:
        cart.notify(_("This patient is not isolated."), severity="warning")
        return

    def which(chosen: str | None) -> None:
        view = next((view for view in held if view.id == chosen), None)
        if view is None:
            return

        def why(reason: str | None) -> None:
            if reason is not None:
                answered(view.id, reason)

        mark = precautions()[view.precaution].mark_text
        said = lambda: _(asked).format(mark=mark(), name=plain(stay.name))  # noqa: E731
        cart.push_screen(Question(said, _reasons(reasons), other=N_("another reason"), is_grave=True), why)

    if len(held) == 1:
        which(held[0].id)
        return
    now = cart.desk.ward.clock.now() if cart.desk is not None else held[0].started_at
    options = tuple((view.id, _text(view, now)) for view in held)
    cart.push_screen(Question(lambda: _("Which isolation?"), options, translate=str), which)


def _text(view: IsolationView, now: datetime) -> str:
    said = _("{mark} since {at}: {reason}")
    mark = precautions()[view.precaution].mark_text()
    return said.format(mark=mark, at=time_text(view.started_at, now), reason=plain(view.reason))


def _reasons(reasons: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((_(text), text) for text in reasons)
