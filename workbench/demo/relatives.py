"""The invented daughter whom one patient of the sample ward has let in, with a PIN that the README tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wardlink.messages.base import Actor
from wardlink.messages.family import GrantFamily

if TYPE_CHECKING:
    from server.core import Core

_BED = "12"
NAME, PIN = "【样例】王芳", "270184"


def let_in(core: Core, ward: str, stays: Mapping[str, str]) -> bool:
    """Let her in, if this stay has never let anybody in; whether it has now by this. `stays` by bed."""
    from server.family.signing_in import keep
    from server.identity.staff import hashed
    from server.record.service import records_of
    from server.record.writing import fold_in
    from wardlink.record.family import FAMILY_CONSENT

    stay = stays.get(_BED)
    if stay is None:
        return False
    with core.db.read() as conn:
        if records_of(conn, FAMILY_CONSENT, encounter=stay, limit=1):
            return False
    pin_hash = hashed(PIN)
    body = GrantFamily(relation="daughter", name=NAME, scopes=("daily", "money"))
    actor = Actor(kind="patient", id=stay)
    command = core.command("family-consent.grant", body, ward=ward, actor=actor, encounter=stay, bed=_BED)
    with core.transaction() as batch:
        # Past the handler: at the bed this is the patient's to say, and here nobody lies there.
        fold_in(batch, FAMILY_CONSENT, command, body)
        keep(batch.conn, command.id, pin_hash=pin_hash)
    return True
