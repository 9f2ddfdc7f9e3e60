"""The invented adverse events that the sample ward begins with: reported by its nurses, one followed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.ids import new_id

if TYPE_CHECKING:
    from server.core import Core


@dataclass(frozen=True)
class _Sample:
    bed: str
    kind: str
    ago: timedelta
    place: str
    words: str
    said: Mapping[str, str]


_SAMPLES = (
    _Sample(
        "12",
        "fall",
        timedelta(days=1, hours=5),
        "卫生间",
        "【样例】夜间如厕后起身时滑倒，右膝擦伤，已消毒包扎并通知医生。",
        {"harm": "grade-1"},
    ),
    _Sample(
        "15",
        "pressure-injury",
        timedelta(days=1, hours=9),
        "病床",
        "【样例】骶尾部皮肤破损 2 cm × 1 cm，已换减压床垫，每 2 小时翻身。",
        {"stage": "stage-2", "began": "here"},
    ),
    _Sample(
        "8",
        "near-miss",
        timedelta(days=1, hours=2),
        "治疗车旁",
        "【样例】扫码时发现药袋属于邻床，未给药。",
        {},
    ),
)
_FOLLOWED = "【样例】卫生间加装防滑垫和夜灯，晨会上已讲。"


def report(core: Core, ward: str, stays: Mapping[str, str]) -> int:
    """Report them in a ward in which nothing was reported yet; how many there are now by this. `stays` by bed."""
    from server.adverse import acting
    from server.adverse.service import events_seen
    from server.identity.staff import Person
    from server.patients.service import encounter_view

    nurse, head = Person("n-lijing", "李静", "nurse", (ward,)), Person("h-chenhong", "陈红", "head-nurse", (ward,))
    told = []
    with core.db.read() as conn:
        if events_seen(conn, head, [ward]):
            return 0
        for sample in _SAMPLES:
            stay = encounter_view(conn, stays[sample.bed]) if sample.bed in stays else None
            if stay is not None:
                at = max(core.clock.now() - sample.ago, stay.admitted_at)
                told.append(
                    acting.Report(
                        id=new_id(),
                        ward=ward,
                        kind=sample.kind,
                        happened_at=at,
                        place=sample.place,
                        words=sample.words,
                        said=sample.said,
                        encounter=stay.id,
                    )
                )
    for one in told:
        acting.report(core, nurse, one)
    for one in told[:1]:
        acting.follow_up(core, head, one.id, _FOLLOWED)
    return len(told)
