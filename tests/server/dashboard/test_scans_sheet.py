"""Refused scans as a table: counted by what is asked, over whole days of the ward, each with its share."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cart.screens import scan_refused
from cart.usecases import scan
from server.dashboard.sheets import scans
from server.identity import audit
from tests.server.wards import NURSE, OTHER_NURSE, STAY_1, STAY_2, SmallWard
from wardlink.i18n import speaking
from wardlink.messages.scans import RefuseScan

STAFF = {"n1": "李静", "n2": "王芳"}


def refused(ward: SmallWard, reason: str, *, stay: str = STAY_1, by: object = NURSE, code: str = "bag") -> None:
    """A cart refuses a scan, now."""
    body = RefuseScan(code=code, reason=reason, screen="WardScreen")  # type: ignore[arg-type]
    bed = "b1" if stay == STAY_1 else "b2"
    ward.take(ward.cart.command("scan.refused", body, encounter=stay, bed=bed, actor=by))


def rows(ward: SmallWard, **asked: str) -> list[list[str]]:
    """What the table says, in Chinese."""
    with ward.db.read() as conn, speaking("zh_CN"):
        found = scans.sheet(conn, scans.asked(asked, ward.clock.now()), STAFF, {"w1": "一病区"})
        return [[row.cell(column).text for column in found.columns] for row in found.rows]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("reason", [["医嘱已停", "袋签", "3", "75.0 %"], ["不是这名患者的", "袋签", "1", "25.0 %"]]),
        ("ward", [["一病区", "4", "100.0 %"]]),
        ("bed", [["一病区", "b1", "3", "75.0 %"], ["一病区", "b2", "1", "25.0 %"]]),
        ("nurse", [["王芳", "2", "50.0 %"], ["李静", "2", "50.0 %"]]),
    ],
)
def test_it_is_counted_by_what_is_asked(ward: SmallWard, by: str, expected: list[list[str]]) -> None:
    """The most frequent first."""
    refused(ward, "bag-stopped")
    refused(ward, "bag-stopped")
    refused(ward, "bag-stopped", by=OTHER_NURSE)
    refused(ward, "wrong-patient", stay=STAY_2, by=OTHER_NURSE)

    assert sorted(rows(ward, by=by)) == sorted(expected)
    assert sum(int(row[-2]) for row in rows(ward)) == 4


def test_a_line_without_a_ward_is_not_hidden(ward: SmallWard) -> None:
    """The ward is the cart's, whether or not the code led to a patient; older lines have none, and are listed so."""
    ward.take(
        ward.cart.command("scan.refused", RefuseScan(code="wristband", reason="moved", screen="WardScreen"), bed=None)
    )
    with ward.db.write() as conn:
        audit.append(
            conn,
            at=ward.clock.now(),
            actor="staff:n1",
            device="c1",
            action=audit.SCAN_REFUSED,
            what="wristband moved",
            encounter=None,
            command=None,
            detail={"code": "wristband", "reason": "moved", "bed": None},
        )

    assert sorted(rows(ward, by="ward")) == [["一病区", "1", "50.0 %"], ["病区不明", "1", "50.0 %"]]


def test_days_are_those_of_the_ward(ward: SmallWard) -> None:
    """From its midnight to its midnight."""
    refused(ward, "damaged")
    today = date(2026, 11, 25)

    assert len(rows(ward)) == 1
    assert len(rows(ward, **{"from": today.isoformat(), "to": today.isoformat()})) == 1
    assert rows(ward, to=(today - timedelta(days=1)).isoformat()) == []
    assert rows(ward, **{"from": (today + timedelta(days=1)).isoformat()}) == []
    assert len(rows(ward, **{"from": "yesterday", "by": "colour"})) == 1


def test_every_reason_of_the_cart_has_its_words() -> None:
    """A word that is counted and not explained helps nobody."""
    said = set(scan_refused.REASONS) | {what.value for what in scan.REFUSED}

    assert said <= set(scans.REASONS)
