"""Which sets of vital signs are worth a look: nearly every one of a monitor says what the one before has said.

Only spares work. What is passed over here is seen at the next set that says otherwise, and after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from wardlink.clinical.alert_rules import BY_BAND, AlertCode, alert_rule, code_of_value
from wardlink.clinical.news2 import Band


@dataclass
class _Hint:
    said: tuple[AlertCode, ...]
    since: datetime
    looked: bool


class Hints:
    """What each stay's sets have said last. One thread calls."""

    def __init__(self) -> None:
        self._known: dict[str, _Hint] = {}

    def is_news(self, row: Mapping[str, Any]) -> bool:
        """Whether the alerts of the stay must be looked at again because of this row of the change log."""
        stay = row["encounter"]
        if stay is None:
            return False
        told = orjson.loads(row["body"])
        said = _said(told)
        at = datetime.fromisoformat(told["measured_at"])
        hint = self._known.get(stay)
        if told["source"] == "manual":
            self._known[stay] = _Hint(said, at, looked=True)
            return True
        if hint is None or hint.said != said:
            hint = self._known[stay] = _Hint(said, at, looked=False)
        if hint.looked or at - hint.since < _holds(said):
            return False
        hint.looked = True
        return True

    def forget(self, stay: str) -> None:
        """Look at this stay's next set whatever it says."""
        self._known.pop(stay, None)


def _said(told: Mapping[str, Any]) -> tuple[AlertCode, ...]:
    values = told["readings"].items()
    codes = {code_of_value(key, value) for key, value in values if isinstance(value, int | float)}
    band = told.get("news2", {}).get("band")
    codes.add(None if band is None else BY_BAND.get(Band(band)))
    return tuple(sorted(code for code in codes if code is not None))


def _holds(said: tuple[AlertCode, ...]) -> timedelta:
    # That nothing is wrong any more must last as long as what was.
    return min((alert_rule(code).holds for code in said), default=alert_rule("news2-high").holds)
