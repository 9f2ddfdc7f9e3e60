"""What the terminal of a bed is told of a stay's results: released ones, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from server.results.rows import Version
from wardlink.clinical.results.release import Flag
from wardlink.messages.results import Former, FormerVersion, ResultItem, ResultLine, ResultPage, ResultValue, Shown

MOST_FORMER = 6
"""So many earlier values of a test are told, the newest ones."""

_WITHIN: frozenset[Flag | None] = frozenset({"N", "NEG", None})


def lines(reports: Iterable[Sequence[Version]], now: datetime, delay: timedelta) -> tuple[ResultLine, ...]:
    """The newest released version of every report, the newest report first."""
    found = [line for versions in reports if (line := _line(versions, now, delay)) is not None]
    return tuple(sorted(found, key=lambda line: (line.issued_at, line.id), reverse=True))


def page(reports: Iterable[Sequence[Version]], result: str, now: datetime, delay: timedelta) -> ResultPage | None:
    """One released report whole; None where there is no released one of this id."""
    every = [list(versions) for versions in reports]
    versions = next((group for group in every if any(version.id == result for version in group)), [])
    line = _line(versions, now, delay)
    if line is None or line.id != result:
        return None
    released = _released(versions, now, delay)
    last = released[-1]
    if line.state == "withdrawn":
        return ResultPage(line=line)
    others = [last for group in every if group is not versions for last in _released(group, now, delay)[-1:]]
    before = released[-2] if len(released) > 1 else None
    return ResultPage(
        line=line,
        collected_at=last.collected_at,
        verified_by=last.verified_by,
        items=tuple(_value(item, last, others) for item in last.items),
        conclusion=last.conclusion,
        before=None if before is None else _former_version(before),
    )


def _line(versions: Sequence[Version], now: datetime, delay: timedelta) -> ResultLine | None:
    released = _released(versions, now, delay)
    if not released:
        return None
    last, newest = released[-1], versions[-1]
    assert last.issued_at is not None
    state: Shown = "corrected" if last.status == "corrected" else "final"
    if newest.status == "cancelled":
        state = "withdrawn"
    elif newest is not last:
        state = "reviewed"
    return ResultLine(
        id=last.id,
        code=last.code,
        name=last.name,
        category=last.category,
        issued_at=last.issued_at,
        state=state,
        is_new=last.opened_at is None,
        beyond=0 if state == "withdrawn" else sum(item.flag not in _WITHIN for item in last.items),
    )


def _released(versions: Sequence[Version], now: datetime, delay: timedelta) -> list[Version]:
    return [version for version in versions if not version.why_held(now, delay)]


def _value(item: ResultItem, of: Version, others: Iterable[Version]) -> ResultValue:
    at = _at(of)
    earlier = [
        Former(at=_at(other), value=known.value, comparator=known.comparator)
        for other in others
        for known in other.items
        if (known.code, known.unit) == (item.code, item.unit) and isinstance(known.value, Decimal) and _at(other) < at
    ]
    newest = sorted(earlier, key=lambda former: former.at)[-MOST_FORMER:]
    return ResultValue(**item.model_dump(), former=tuple(newest))


def _at(version: Version) -> datetime:
    assert version.issued_at is not None
    return version.collected_at or version.issued_at


def _former_version(version: Version) -> FormerVersion:
    assert version.issued_at is not None
    return FormerVersion(issued_at=version.issued_at, items=version.items, conclusion=version.conclusion)
