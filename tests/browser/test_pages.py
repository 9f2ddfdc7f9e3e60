"""The other pages: what waits for a person is closed there, tables become files, naughty texts stay texts."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress

import pytest
from pydantic import ValidationError
from sqlalchemy import insert

from server.models import Parked
from tests.browser.servers import MANAGER, NURSE, StillServer
from tests.browser.visitor import Browsing, Window
from tests.cases import case
from wardlink import topics
from wardlink.errors import WardlinkError


@pytest.fixture
def window(still: StillServer, browsing: Browsing) -> Window:
    """Signed in as the manager."""
    found = browsing.window(still.url)
    found.sign_in(MANAGER, then="/board/wards")
    return found


def lines(window: Window, path: str) -> list[dict[str, str]]:
    """A table as the browser's owner gets it as a file."""
    answer = window.page.request.get(window.url + path)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))


def test_an_exception_is_closed_with_a_reason(still: StillServer, window: Window) -> None:
    """It leaves the open ones, and stands among the closed with who and why."""
    still.record("1", by="nobody-we-know", pulse_per_min=70.0)
    window.go("/board/exceptions")
    window.page.locator("tbody a").first.click()
    window.page.fill("form[action$=close] textarea", "问过护士，是新来的同事。")

    window.page.click("form[action$=close] button")

    window.wait("it is closed", lambda: "问过护士" in window.text("main"))
    window.go("/board/exceptions?state=closed")
    assert [name in window.text("tbody") for name in ("问过护士", "刘伟")] == [True, True]


def test_an_exception_without_a_reason_stays_open(still: StillServer, window: Window) -> None:
    """Blanks are no reason."""
    still.record("1", by="nobody-we-know", pulse_per_min=70.0)
    window.go("/board/exceptions")
    window.page.locator("tbody a").first.click()
    window.page.fill("form[action$=close] textarea", "   ")

    window.page.click("form[action$=close] button")

    window.wait("the page says so", lambda: window.page.locator("[role=alert]").count() == 1)
    assert window.page.locator("form[action$=close] textarea").count() == 1


def test_a_message_that_was_set_aside_is_shown_and_closed(still: StillServer, window: Window) -> None:
    """Whole, as text, whatever is in it."""
    payload = b'<script>window.hurt=1</script> \xff\x00 {"v": 9}'
    with still.core.db.write() as conn:
        conn.execute(
            insert(Parked.__table__).values(  # type: ignore[attr-defined]
                digest="d" * 64,
                received_at=still.clock.now(),
                topic=topics.up("w3", "c1"),
                device="c1",
                code="message-unreadable",
                reason="This message cannot be read.",
                payload=payload,
                times=2,
            )
        )
    window.go("/board/parked")
    window.page.locator("tbody a").first.click()
    window.wait("the message", lambda: "<script>window.hurt=1</script>" in window.text("pre"))
    window.page.fill("textarea", "设备已更换")

    window.page.locator("form.ask button").last.click()

    window.wait("it is closed", lambda: "设备已更换" in window.text("main"))
    assert window.page.evaluate("window.hurt") is None


def test_the_chains_are_checked_on_the_page(still: StillServer, window: Window) -> None:
    """Both kinds: the audit, and the change log of each ward that there is."""
    window.go("/board/audit")
    window.wait("the page", lambda: window.page.locator("[role=status]").count() == 1)

    window.page.locator("main .button", has_text="核对完整性").click()

    window.wait("whole chains", lambda: window.page.locator(".notice.good").count() >= 2)
    chains = window.page.locator(".notice.good").count()
    assert window.page.locator(".notice.bad").count() == 0
    window.go("/board/audit?q=核对")
    window.wait("that it was checked", lambda: "全部完整" in window.text("#checked"))
    assert "核对" in window.text("tbody tr:first-child")
    window.page.locator(".page summary").click()
    assert window.text("pre").count('"head"') == chains


def test_a_broken_chain_is_told(still: StillServer, window: Window) -> None:
    """Somebody has changed a line behind our back."""
    with still.core.db.write() as conn:
        conn.exec_driver_sql("UPDATE access_audit SET what = 'nothing' WHERE no = 1")
    window.go("/board/audit")
    window.wait("the page", lambda: window.page.locator("[role=status]").count() == 1)
    try:
        window.page.locator("main .button", has_text="核对完整性").click()

        window.wait("a broken chain", lambda: window.page.locator("[role=status] .notice.bad").count() == 1)
    finally:
        with still.core.db.write() as conn:
            conn.exec_driver_sql("UPDATE access_audit SET what = '' WHERE no = 1")


def test_the_audit_is_searched_by_name(still: StillServer, browsing: Browsing, window: Window) -> None:
    """By what stands on the screen, not by an id."""
    browsing.window(still.url).sign_in(NURSE, then="/board/wards")

    window.go(f"/board/audit?q={NURSE.name}")

    window.wait("the nurse's lines", lambda: window.page.locator("tbody tr").count() > 0)
    assert {row.split("\t")[2] for row in window.text("tbody").splitlines()} == {NURSE.name}


def test_tables_are_exported_as_they_are_shown(still: StillServer, window: Window) -> None:
    """The readings of a stay, the devices and the audit; and every export is audited."""
    still.clock.advance(1)
    still.record("1", temp_c=37.2, pulse_per_min=77.0, sbp_mmhg=118.0, dbp_mmhg=76.0)
    stay = still.stays["1"]

    newest = lines(window, f"/board/stay/{stay}.csv")[0]
    devices = lines(window, "/board/fleet.csv?q=M2")

    assert (newest["体温 °C"], newest["血压 mmHg"], newest["操作者"]) == ("37.2", "118/76", NURSE.name)
    assert newest["测量"].startswith("2026-11-25 1")
    assert [line["设备"] for line in devices] == ["M2 (m2)"]
    assert f"vital-signs /board/stay/{stay}.csv" in still.audited("export")


def test_the_curves_of_a_patient_are_drawn(still: StillServer, window: Window) -> None:
    """One chart a reading, and words where nothing was measured."""
    still.record("1", temp_c=37.2, pulse_per_min=77.0)

    window.go(f"/board/stay/{still.stays['1']}?hours=6")

    window.wait("the charts", lambda: window.page.locator(".plot canvas, .plot svg").count() >= 2)


@pytest.mark.parametrize(
    "path", ["/board/stay/00000000-0000-7000-8000-00000000dead", "/board/nowhere", "/board/?ward=w9"]
)
def test_what_does_not_exist_is_said_in_words(still: StillServer, window: Window, path: str) -> None:
    """With the way back."""
    window.go(path)

    window.wait("the sentence", lambda: window.page.locator("[role=alert]").count() == 1)


@pytest.mark.cases
def test_naughty_texts_are_shown_as_texts(still: StillServer, window: Window) -> None:
    """Scripts, templates, quotes and back-quotes in a note: each comes out as it went in."""
    every: list[str] = json.loads(case("naughty", "blns.json").read_text("utf-8"))
    stay, kept = still.admit("9", "吴燕"), []
    for text in [text for text in every if set(text) & set("<{`$\\\"&'%")][::4]:
        with suppress(WardlinkError, ValidationError):
            still.record("9", note=text, pulse_per_min=70.0)
            kept.append(text)
    shown: list[str] = []
    for number in range(1, 2 + len(kept) // 50):
        window.go(f"/board/stay/{stay}?page={number}")
        window.wait("the notes", lambda: window.page.locator("#sets tbody tr").count() > 0)
        shown += window.page.locator("#sets tbody td.why").all_text_contents()

    assert len(kept) > 30
    assert sorted(shown) == sorted(kept)
    assert window.faults == []
