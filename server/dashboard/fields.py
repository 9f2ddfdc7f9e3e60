"""The fields of the pages' forms: a label with what is typed or chosen below it, and the button that sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from server.dashboard.tags import tag
from wardlink.clock import WARD_ZONE
from wardlink.errors import InvalidInput
from wardlink.i18n import N_, domain

_ = domain("server").gettext


def text_field(name: str, label: str, *, required: bool = False, **how: str) -> None:
    """Something to type; `how`: attributes of the field, such as another `type` or a `maxlength`."""
    with tag("label"):
        tag("span", label)
        tag("input", name=name, required=required or None, **({"type": "text"} | how))


def choice_field(
    name: str, label: str, options: Sequence[tuple[str, str]], chosen: str | None = None, *, required: bool = False
) -> None:
    """One of several: values with their words."""
    with tag("label"):
        tag("span", label)
        with tag("select", name=name, required=required or None):
            for value, words in options:
                tag("option", words, value=value, selected=value == chosen or None)


def day_fields(since: date | None, until: date | None) -> None:
    """The first and the last day of what is shown; None leaves one open."""
    for name, label, day in (("since", _("From"), since), ("until", _("To"), until)):
        text_field(name, label, type="date", value=str(day or ""))


def second_fields(badge: str = "") -> None:
    """The badge and the PIN of a second person who signs beside the one who is signed in."""
    text_field("badge", _("Badge of the second colleague"), required=True, value=badge, maxlength="40")
    with tag("label"):
        tag("span", _("PIN of the second colleague"))
        tag("input", type="password", name="pin", maxlength="40", required=True, autocomplete="one-time-code")


def day_typed(text: str | None) -> date | None:
    """The day in an address or a field; None where it is none, or of a year in which no ward of ours was open."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


_NO_TIME = N_("This is no day and time.")


def instant_typed(text: str) -> datetime | None:
    """The instant in a field for a day and a time of the ward; None where it was left empty.

    Raises:
        InvalidInput: it is none.
    """
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=WARD_ZONE)
    except ValueError as exc:
        raise InvalidInput(_NO_TIME) from exc


def send_button(label: str) -> None:
    """The button below the fields."""
    with tag("div", cls="actions"):
        tag("button", label, type="submit", cls="button main")
