"""The hospital's files at work: looked at, confirmed, told to the wards at their time, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from server.guides.round import GuideRound, guides_of
from server.house.acts import House
from server.house.drafts import Draft, DraftGone
from server.house.kinds import GUIDES, KINDS
from server.house.looking import change, look_at
from server.house.texts import MOST_BYTES
from server.identity.staff import Person
from tests.server.wards import SmallWard
from wardlink.errors import Collision, InvalidInput, WardlinkError
from wardlink.i18n import speaking

BOSS = Person("m-liu", "刘伟", "manager", ("w1",))
OTHER = Person("m-wu", "吴敏", "manager", ("w1",))
OURS = GUIDES.ours_text()
TITLE = "看懂我的医保"


def guides(title: str) -> str:
    """Ours with another first title."""
    return OURS.replace(TITLE, title, 1)


@pytest.fixture
def round_(ward: SmallWard) -> GuideRound:
    """The guides of a hospital whose settings name no file."""
    return GuideRound(ward.core, None)


@pytest.fixture
def house(ward: SmallWard, round_: GuideRound) -> House:
    """Its files."""
    return House(ward.core, {"guides": round_.file})


def send(house: House, text: str, by: Person = BOSS) -> str:
    """Send a file; what its draft is called."""
    draft = Draft("guides", by.id, "guides.toml", text.encode())
    house.drafts.keep(draft)
    return draft.id


def put(house: House, text: str, saw: str, *, after_s: float | None = None) -> None:
    """Send a file and confirm it."""
    at = None if after_s is None else house.core.clock.now() + timedelta(seconds=after_s)
    house.confirm(BOSS, "guides", send(house, text), saw=saw, note="新", effective_at=at)


def told(ward: SmallWard) -> str | None:
    """The first title that the ward was told."""
    with ward.db.read() as conn:
        found = guides_of(conn, "w1")
    return None if found is None else found.guides[0].title.zh_CN


def audited(ward: SmallWard) -> list[tuple[str, str]]:
    """Action and what of the audit."""
    with ward.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT action, what FROM access_audit ORDER BY no")
        return [(action, what) for action, what in rows]


def test_a_confirmed_version_is_told_without_a_new_start(ward: SmallWard, house: House, round_: GuideRound) -> None:
    """Every ward hears it once, and the audit names it."""
    before = round_.tell()
    put(house, guides("本院医保指南"), "0.0")
    after = (round_.tell(), round_.tell())

    assert (before, after, told(ward)) == (0, (2, 0), "本院医保指南")
    assert audited(ward) == [("house-added", "guides version 1")]


def test_one_for_later_is_told_at_its_time(ward: SmallWard, house: House, round_: GuideRound) -> None:
    """Not a second sooner."""
    put(house, guides("明天的"), "0.0", after_s=3600)
    ward.clock.advance(3599)
    before = (round_.tell(), told(ward))
    ward.clock.advance(1)
    after = (round_.tell(), told(ward))

    assert (before, after) == ((0, None), (2, "明天的"))


def test_one_that_cannot_be_read_any_more_leaves_what_was(ward: SmallWard, house: House, round_: GuideRound) -> None:
    """After a new start too: the version before it holds, and the page says what is wrong."""
    put(house, guides("第一版"), "0.0")
    put(house, guides("第二版"), "1.0")
    with ward.db.write() as conn:
        conn.exec_driver_sql("UPDATE house_version SET text = 'guides = []' WHERE no = 2")
    told_now = round_.tell()
    again = GuideRound(ward.core, None)

    assert (told_now, told(ward), again.tell(), told(ward)) == (2, "第一版", 0, "第一版")
    assert (again.file.version, round_.file.version) == (1, 1)
    assert again.file.fault is not None


def test_a_second_click_changes_nothing(ward: SmallWard, house: House) -> None:
    """It is the same version."""
    draft = send(house, guides("本院"))
    for _twice in range(2):
        house.confirm(BOSS, "guides", draft, saw="0.0", note="", effective_at=None)

    assert [each.no for each in house.versions("guides")] == [1]


def test_who_confirms_on_a_base_that_has_changed_is_refused(house: House) -> None:
    """The draft is kept, to be looked at against what holds now."""
    draft = send(house, guides("慢的人"), OTHER)
    put(house, guides("快的人"), "0.0")
    with pytest.raises(Collision):
        house.confirm(OTHER, "guides", draft, saw="0.0", note="", effective_at=None)
    house.confirm(OTHER, "guides", draft, saw="1.0", note="", effective_at=None)

    assert [(each.no, each.by) for each in house.versions("guides")] == [(2, "staff:m-wu"), (1, "staff:m-liu")]


def test_a_draft_is_its_senders_own(house: House) -> None:
    """Nobody confirms what another has sent; nor what was never sent."""
    draft = send(house, guides("我的"))
    for by, name in ((OTHER, draft), (BOSS, "nothing")):
        with pytest.raises(DraftGone):
            house.confirm(by, "guides", name, saw="0.0", note="", effective_at=None)


def test_a_file_in_the_settings_holds_and_locks_the_page(ward: SmallWard, house: House, tmp_path: Path) -> None:
    """Also over versions that were put in before."""
    put(house, guides("库里的"), "0.0")
    path = tmp_path / "guides.toml"
    path.write_text(guides("设置里的"), "utf-8")
    named = GuideRound(ward.core, path)
    locked = House(ward.core, {"guides": named.file})

    assert (named.tell(), told(ward)) == (2, "设置里的")
    assert locked.text("guides", None) == guides("设置里的")
    with pytest.raises(Collision, match="WARDLINK_GUIDES"):
        put(locked, guides("再来"), "1.0")


@pytest.mark.parametrize(
    ("text", "after_s", "refusal"),
    [(OURS, None, InvalidInput), (guides("x"), -1, InvalidInput), ("guides = []", None, InvalidInput)],
)
def test_what_says_nothing_new_or_lies_in_the_past_or_is_wrong_is_refused(
    house: House, text: str, after_s: float | None, refusal: type[WardlinkError]
) -> None:
    """Nothing is written."""
    with pytest.raises(refusal):
        put(house, text, "0.0", after_s=after_s)

    assert house.versions("guides") == []


def test_a_former_version_and_what_ships_hold_again_as_new_ones(
    ward: SmallWard, house: House, round_: GuideRound
) -> None:
    """History only grows."""
    put(house, guides("第一版"), "0.0")
    put(house, guides("第二版"), "1.0")
    house.again(BOSS, "guides", 1, saw="2.0", note="第二版有误")
    round_.tell()
    first = told(ward)
    house.again(BOSS, "guides", 0, saw="3.0", note="全部重来")
    round_.tell()

    assert (first, told(ward), round_.file.version) == ("第一版", TITLE, 4)
    assert house.text("guides", 3) == guides("第一版")


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "空"),
        (b"\xef\xbb\xbf \r\n", 1, "空"),
        (b'source = "a"\n\xb2\xcb\n', 2, "UTF-8"),
        (b"\xff\xfes\x00", 1, "UTF-8"),
        (KINDS["menu"].ours_text().encode(), 1, "菜单"),
        (b"source = \n", 1, "TOML"),
    ],
)
def test_a_file_that_cannot_be_one_is_said_in_the_readers_language(data: bytes, line: int, words: str) -> None:
    """With its line."""
    with speaking("zh_CN"):
        faults = look_at(GUIDES, data).faults

        assert [(fault.line, words in fault.text()) for fault in faults] == [(line, True)]


def test_a_file_that_is_too_large_is_refused() -> None:
    """It is not even read."""
    with pytest.raises(InvalidInput):
        look_at(GUIDES, b"#" * (MOST_BYTES + 1))


def test_windows_marks_and_ends_of_lines_do_no_harm() -> None:
    """It is the same text."""
    data = b"\xef\xbb\xbf" + OURS.replace("\n", "\r\n").encode()

    assert look_at(GUIDES, data).text == OURS


def test_all_faults_of_guides_are_named() -> None:
    """Each with the line of the part in which it is."""
    faults = look_at(GUIDES, OURS.replace("en = ", "eng = ", 3).encode()).faults

    assert len(faults) > 3


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_ships_of_every_kind_can_be_sent_back(kind: object) -> None:
    """It is the template to begin from, and changes nothing."""
    kind_ = next(each for each in KINDS.values() if each is kind)
    looked = look_at(kind_, kind_.ours_text().encode())

    assert looked.faults == ()
    assert change(kind_.entries(kind_.ours()), kind_.entries(looked.read)).is_none


def test_what_is_new_gone_and_different_is_told_apart() -> None:
    """By code."""
    text = OURS.replace(TITLE, "改名", 1)
    looked = look_at(GUIDES, text.encode())
    before = dict(GUIDES.entries(GUIDES.ours()))
    gone, first = before.pop(list(before)[-1]), next(iter(before))
    after = dict(GUIDES.entries(looked.read))
    last = list(after)[-1]

    found = change(before, after)
    assert ([code for code, _l in found.added], [code for code, _l in found.changed]) == ([last], [first])
    assert [code for code, _l in change(after | {"x": gone}, after).removed] == ["x"]
