"""Strips are kept, read, reported and struck out: facts, never refused."""

from __future__ import annotations

from server.actors import role_of
from server.batch import Batch
from server.handlers import Handler
from server.identity.roles import demand
from server.record.collisions import note_place_and_time
from server.record.handlers import keep
from server.record.service import record_called
from server.record.writing import fold_in
from wardlink.errors import ChangedMeanwhile, NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.ecg import RecordEcg, ReportEcg, ShowEcg
from wardlink.record.ecg import ECG

_REPORTED = N_("Somebody else has reported this strip meanwhile. Nothing of yours was written: read it first.")
_DECIDED = N_("Another doctor has decided about this strip meanwhile. Nothing of yours was written.")


def record(batch: Batch, command: Command, body: RecordEcg) -> int:
    """Keep a strip whose parts have been told, and open an exception where it does not fit what we know.

    Raises:
        NotAllowed: a patient or family says it.
    """
    if command.actor.kind in ("patient", "family"):
        raise NotAllowed
    folded = fold_in(batch, ECG, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    return folded.seq


def report(batch: Batch, command: Command, body: ReportEcg) -> int:
    """Add what a doctor says a strip shows.

    Raises:
        NotAllowed: nobody who may says it.
        ChangedMeanwhile: there are other reports than those they saw.
    """
    _demand_doctor(batch, command)
    known = record_called(batch.conn, ECG, body.strip)
    if known is not None and body.reports is not None and len(known[1].reports) != body.reports:
        raise ChangedMeanwhile(_REPORTED)
    return fold_in(batch, ECG, command, body).seq


def show(batch: Batch, command: Command, body: ShowEcg) -> int:
    """Take down whether its patient may see a strip.

    Raises:
        NotAllowed: nobody who may says it.
        ChangedMeanwhile: it was reported since they looked, or another doctor has decided.
    """
    _demand_doctor(batch, command)
    known = record_called(batch.conn, ECG, body.strip)
    if known is not None:
        view = known[1]
        if len(view.reports) != body.reports:
            raise ChangedMeanwhile(_REPORTED)
        if body.over is not None and body.over != (view.shown.command if view.shown is not None else ""):
            raise ChangedMeanwhile(_DECIDED)
    return fold_in(batch, ECG, command, body).seq


def _demand_doctor(batch: Batch, command: Command) -> None:
    demand((role_of(batch, command.actor.id) if command.actor.kind == "staff" else None) or "", "ecg.report")


HANDLERS = {
    # Samples do not fit in a message: strips come over HTTP only.
    "ecg.record": Handler(record, devices=frozenset()),
    "ecg.report": Handler(report, devices=frozenset()),
    "ecg.show": Handler(show, devices=frozenset()),
    "ecg.see": Handler(keep),
    "ecg.strike": Handler(keep),
}
