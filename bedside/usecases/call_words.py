"""How far a call has come, in words: the steps of its way, and what to do when it does not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bedside.usecases.calls import Call, Press, Stage
from bedside.usecases.words import clock_text
from wardlink.clinical.call_reasons import call_reasons
from wardlink.i18n import domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from datetime import datetime

_ = domain("bedside").gettext

NAME_CELLS = 16

State = Literal["done", "now", "next", "trouble"]
MARKS: dict[State, str] = {"done": "✓", "now": "▸", "next": "·", "trouble": "!"}


@dataclass(frozen=True)
class Step:
    """One step of a call's way; `state` shows as a mark and as a colour."""

    text: str
    state: State

    @property
    def line(self) -> str:
        """Mark and words."""
        return f"{MARKS[self.state]} {self.text}"


def reason_text(code: str | None) -> str:
    """The reason in the patient's words; empty while none is said."""
    if code is None:
        return ""
    found = call_reasons().get(code)
    return clip(plain(code), NAME_CELLS) if found is None else found.patient_text()


def short_text(call: Call, now: datetime) -> str:
    """How far it has come, in a few words."""
    match call.stage:
        case Stage.FAILED | Stage.UNSENT:
            return _("Not delivered")
        case Stage.DELIVERED:
            return _("Delivered")
        case Stage.TAKEN:
            eta = call.eta_min(now)
            return _("Taken") if not eta else _("In {n} min").format(n=eta)
        case Stage.THERE:
            return _("Arrived")
        case Stage.DONE:
            return _("Done")
        case Stage.CANCELLED:
            return _("Taken back")


def headline(call: Call | None, last: Press | None) -> str:
    """The first line of the page."""
    if call is None:
        return _("Calling ...")
    told = {
        Stage.FAILED: _("Your call was NOT delivered"),
        Stage.UNSENT: _("Your call is NOT delivered yet"),
        Stage.DELIVERED: _("The nurses have your call"),
        Stage.TAKEN: _("A nurse is on the way"),
        Stage.THERE: _("A nurse is with you"),
        Stage.DONE: _("Your call is finished"),
        Stage.CANCELLED: _("You have taken your call back"),
    }
    return told[call.stage]


def steps(call: Call | None, now: datetime) -> list[Step]:
    """The way of a call, from the press to the nurse at the bed."""
    if call is None:
        return [Step(_("Calling ..."), "now")]
    at = clock_text(call.raised_at)
    said = _("Called at {time}") if call.count < 2 else _("Called at {time}, {n} times")
    found = [Step(said.format(time=at, n=call.count), "done")]
    reached = _REACHED[call.stage]
    if call.stage in (Stage.FAILED, Stage.UNSENT):
        found.append(Step(_("Not delivered"), "trouble"))
    else:
        found.append(Step(_("Delivered"), "done"))
    who = clip(plain(call.by), NAME_CELLS) if call.by else _("A nurse")
    taken = _("{name} has taken it").format(name=who) if reached >= 2 else _("A nurse takes it")
    found.append(Step(taken, _state(reached, 2)))
    eta = call.eta_min(now)
    if reached == 2 and eta is not None:
        coming = _("Comes in about {n} min").format(n=eta) if eta else _("Should be here any moment")
        found.append(Step(coming, "now"))
        found.append(Step(_("The nurse arrives"), "next"))
    else:
        found.append(Step(_("Arrived") if reached >= 3 else _("The nurse arrives"), _state(reached, 3)))
    if call.stage is Stage.CANCELLED:
        return [found[0], Step(_("Taken back"), "done")]
    return found


def advice(call: Call | None, last: Press | None) -> str:
    """What to do now; empty if there is only to wait."""
    if call is None or not (call.is_open or call.stage is Stage.FAILED):
        return ""
    if call.stage is Stage.FAILED:
        return _("This screen cannot call. Please pull the cord at the bed, or ask somebody to fetch a nurse.")
    if call.stage is Stage.UNSENT:
        if call.rung:
            return _(
                "The carts were told directly, but nobody has confirmed. If nobody comes, pull the cord at the bed."
            )
        return _("No connection. The call waits and is sent by itself. Please pull the cord at the bed now.")
    return ""


_REACHED = {
    Stage.FAILED: 0,
    Stage.UNSENT: 0,
    Stage.DELIVERED: 1,
    Stage.TAKEN: 2,
    Stage.THERE: 3,
    Stage.DONE: 4,
    Stage.CANCELLED: 1,
}


def _state(reached: int, step: int) -> State:
    if reached >= step:
        return "done"
    return "now" if reached == step - 1 else "next"
