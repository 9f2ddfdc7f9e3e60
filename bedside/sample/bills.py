"""An invented bill: six days, what was done on them, and what an insurance might pay."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from wardlink.clock import WARD_ZONE, ward_date
from wardlink.errors import Unreachable
from wardlink.messages.bills import (
    BillCover,
    BillDay,
    BillEstimate,
    BillGroup,
    BillLine,
    BillOfDay,
    BillView,
    EstimateStep,
)

if TYPE_CHECKING:
    from bedside.sample.terminal import SampleTerminal

_BED = (("床位费", "三人间", "1", "日", 4000, "A", None), ("二级护理", "", "1", "日", 2400, "A", None))
_DRUGS = (
    ("阿司匹林肠溶片", "100 mg", "1", "片", 45, "A", "李静"),
    ("头孢呋辛注射剂", "0.75 g", "2", "支", 5260, "B", "李静"),
)
_CARE = (("雾化吸入", "", "2", "次", 3000, "B", "王芳"),)
_NAMES = uuid.UUID("1f1e43b7-6a0c-5f0e-9f0d-0c8a6c5c2b11")
_GROUPS = (("床位和护理费", _BED), ("药品费", _DRUGS), ("治疗费", _CARE))


class SampleBills:
    """The port of `bedside.ports.Bills`. `days`: how many days were charged; `fails_with` may be set."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self.days = 6
        self.fails_with: Exception | None = None

    def bill(self, encounter: str) -> BillView:
        """All days alike."""
        self._demand()
        days = tuple(BillDay(day=day, amount_fen=self._of(day).total_fen) for day in self._charged())
        total_fen, deposit_fen = sum(day.amount_fen for day in days), 200_000
        left_fen = deposit_fen - total_fen
        return BillView(
            encounter=encounter,
            days=days,
            total_fen=total_fen,
            deposit_fen=deposit_fen,
            available_fen=left_fen,
            runway_days=left_fen // days[0].amount_fen if days and left_fen > 0 else None,
        )

    def of_day(self, encounter: str, day: date) -> BillOfDay:
        """What was done on it."""
        self._demand()
        return self._of(day)

    def estimate(self, encounter: str) -> BillEstimate:
        """Half of it."""
        self._demand()
        total_fen = sum(self._of(day).total_fen for day in self._charged())
        covered_fen = total_fen - 50_000
        fund_fen = max(0, covered_fen * 85 // 100)
        return BillEstimate(
            total_fen=total_fen,
            fund_fen=fund_fen,
            person_fen=total_fen - fund_fen,
            cash_fen=total_fen - fund_fen,
            note=None,
            steps=(
                EstimateStep(name="起付线", filled="¥500.00", result=50_000, unit="fen"),
                EstimateStep(name="统筹基金支付", filled="85%", result=fund_fen, unit="fen"),
            ),
            cover=BillCover(
                scheme="职工医保（退休）", deductible_left_fen=0, ratio_bp=8500, cap_left_fen=45_000_000 - fund_fen
            ),
        )

    def _charged(self) -> list[date]:
        today = ward_date(self._terminal.clock.now())
        return [today - timedelta(days=n) for n in reversed(range(self.days))]

    def _of(self, day: date) -> BillOfDay:
        groups = []
        for name, rows in _GROUPS:
            lines = tuple(_line(day, name, index, row) for index, row in enumerate(rows))
            groups.append(BillGroup(name=name, amount_fen=sum(line.amount_fen for line in lines), lines=lines))
        today = ward_date(self._terminal.clock.now())
        return BillOfDay(
            day=day, is_over=day < today, total_fen=sum(group.amount_fen for group in groups), groups=tuple(groups)
        )

    def _demand(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable


def _line(day: date, group: str, index: int, row: tuple[str, str, str, str, int, str, str | None]) -> BillLine:
    name, spec, quantity, unit, amount_fen, insurance_class, by = row
    return BillLine(
        id=str(uuid.uuid5(_NAMES, f"{day} {group} {index}")),
        at=datetime.combine(day, time(8 + index), WARD_ZONE),
        name=name,
        spec=spec,
        quantity=quantity,
        unit=unit,
        amount_fen=amount_fen,
        insurance_class=insurance_class,
        by=by,
    )
