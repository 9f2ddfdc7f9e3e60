"""An insurance office for tests: a small ward, the local platform, and dealings between them over a real socket."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, update

from server.insurance.dealings import Dealings
from server.insurance.keeping import FEE, SETTLEMENT, STAY
from server.insurance.models import InsuranceMessage
from server.insurance.port import Card, CardKind, Fee, Settlement
from server.insurance.stages import HARMLESS
from server.integrations.national.adapter import NationalPlatform
from server.integrations.national.settings import NationalSettings
from server.integrations.national.signing import HmacSigner
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.clock import ward_time
from workbench.gateways.national.arithmetic import Item, Member
from workbench.gateways.national.platform import Platform

MESSAGE: Table = InsuranceMessage.__table__  # type: ignore[attr-defined]
CASHIER = "staff:k1"

CHEN = Member(
    psn_no="51000051200000000001",
    name="陈秀英",
    id_number="510105195003080028",
    card_number="SC0001",
    birth_on="1950-03-08",
    gender="2",
    balance=Decimal("1000.00"),
)
ITEMS = {
    "XA01": Item("01"),
    "XB01": Item("02", first_share=Decimal("0.10")),
    "XC01": Item("03"),
    "XL01": Item("01", limit=Decimal("50.00")),
}
FEES = (
    Fee("F0001", NOW, "XA01", "H1", 1200000, 10000, 1200000),
    Fee("F0002", NOW, "XB01", "H2", 600000, 20000, 300000),
    Fee("F0003", NOW, "XC01", "H3", 200000, 10000, 200000),
)
"""Worked example 1."""


class Office:
    """`office.dealings` speaks to `office.platform`; the stay STAY_1 is Chen's."""

    def __init__(self, ward: SmallWard, *, discharge_first: bool = True, **how: object) -> None:
        self.ward = ward
        key = secrets.token_bytes(32)
        self.platform = Platform(
            [CHEN],
            ITEMS,
            now=self.now,
            key=key,
            discharge_first=discharge_first,
            **how,  # type: ignore[arg-type]
        )
        self.settings = NationalSettings(self.platform.url, self.platform.code, "示例医院", "510100", timeout_s=30)
        self.signer = HmacSigner(key)
        self.adapter = NationalPlatform(self.settings, self.signer)
        self.discharge_first = discharge_first
        self.dealings = Dealings(ward.core, self.adapter, discharge_first=discharge_first)
        self.insure()

    def now(self) -> datetime:
        """The time in the ward as the wire has it."""
        return ward_time(self.ward.clock.now()).replace(tzinfo=None)

    def close(self) -> None:
        """End both."""
        self.adapter.close()
        self.platform.stop()

    def unplug(self) -> None:
        """The platform is gone, and every connection with it."""
        self.close()
        self.adapter = NationalPlatform(self.settings, self.signer)
        self.restart()

    def insure(self, stay: str = STAY_1, member: Member = CHEN) -> None:
        """Begin anew: the stay is insured and nothing was dealt with."""
        with self.ward.db.write() as conn:
            for table in (FEE, SETTLEMENT, STAY):
                conn.execute(delete(table).where(table.c.encounter == stay))
            conn.execute(
                insert(STAY).values(
                    encounter=stay,
                    scheme="employee",
                    status="in-service",
                    area=member.area,
                    psn_no=member.psn_no,
                    set_at=NOW,
                    set_by=CASHIER,
                )
            )
            # A number is never given twice: the messages stay.
            conn.execute(update(MESSAGE).values(state="reversed"))
            self._since = conn.execute(select(func.max(MESSAGE.c.no))).scalar() or 0
        self.platform.visits.clear()
        self.platform.fates.clear()
        self.platform.settlements.clear()

    def forget(self) -> None:
        """Nobody has said how the stay is insured."""
        with self.ward.db.write() as conn:
            conn.execute(delete(STAY))

    def replace_member(self, **changed: Any) -> None:
        """Let the platform know something else about Chen, and we nothing."""
        self.forget()
        self.platform._members = {CHEN.psn_no: replace(CHEN, **changed)}

    def restart(self) -> None:
        """A server that has stopped and starts again knows only what is on disk."""
        self.dealings = Dealings(self.ward.core, self.adapter, discharge_first=self.discharge_first)

    def card(self) -> Card:
        """Chen's e-voucher."""
        return Card(CardKind.VOUCHER, f"token-{CHEN.psn_no}")

    def ready(self) -> None:
        """All that comes before a settlement."""
        self.dealings.register(STAY_1, self.card(), actor=CASHIER)
        self.dealings.upload(STAY_1, FEES, actor=CASHIER)
        if self.discharge_first:
            self.dealings.discharge(STAY_1, actor=CASHIER)

    def settle(self) -> Settlement:
        """Settle with the personal account."""
        return self.dealings.settle(STAY_1, self.card(), use_account=True, invoice="FP1", actor=CASHIER)

    def states(self, infno: str | None = None) -> list[str]:
        """How the messages about the stay have ended, oldest first."""
        with self.ward.db.read() as conn:
            query = (
                select(MESSAGE).where(MESSAGE.c.encounter == STAY_1, MESSAGE.c.no > self._since).order_by(MESSAGE.c.no)
            )
            return [row.state for row in conn.execute(query) if infno in (None, row.infno)]

    def last(self) -> int:
        """The number of the last message that changes something."""
        with self.ward.db.read() as conn:
            query = select(func.max(MESSAGE.c.no)).where(MESSAGE.c.infno.not_in(HARMLESS))
            return int(conn.execute(query).scalar_one())

    def stage(self) -> str:
        """Where the stay stands here."""
        with self.ward.db.read() as conn:
            return str(conn.execute(select(STAY.c.stage).where(STAY.c.encounter == STAY_1)).scalar_one())

    def standing(self) -> list[str]:
        """The settlements that stand here."""
        with self.ward.db.read() as conn:
            query = select(SETTLEMENT.c.setl_id).where(SETTLEMENT.c.undone_at.is_(None))
            return list(conn.execute(query).scalars())
