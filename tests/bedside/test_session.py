"""Who may see what at a bed, and what is wiped before anybody else may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bedside.sample import ADMISSION_NO, BIRTHDAY, LAST4, PLACE, SampleTerminal, sample_stay
from bedside.usecases.frame import age_text_of, band, header, look, where_text
from bedside.usecases.session import Session, forget_departed, is_over, note, open_session
from bedside.usecases.today import TERMS, Term, term_of
from bedside.usecases.words import age_text, date_text, when_text
from wardlink.clock import FixedClock
from wardlink.errors import SignInFailed, StoreFailed, Unreachable
from wardlink.i18n import speaking
from wardlink.messages.base import Actor

AT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)


@pytest.fixture
def terminal() -> SampleTerminal:
    """The invented bed."""
    return SampleTerminal(FixedClock(AT))


@pytest.mark.parametrize("second", [LAST4, BIRTHDAY])
def test_either_second_identifier_opens(terminal: SampleTerminal, second: str) -> None:
    """And the patient is the one who acts then."""
    session = open_session(terminal, ADMISSION_NO, second)

    assert session.actor == Actor(kind="patient", id=session.encounter)


def test_a_wrong_answer_opens_nothing(terminal: SampleTerminal) -> None:
    """Whichever was wrong."""
    with pytest.raises(SignInFailed):
        open_session(terminal, ADMISSION_NO, "0000")
    with pytest.raises(SignInFailed):
        open_session(terminal, "ZY026002", LAST4)


def test_without_a_server_the_fault_is_named(terminal: SampleTerminal) -> None:
    """It is not the patient's."""
    terminal.connect(online=False, server_alive=False)

    with pytest.raises(Unreachable):
        open_session(terminal, ADMISSION_NO, LAST4)


def test_who_was_here_before_is_wiped_before_anybody_is_let_in(terminal: SampleTerminal) -> None:
    """Even where the screen had no time to."""
    terminal.discharge()
    terminal.admit(sample_stay(AT, id="00000000-0000-7000-8000-000000000099", name="赵强"))

    session = open_session(terminal, ADMISSION_NO, LAST4)

    assert terminal.wiped == 1
    assert terminal.replica.departed() == []
    assert session.stay.name == "赵强"


def test_nobody_is_let_in_over_data_that_cannot_be_wiped(
    terminal: SampleTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails: the door stays shut."""

    def broken() -> None:
        raise StoreFailed(detail="busy")

    terminal.discharge()
    terminal.admit(sample_stay(AT, id="00000000-0000-7000-8000-000000000099"))
    monkeypatch.setattr(terminal, "wipe", broken)

    with pytest.raises(StoreFailed):
        open_session(terminal, ADMISSION_NO, LAST4)


def test_nothing_is_wiped_without_need(terminal: SampleTerminal) -> None:
    """Whoever lies here keeps their pages."""
    assert forget_departed(terminal) is False
    assert terminal.wiped == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, False),
        ({"status": "finished"}, True),
        ({"bed": "13"}, True),
        ({"ward": "w4"}, True),
        ({"level": "level1"}, False),
    ],
)
def test_a_session_ends_with_the_stay_in_this_bed(
    terminal: SampleTerminal, changed: dict[str, str], expected: bool
) -> None:
    """Discharged, another bed, another ward; not for another level of care."""
    session = Session(sample_stay(AT))
    terminal.replica.stay = sample_stay(AT, **changed)

    assert is_over(session, terminal.replica, PLACE) is expected


def test_what_is_looked_at_is_written_down(terminal: SampleTerminal) -> None:
    """As the patient's own."""
    session = Session(sample_stay(AT))

    note(terminal, session, "view", "vitals")

    command = terminal.recorded[0]
    assert (command.kind, command.encounter, command.body) == (
        "audit.event",
        session.encounter,
        {"action": "view", "what": "vitals"},
    )


def test_a_neutral_header_holds_nothing_of_the_patient(terminal: SampleTerminal) -> None:
    """Ward, bed, day, season, time."""
    seen = look(terminal, PLACE, None, None)
    with speaking("zh_CN"):
        assert header(seen, PLACE, None, AT) == (["3 病区 · 12 床"], "11月23日 周一 · 小雪 10:42")


@pytest.mark.parametrize(
    ("label", "expected"),
    [("12", "3 病区 · 12 床"), ("12 床", "3 病区 · 12 床"), ("抢救室", "3 病区 · 抢救室"), (None, "3 病区 · 12 床")],
)
def test_a_bare_number_is_said_to_be_a_beds(terminal: SampleTerminal, label: str | None, expected: str) -> None:
    """However the hospital labels its beds; by its id before the server has told."""
    seen = replace(look(terminal, PLACE, None, None), bed_label=label)
    with speaking("zh_CN"):
        assert where_text(seen, PLACE) == expected


def test_the_header_of_a_session_is_masked(terminal: SampleTerminal) -> None:
    """As on a card at the bed: no diagnosis, no money."""
    session = Session(sample_stay(AT))
    seen = look(terminal, PLACE, session, None)
    with speaking("zh_CN"):
        assert header(seen, PLACE, session, AT)[0] == ["3 病区 · 12 床", "王*英 女 67 岁", "二级护理", "低盐饮食"]


def test_a_birth_in_the_future_has_no_age() -> None:
    """A typing error at admission must not stop the screen."""
    assert age_text_of(sample_stay(AT, birth_on=date(2030, 1, 1)), AT) == ""


@pytest.mark.parametrize(
    ("online", "server_alive", "refused", "lock_in_s", "expected"),
    [
        (True, True, False, None, ""),
        (True, True, False, 21, ""),
        (True, True, False, 20, "20 秒后锁屏，触摸屏幕可继续使用。"),
        (False, False, False, None, "离线 · 数据截至 10:42"),
        (True, False, False, None, "离线 · 数据截至 10:42"),
        (False, False, False, 5, "5 秒后锁屏，触摸屏幕可继续使用。"),
        (True, True, True, None, "病区不认识这台屏幕，请告诉护士。"),
    ],
)
def test_the_band_says_what_must_be_known_first(
    terminal: SampleTerminal, online: bool, server_alive: bool, refused: bool, lock_in_s: int | None, expected: str
) -> None:
    """Old data, a lock that is near, a screen that the ward does not know."""
    terminal.connect(online=online, server_alive=server_alive)
    terminal.refused_credential = refused
    with speaking("zh_CN"):
        assert band(look(terminal, PLACE, None, None), AT, lock_in_s) == expected


@pytest.mark.parametrize(
    ("day", "name", "nth"),
    [
        (date(2026, 11, 21), "立冬", 15),
        (date(2026, 11, 22), "小雪", 1),
        (date(2026, 11, 23), "小雪", 2),
        (date(2026, 12, 22), "冬至", 1),
        (date(2027, 1, 1), "冬至", 11),
        (date(2027, 2, 4), "立春", 1),
    ],
)
def test_the_solar_term_of_a_day(day: date, name: str, nth: int) -> None:
    """By the almanac; Minor Snow 2026 began on 22 November, the winter solstice falls on 22 December."""
    found = term_of(day)
    with speaking("zh_CN"):
        assert (found.name_text(), found.day) == (name, nth)


@pytest.mark.parametrize("index", range(24))
def test_every_solar_term_has_a_name_of_its_own(index: int) -> None:
    """In both languages."""
    for language in ("zh_CN", "en"):
        with speaking(language):
            names = [Term(n, 1).text() for n in range(len(TERMS))]
        assert names.count(names[index]) == 1


def test_days_and_ages_are_said_in_both_languages() -> None:
    """The day is named where it is not today."""
    earlier = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    with speaking("zh_CN"):
        assert (date_text(AT), when_text(earlier, AT)) == ("11月23日 周一", "11月22日 周日 10:00")
        assert age_text(AT - earlier) == "24 小时前"
    with speaking("en"):
        assert (date_text(AT), when_text(AT, AT)) == ("Mon 23 Nov", "10:42")
