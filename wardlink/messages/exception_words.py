"""What an exception says to a person, in one place for the cart and the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wardlink.clinical.bed_closing import reason_text as closing_text
from wardlink.clinical.meals.states import STATES as MEAL_STATES
from wardlink.clock import ward_time
from wardlink.i18n import N_, gettext
from wardlink.messages.exceptions import ExceptionKind, ExceptionView
from wardlink.messages.order_words import result_text

KINDS: Mapping[ExceptionKind, str] = {
    "after-discharge": N_("Done after the discharge"),
    "other-ward": N_("The patient had been moved to another ward"),
    "unknown-actor": N_("The server does not know who did this"),
    "pairing-unsure": N_("Wristband and monitor were scanned too far apart"),
    "unknown-encounter": N_("No such stay, or a device without a patient"),
    "values-claimed-twice": N_("One monitor's values were given to two patients"),
    "clock-off": N_("Done in the future by the server's clock"),
    "unknown-record": N_("Changed what nobody has recorded"),
    "struck-unknown": N_("Struck out what nobody has recorded"),
    "score-differs": N_("The score on the device was another one"),
    "unknown-order": N_("Given on an order that nobody knows"),
    "given-twice": N_("One dose was given twice"),
    "given-after-stop": N_("Given after the order was stopped"),
    "given-superseded": N_("Given although another order had taken its place"),
    "given-cancelled": N_("Given on an order that was taken back"),
    "given-on-hold": N_("Given while the order was on hold"),
    "given-unchecked": N_("Given before two nurses had checked the order"),
    "given-too-soon": N_("Given too soon or too often"),
    "given-against-allergy": N_("Given in spite of an allergy"),
    "given-without-skin-test": N_("Given without a negative skin test"),
    "given-against-skin-test": N_("Given, and the skin test was positive"),
    "skin-test-untimely": N_("A skin test was read outside its time"),
    "skin-test-one-reader": N_("A skin test was read by one nurse alone"),
    "skin-test-contradicts": N_("One skin test with two results"),
    "given-without-witness": N_("A high-alert drug was given without a second nurse"),
    "given-unscanned": N_("Given without scanning and without a reason"),
    "given-without-right": N_("Given by somebody who may not give drugs"),
    "runs-after-stop": N_("An infusion runs although its order has ended"),
    "dose-contradicts": N_("Given by one account, not given by another"),
    "queried-at-bed": N_("The patient has a question about a dose"),
    "order-unwritten": N_("Given on a doctor's word: the order is to be written"),
    "order-overdue": N_("Given on a doctor's word: the order was not written in time"),
    "isolation-differs": N_("Two stories about one isolation"),
    "meal-contradicts": N_("A meal was brought or sent back although it was not under way"),
    "bed-taken": N_("Two patients in one bed"),
    "bed-closed": N_("A patient lay in a bed that was closed"),
    "stream-gap": N_("Entries of a device are missing"),
    "stream-rewound": N_("A device used a number twice"),
}
_DETAILS: Mapping[str, str] = {
    "ahead_s": N_("{v} s ahead of the server's clock"),
    "device_ward": N_("sent by a device of ward {v}"),
    "on_device": N_("score on the device: {v}"),
    "here": N_("score on the server: {v}"),
    "sets": N_("{v} sets were measured after it"),
    "first_missing": N_("missing from number {v}"),
    "next_seen": N_("number {v} came next"),
    "used_number": N_("number {v} had been used before"),
    "allergy": N_("allergy: {v}"),
    "said": N_("said and given: {v}"),
    "said_by": N_("said by {v}"),
    "injected_at": N_("injected at {v}"),
    "meal_is": N_("the meal was: {v}"),
    "drugs": N_("asked about: {v}"),
    "closed_from_at": N_("the bed was closed from {v}"),
    "closed_reason": N_("closed for: {v}"),
    "asked_by": N_("{v} was at the bed with it"),
}
_ACTS: Mapping[str, str] = {
    "give": N_("{who} gave it at {at} on {device}"),
    "start": N_("{who} started it at {at} on {device}"),
    "hold": N_("{who} held it at {at} on {device}"),
    "refuse": N_("the patient refused it, says {who} at {at} on {device}"),
    "miss": N_("{who} called it missed at {at} on {device}"),
    "pause": N_("{who} paused it at {at} on {device}"),
    "resume": N_("{who} let it run again at {at} on {device}"),
    "end": N_("{who} ended it at {at} on {device}"),
    "isolate": N_("{who} began the isolation at {at} on {device}"),
    "end-isolation": N_("{who} ended the isolation at {at} on {device}"),
}
_CLAIMED = N_("{who} gave {start} to {end} to admission no. {no}, at {at} on {device}: {reason}")
_PAIRED = N_("the monitor was paired with admission no. {v} then")
_STOPPED = N_("{who} stopped the order at {at}")
_READ = N_("{who} read the skin test at {at}: {result}")
_HELD = N_("{who} put the order on hold at {at}")


def kind_text(kind: ExceptionKind) -> str:
    """What does not fit, in a line."""
    return gettext(KINDS[kind])


def detail_lines(view: ExceptionView) -> list[str]:
    """Both stories as far as they are known, each with its clock. What only a technician could use is left out."""
    detail = view.detail
    lines = [_story(detail, prefix) for prefix in ("", "other_") if f"{prefix}act" in detail]
    lines += [_claim(detail, prefix) for prefix in ("", "other_") if f"{prefix}admission_no" in detail]
    if "paired_no" in detail:
        lines.append(gettext(_PAIRED).format(v=detail["paired_no"]))
    for name, text in (("stopped", _STOPPED), ("held", _HELD)):
        if f"{name}_at" in detail:
            lines.append(gettext(text).format(who=detail.get(f"{name}_by", "?"), at=_at(detail[f"{name}_at"])))
    lines += [_result(detail, prefix) for prefix in ("", "other_") if f"{prefix}result" in detail]
    told = "act" in detail
    return lines + [
        gettext(text).format(v=_value(name, detail[name]))
        for name, text in _DETAILS.items()
        if name in detail and not (told and name == "on_device")
    ]


def _value(name: str, value: str) -> str:
    if name == "meal_is":
        return gettext(next((words for state, words in MEAL_STATES.items() if state == value), value))
    if name == "closed_reason":
        return closing_text(value)
    return _at(value) if name.endswith("_at") else value


def _story(detail: Mapping[str, str], prefix: str) -> str:
    text = gettext(_ACTS.get(detail[f"{prefix}act"], _ACTS["give"]))
    who, device = detail.get(f"{prefix}done_by", "?"), detail.get(f"{prefix}on_device", "?")
    return text.format(who=who, at=_at(detail[f"{prefix}done_at"]), device=device)


def _claim(detail: Mapping[str, str], prefix: str) -> str:
    told = {name: detail.get(f"{prefix}{name}", "?") for name in ("from_at", "until_at", "done_at")}
    start, end, at = (_at(told[name]) for name in ("from_at", "until_at", "done_at"))
    who, device, reason = (detail.get(f"{prefix}{name}", "?") for name in ("done_by", "done_on", "reason"))
    no = detail[f"{prefix}admission_no"]
    return gettext(_CLAIMED).format(who=who, start=start, end=end, no=no, at=at, device=device, reason=reason)


def _result(detail: Mapping[str, str], prefix: str) -> str:
    who, at = detail.get(f"{prefix}read_by", "?"), _at(detail[f"{prefix}read_at"])
    return gettext(_READ).format(who=who, at=at, result=result_text(detail[f"{prefix}result"]))


def _at(text: str) -> str:
    return f"{ward_time(datetime.fromisoformat(text)):%m-%d %H:%M:%S}"
