"""A counter whose insurance is the local national platform, over a real socket; the server can die at each message."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from server.core import Core
from server.insurance.dealings import Dealings
from server.insurance.keeping import SETTLEMENT, STAY
from server.insurance.port import Card, CardKind
from server.integrations.national.adapter import NationalPlatform
from server.integrations.national.settings import NationalSettings
from server.integrations.national.signing import HmacSigner
from server.settlement.insurer import Cover, cover_of
from server.settlement.platform import PlatformInsurer
from tests.server.insurance.office import CHEN
from tests.server.settlement.counter import BED, CASHIER, Till
from tests.server.settlement.houses import Fate
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.clock import ward_time
from workbench.gateways.national.arithmetic import Item
from workbench.gateways.national.platform import Platform


class MortalNational(NationalPlatform):
    """The real adapter, in a server that may die before a message leaves, or before it sees the answer."""

    def __init__(self, settings: NationalSettings, signer: HmacSigner, fate: Fate) -> None:
        super().__init__(settings, signer)
        self._fate = fate

    def _post(self, infno: str, made: Mapping[str, Any]) -> dict[str, Any]:
        return self._fate.around(lambda: super(MortalNational, self)._post(infno, made))


class Branch(Till):
    """Stay 1 is insured, and the platform knows its patient. Bed-days are wholly in scope."""

    card = Card(CardKind.VOUCHER, f"token-{CHEN.psn_no}")

    def __init__(self, ward: SmallWard, *, discharge_first: bool = True) -> None:
        self.discharge_first = discharge_first
        self._adapter: NationalPlatform | None = None
        self._key = secrets.token_bytes(32)
        self._clock = ward.clock
        self.platform: Platform | None = None
        super().__init__(ward)
        with ward.db.write() as conn:
            conn.execute(
                insert(STAY).values(
                    encounter=STAY_1,
                    scheme="employee",
                    status="in-service",
                    area=CHEN.area,
                    psn_no=CHEN.psn_no,
                    balance_fen=int(CHEN.balance * Decimal(100)),
                    set_at=NOW,
                    set_by=CASHIER.actor,
                )
            )

    def insurer_of(self, core: Core) -> PlatformInsurer:
        """The platform over HTTP. A server that starts anew knows nothing of what was sent but what is on disk."""
        if self._adapter is None:
            self._adapter = MortalNational(self.settings(), HmacSigner(self._key), self.fate)
        dealings = Dealings(core, self._adapter, discharge_first=self.discharge_first)
        return PlatformInsurer(dealings, discharge_first=self.discharge_first)

    def settings(self) -> NationalSettings:
        """Where the platform is; it begins to listen with the first who asks."""
        if self.platform is None:
            bed = self.prices.item(BED)
            assert bed is not None
            self.platform = Platform(
                [CHEN],
                {bed.national: Item("01")},
                now=self._now,
                key=self._key,
                discharge_first=self.discharge_first,
            )
        return NationalSettings(self.platform.url, self.platform.code, "示例医院", "510100", timeout_s=30)

    @property
    def over_there(self) -> Platform:
        """The platform."""
        assert self.platform is not None
        return self.platform

    def close(self) -> None:
        """End the platform and the way to it."""
        if self._adapter is not None:
            self._adapter.close()
        self.over_there.stop()

    def cover(self) -> Cover:
        """How the stay is insured, as the database has it."""
        with self.ward.db.read() as conn:
            found = cover_of(conn, STAY_1)
        assert found is not None
        return found

    def sent(self) -> Counter[str]:
        """How often the platform has done what."""
        return Counter(self.over_there.taken)

    def kept(self) -> list[Any]:
        """What it has settled, as we have it."""
        with self.ward.db.read() as conn:
            return list(conn.execute(select(SETTLEMENT).order_by(SETTLEMENT.c.at)))

    def _now(self) -> datetime:
        return ward_time(self._clock.now()).replace(tzinfo=None)
