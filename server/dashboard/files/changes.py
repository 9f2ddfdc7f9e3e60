"""What a file would change against what holds, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.dashboard.tags import tag
from server.house.kinds import HouseKind, Note
from server.house.looking import Change, change
from wardlink.errors import Fault
from wardlink.i18n import domain

_ = domain("server").gettext

_MOST = 100


def show_changes(kind: HouseKind[Any], before: Any, after: Any, today: date, in_use: Sequence[Note]) -> None:
    """New, gone and different entries, and what should be known of them; or that there is no difference."""
    for sentence, params in (*kind.notes(before, after, today), *in_use):
        tag("p", _(sentence).format(**params), cls="notice")
    found: Change = change({} if before is None else kind.entries(before), kind.entries(after))
    with tag("section", cls="section", id="changes"):
        tag("h2", _("What would change"))
        if found.is_none:
            tag("p", _("Nothing: it says the same as what holds."))
        _list(_("New: {count}"), found.added)
        _list(_("Gone: {count}"), found.removed)
        _list(_("Changed: {count}"), found.changed)


def _list(head: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    tag("h3", head.format(count=len(rows)))
    with tag("ul"):
        for code, label in rows[:_MOST]:
            tag("li", f"{code} {label}".strip())
        if len(rows) > _MOST:
            tag("li", _("and {count} more").format(count=len(rows) - _MOST))


def show_faults(faults: Sequence[Fault]) -> None:
    """All of them with their lines."""
    with tag("div", cls="notice bad", role="alert"):
        tag("p", _("This file cannot be used. Faults found: {count}").format(count=len(faults)))
        with tag("ul"):
            for fault in faults[:_MOST]:
                tag("li", _("Line {line}: {reason}").format(line=fault.line, reason=fault.text()))
            if len(faults) > _MOST:
                tag("li", _("and {count} more").format(count=len(faults) - _MOST))
