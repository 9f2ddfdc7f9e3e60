"""What devices report for the audit: facts that change nothing for anybody else."""

from __future__ import annotations

from server.batch import Batch
from server.handlers import Handler
from server.identity import audit
from wardlink.messages.audit import AuditEvent
from wardlink.messages.commands import Command
from wardlink.messages.scans import RefuseScan


def audit_event(batch: Batch, command: Command, body: AuditEvent) -> None:
    """Write down what somebody did at a device, when it happened there. Makes no change.

    The command's id is unique in the audit, so that it stands there once however often it comes.
    """
    detail = {"received_at": batch.now.isoformat()}
    if command.bed is not None:
        detail["bed"] = command.bed
    batch.audit(
        body.action,
        actor=command.actor,
        device=command.device,
        what=body.what,
        encounter=command.encounter,
        command=command.id,
        at=command.measured_at,
        detail=detail,
    )


def scan_refused(batch: Batch, command: Command, body: RefuseScan) -> None:
    """Write down that a cart refused a scan, and why. Makes no change; stands once, as an event does."""
    batch.audit(
        audit.SCAN_REFUSED,
        actor=command.actor,
        device=command.device,
        what=f"{body.code} {body.reason}",
        encounter=command.encounter,
        command=command.id,
        at=command.measured_at,
        detail={
            "received_at": batch.now.isoformat(),
            "code": body.code,
            "reason": body.reason,
            "screen": body.screen,
            "ward": command.ward,
            "bed": command.bed,
        },
    )


HANDLERS = {
    "audit.event": Handler(audit_event, reads=False, devices=frozenset({"cart", "terminal"})),
    "scan.refused": Handler(scan_refused, reads=False),
}
