"""Invented results: a blood count with its trend, blood fats, a chest X-ray, and one that was corrected."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from wardlink.errors import NotFound, Unreachable
from wardlink.messages.results import Former, FormerVersion, ResultItem, ResultLine, ResultPage, Results, ResultValue

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.sample.terminal import SampleTerminal
    from wardlink.clinical.results.release import Category, Flag
    from wardlink.messages.results import Shown

_ID = "00000000-0000-7000-9e50-{n:012d}"
COUNT, SALTS, XRAY, LIVER = (_ID.format(n=n) for n in range(4))


class SampleResults:
    """The port of `bedside.ports.MyResults`. `pages`: what is released, by id; `fails_with` may be set."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self.fails_with: Exception | None = None
        self.opened = {XRAY, LIVER}
        self.pages = {page.line.id: page for page in _pages(terminal.clock.now())}

    def of_stay(self, encounter: str) -> Results:
        """The newest first."""
        self._demand()
        lines = (self._line(page) for page in self.pages.values())
        return Results(lines=tuple(sorted(lines, key=lambda line: line.issued_at, reverse=True)))

    def one(self, encounter: str, result: str) -> ResultPage:
        """One of them."""
        self._demand()
        page = self.pages.get(result)
        if page is None:
            raise NotFound(what="entry", name=result)
        self.opened.add(result)
        return page

    def news(self, encounter: str) -> int:
        """Those that nobody has opened."""
        self._demand()
        return len(self.pages.keys() - self.opened)

    def mark(self, result: str, state: Shown) -> None:
        """The laboratory takes it back, or checks it again."""
        page = self.pages[result]
        self.pages[result] = page.model_copy(update={"line": page.line.model_copy(update={"state": state})})

    def _line(self, page: ResultPage) -> ResultLine:
        return page.line.model_copy(update={"is_new": page.line.id not in self.opened})

    def _demand(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable


def _pages(now: datetime) -> tuple[ResultPage, ...]:
    hours = [now - timedelta(hours=h) for h in (2, 20, 44, 68)]
    count = (
        _value("6690-2", "白细胞", "7.2", "10*9/L", "3.5", "9.5", "N"),
        _value("718-7", "血红蛋白", "108", "g/L", "115", "150", "L").model_copy(
            update={
                "former": (
                    Former(at=hours[3], value=Decimal("102")),
                    Former(at=hours[1], value=Decimal("105")),
                )
            }
        ),
        _value("777-3", "血小板", "231", "10*9/L", "125", "350", "N"),
        _value("1988-5", "C反应蛋白", "12.4", "mg/L", None, "10", "H"),
    )
    salts = (
        _value("2823-3", "钾", "3.90", "mmol/L", "3.5", "5.3", "N"),
        _value("2951-2", "钠", "139", "mmol/L", "137", "147", "N"),
    )
    former_salts = tuple(
        ResultItem.model_validate(item.model_dump(exclude={"former"}) | extra)
        for item, extra in zip(salts, ({"value": Decimal("4.90")}, {}), strict=True)
    )
    liver = (
        _value("1742-6", "谷丙转氨酶", "31", "U/L", "7", "40", "N"),
        _value("1751-7", "白蛋白", "38.5", "g/L", "40", "55", "L"),
    )
    return (
        _page(COUNT, "58410-2", "血常规", "LAB", hours[0], "final", count, beyond=2),
        _page(SALTS, "24326-1", "电解质", "LAB", hours[1], "corrected", salts).model_copy(
            update={"before": FormerVersion(issued_at=hours[1] - timedelta(hours=1), items=former_salts)}
        ),
        _page(XRAY, "30745-4", "胸部X线", "RAD", hours[2], "final", ()).model_copy(
            update={"conclusion": "两肺纹理稍增多，未见明显实变影。心影不大。"}
        ),
        _page(LIVER, "24325-3", "肝功能", "LAB", hours[3], "final", liver, beyond=1),
    )


def _page(
    id: str,
    code: str,
    name: str,
    category: Category,
    at: datetime,
    state: Shown,
    items: tuple[ResultValue, ...],
    *,
    beyond: int = 0,
) -> ResultPage:
    line = ResultLine(
        id=id, code=code, name=name, category=category, issued_at=at, state=state, is_new=True, beyond=beyond
    )
    return ResultPage(line=line, collected_at=at - timedelta(hours=2), verified_by="检验科 孙丽", items=items)


def _value(code: str, name: str, value: str, unit: str, low: str | None, high: str | None, flag: Flag) -> ResultValue:
    return ResultValue(
        code=code,
        name=name,
        value=Decimal(value),
        unit=unit,
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        flag=flag,
    )
