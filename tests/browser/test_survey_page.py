"""The page about satisfaction: nothing of four answers, the scores of five, names only of those who gave them."""

from __future__ import annotations

from server.survey.service import take
from tests.browser.servers import MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.clinical.survey import items
from wardlink.ids import new_id
from wardlink.messages.surveys import AnswerSurvey


def answered(still: StillServer, n: int, stay: str | None = None, **points: int) -> None:
    """So many stays answer; `stay`: with the name of this one."""
    for _ in range(n):
        given = AnswerSurvey(points=dict.fromkeys(items(), 4) | points, anonymous=stay is None)
        with still.core.db.write() as conn:
            take(conn, "w3", stay or new_id(), given, still.clock.now())


def test_scores_are_shown_from_five_answers_on(still: StillServer, browsing: Browsing) -> None:
    """Four wait and say nothing; the fifth brings the scores of all, in a table, by month and as a file."""
    window = browsing.window(still.url)
    answered(still, 4, food=1)
    window.sign_in(MANAGER, then="/board/survey?ward=w3")
    window.wait("four wait", lambda: "4 份等待凑满" in window.text("main.page"))
    assert "共 0 份" in window.text("main.page")
    assert "20.0" not in window.text("main.page")

    answered(still, 1, food=1)
    window.go("/board/survey?ward=w3")
    window.wait("five are read", lambda: "共 5 份" in window.text("main.page"))
    food = window.text("tr[data-key=food]")
    assert "20.0" in food
    assert "1：5" in food
    assert "80.0" in window.text("tr[data-key=privacy]")
    assert "不足 5 份" in window.text("tr[data-key=recommend]")
    assert "2026-11" in window.text("main.page")
    file = window.page.request.get(f"{still.url}/board/survey.csv?ward=w3").body().decode("utf-8-sig")
    assert "2026-11,饭菜,5,20.0,1：5" in file
    assert any("survey of w3" in what for what in still.audited("view"))

    answered(still, 1, stay=still.stays["1"], pain=1)
    window.go("/board/survey?ward=w3")
    window.wait("one with a name waits", lambda: "1 份等待凑满" in window.text("main.page"))
    assert "王*英" not in window.text("main.page")
    for bed in "234":
        answered(still, 1, stay=still.stays[bed])
    answered(still, 1, stay=new_id())
    window.go("/board/survey?ward=w3&month=2026-11&q=疼痛")
    window.wait("who gave a name stands there", lambda: "王*英" in window.text("main.page"))
    assert "王秀英" not in window.text("main.page")

    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(MANAGER, then="/board/survey?month=nonsense&page=x")
    phone.wait("the page is there", lambda: "Satisfaction" in phone.text("h1"))
    assert phone.overflow_px() <= 0
    nurse = browsing.window(still.url)
    nurse.sign_in(NURSE, then="/board/survey")
    nurse.wait("a nurse may not", lambda: "没有进行此操作的权限" in nurse.text("main.page"))
