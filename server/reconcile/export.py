"""Differences as CSV for an office's spreadsheet: yuan, the ward's time, and words instead of codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from server.reconcile.rows import DifferenceView
from wardlink import money
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain

_ = domain("server").gettext

KINDS = {
    "amount_diff": N_("amounts differ"),
    "local_only": N_("only with us"),
    "channel_only": N_("only with the channel"),
    "status_diff": N_("states differ"),
    "other_day": N_("on another day"),
}
STATES = {
    "waiting": N_("waits for the next bill"),
    "open": N_("open"),
    "settled": N_("settled"),
    "closed": N_("closed"),
}
SUBJECTS = {"payment": N_("payment"), "refund": N_("refund")}


def as_csv(differences: Sequence[DifferenceView]) -> bytes:
    """UTF-8 with a mark at its beginning."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(
        [
            *(_("bill of"), _("channel"), _("kind"), _("what"), _("number"), _("number of the channel")),
            *(_("ours (yuan)"), _("channel's (yuan)"), _("our state"), _("channel's state"), _("channel says")),
            *(_("state"), _("found at"), _("age in days"), _("ended at"), _("by"), _("what was done")),
        ]
    )
    for each in differences:
        writer.writerow(
            [
                *(each.on, each.channel, _(KINDS[each.kind]), _(SUBJECTS[each.subject])),
                *(_text(each.number), _text(each.channel_trade_no), _yuan(each.our_fen), _yuan(each.channel_fen)),
                *(_text(each.our_state), _text(each.channel_state), _text(each.channel_says), _(STATES[each.state])),
                *(_at(each.opened_at), each.age_days, _at(each.ended_at), _text(each.ended_by), _text(each.outcome)),
            ]
        )
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def _yuan(fen: int | None) -> str:
    return "" if fen is None else money.yuan(fen)


def _at(at: datetime | None) -> str:
    return "" if at is None else ward_time(at).strftime("%Y-%m-%d %H:%M:%S")


def _text(text: str | None) -> str:
    # A spreadsheet would run what begins like a formula, and show a long number with only fifteen digits.
    text = text or ""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") or (text.isdigit() and len(text) > 11) else text
