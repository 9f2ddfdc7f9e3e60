"""Refused scans, counted: a label that does not read, or a nurse at the wrong bed, shows here before it hurts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import Connection

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import NOTHING, actor_text, word
from server.identity.audit import RefusedScans, refused_scans
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import N_, domain

_ = domain("server").gettext

By = Literal["all", "reason", "ward", "bed", "nurse"]
BACK = timedelta(days=7)
"""As far as the page looks back where no day is chosen."""

CODES: Mapping[str, str] = {
    "wristband": N_("wristband"),
    "badge": N_("staff badge"),
    "bed": N_("bed tag"),
    "device": N_("device tag"),
    "bag": N_("bag label"),
    "drug": N_("drug's pack"),
    "tray": N_("tray label"),
    "presence": N_("code on the screen"),
    "card": N_("insurance voucher or health card"),
    "unknown": N_("not recognised"),
}
REASONS: Mapping[str, str] = {
    "tray-no-wristband": N_("tray before the wristband"),
    "tray-wrong-patient": N_("tray at another patient's bed"),
    "tray-not-wanted": N_("meal that was not to be served"),
    "tray-unknown": N_("meal not known on the cart"),
    "already-given": N_("dose was given already"),
    "bag-expired": N_("bag too old"),
    "bag-given": N_("bag was hung already"),
    "bag-mismatch": N_("bag label does not fit its order"),
    "bag-returned": N_("order of the bag taken back"),
    "bag-stopped": N_("order of the bag stopped"),
    "bag-superseded": N_("order of the bag replaced"),
    "bag-unknown": N_("bag not known on the cart"),
    "bad-date": N_("expiry date does not exist"),
    "broken-inside": N_("label printed wrong"),
    "card-no-platform": N_("voucher, and no insurance platform"),
    "card-not-here": N_("person of the card is not in the hospital"),
    "card-offline": N_("card without the server"),
    "card-other-ward": N_("person of the card in another ward"),
    "card-slowed": N_("too many unknown cards"),
    "card-unknown": N_("card not known or too old"),
    "card-unsure": N_("not certain whose card"),
    "check-digit": N_("misread digit"),
    "damaged": N_("not read whole"),
    "discharged": N_("patient was discharged"),
    "elsewhere": N_("nobody of that number in the ward"),
    "empty-bed": N_("nobody in the bed"),
    "expired": N_("pack too old"),
    "moved": N_("patient in another ward"),
    "newer-version": N_("label of a newer version"),
    "no-gtin": N_("code names no drug"),
    "no-page": N_("nothing to do with it there"),
    "no-patient": N_("no patient chosen before"),
    "no-wristband": N_("no wristband before the monitor"),
    "not-ordered": N_("patient is to get no such drug"),
    "order-stopped": N_("order was stopped"),
    "order-on-hold": N_("order on hold"),
    "other-kind": N_("label of an unknown kind"),
    "other-ward": N_("tag of another ward"),
    "skin-test-positive": N_("skin test was positive"),
    "skin-test-waits": N_("skin test not read yet"),
    "stale": N_("code of another time or bed"),
    "two-in-bed": N_("two patients in one bed"),
    "unchecked": N_("cart could not check the code"),
    "unknown": N_("code not understood"),
    "wrong-patient": N_("another patient's"),
}


@dataclass(frozen=True)
class Asked:
    """From the beginning of one day of the ward to the end of another, counted by what."""

    from_on: date
    to_on: date
    by: By = "all"

    @property
    def since(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.from_on, time(), WARD_ZONE)

    @property
    def until(self) -> datetime:
        """The instant after the last."""
        return datetime.combine(self.to_on + timedelta(days=1), time(), WARD_ZONE)


def asked(values: Mapping[str, str], now: datetime) -> Asked:
    """What an address asks for; a day that is none is the default."""
    today = ward_date(now)
    by = values.get("by", "all")
    return Asked(
        _day(values.get("from"), today - BACK),
        _day(values.get("to"), today),
        by if by in ("reason", "ward", "bed", "nurse") else "all",  # type: ignore[arg-type]
    )


def sheet(conn: Connection, wanted: Asked, staff: Mapping[str, str], wards: Mapping[str, str]) -> Sheet:
    """The refusals, the most frequent first, with their share of all."""
    found = refused_scans(conn, wanted.since, wanted.until)
    total = sum(one.times for one in found)
    counted: Counter[tuple[str | None, ...]] = Counter()
    for one in found:
        counted[_key(one, wanted.by)] += one.times
    rows = [
        Row(f"{number}", _cells(key, times, total, staff, wards))
        for number, (key, times) in enumerate(sorted(counted.items(), key=lambda item: (-item[1], str(item[0]))))
    ]
    return Sheet(_columns(wanted.by), tuple(rows))


def _key(one: RefusedScans, by: By) -> tuple[str | None, ...]:
    """Reason, kind of code, ward, bed, nurse; what is not asked for is left open."""
    match by:
        case "reason":
            return one.reason, one.code, None, None, None
        case "ward":
            return None, None, one.ward or "", None, None
        case "bed":
            return None, None, one.ward or "", one.bed or "", None
        case "nurse":
            return None, None, None, None, one.actor
        case "all":
            return one.reason, one.code, one.ward or "", one.bed or "", one.actor


def _columns(by: By) -> tuple[Column, ...]:
    every = (
        (Column("reason", _("Why"), "wide"), ("all", "reason")),
        (Column("code", _("What was scanned")), ("all", "reason")),
        (Column("ward", _("Ward")), ("all", "ward", "bed")),
        (Column("bed", _("Bed")), ("all", "bed")),
        (Column("nurse", _("Who")), ("all", "nurse")),
        (Column("times", _("Times"), "number"), ("all", "reason", "ward", "bed", "nurse")),
        (Column("share", _("Share"), "number"), ("all", "reason", "ward", "bed", "nurse")),
    )
    return tuple(column for column, shown in every if by in shown)


def _cells(
    key: tuple[str | None, ...], times: int, total: int, staff: Mapping[str, str], wards: Mapping[str, str]
) -> dict[str, Cell]:
    reason, code, ward, bed, actor = key
    cells = {"times": Cell(str(times)), "share": Cell(f"{100 * times / total:.1f} %")}
    if reason is not None:
        cells["reason"] = Cell(word(REASONS, reason))
    if code is not None:
        cells["code"] = Cell(word(CODES, code))
    if ward is not None:
        cells["ward"] = Cell(wards.get(ward, ward) or _("Ward unknown"))
    if bed is not None:
        cells["bed"] = Cell(bed or NOTHING)
    if actor is not None:
        cells["nurse"] = Cell(actor_text(actor, staff))
    return cells


def _day(text: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if 1970 < found.year < 9999 else otherwise
