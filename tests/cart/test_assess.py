"""Assessments on the cart: a key an answer, the result before it is saved, drafts, history, striking out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.sample import SECOND_BADGE, SECOND_PIN
from cart.usecases.assess import changed_answers, difference, marks, rows_of
from cart.usecases.assess_draft import Draft, examine, keys_of, next_open
from cart.widgets.answers import Answers
from tests.cart.nurse import AT, DESIGN, SIZES, Nurse, cart, clock_of, sample, sample_of
from wardlink.clinical.assessments.scales import SCALE_CODES, Item, scales
from wardlink.errors import StoreFailed
from wardlink.messages.assessments import AssessmentView, RecordAssessment
from wardlink.record.assessments import ASSESSMENT

SCALES = scales()
ITEMS = [(code, item) for code in SCALE_CODES for item in SCALES[code].items]
BED = "12"


async def begin(nurse: Nurse, scale: str, bed: str = BED) -> None:
    """Sign in, open the patient, and open the form of this scale."""
    await nurse.sign_in()
    await nurse.open(bed)
    await reopen(nurse, scale)


async def reopen(nurse: Nurse, scale: str) -> None:
    """From the patient's page open the form of this scale."""
    await nurse.press("a", *["down"] * SCALE_CODES.index(scale), "enter")
    assert nurse.page == "AssessFormScreen"


def made(nurse: Nurse, scale: str) -> list[AssessmentView]:
    """What is recorded of this scale, the earliest first."""
    stay = sample_of(nurse).replica.in_bed(BED)
    return [view for view in sample_of(nurse).replica.records(ASSESSMENT, encounter=stay.id) if view.scale == scale]


@pytest.mark.parametrize(("scale", "item"), ITEMS, ids=[f"{code}-{item.code}" for code, item in ITEMS])
def test_every_answer_has_one_key_of_its_own(scale: str, item: Item) -> None:
    """One character, and where answers count up one by one it is the number that stands on paper."""
    keys = [key for key, _option in keys_of(item)]

    assert len(set(keys)) == len(keys) == len(item.options)
    assert all(len(key) == 1 for key in keys)
    if scale in ("braden", "flacc", "gcs"):
        assert all(key == str(option.points) for key, option in keys_of(item) if option.points is not None)


@pytest.mark.parametrize(
    ("scale", "item", "keys"),
    [
        ("morse", "history", "01"),
        ("morse", "aid", "123"),
        ("caprini", "bmi", "01"),
        ("gcs", "verbal", "54321t"),
        ("psych", "dt", "0123456789x"),
        ("barthel", "feeding", "123"),
        ("nrs2002", "low-bmi", "01"),
        ("rass", "state", "123"),
        ("rass", "agitated", "1234"),
        ("rass", "sedated", "12345"),
        ("camicu", "deep", "01"),
        ("tubes", "high", "1234"),
    ],
)
def test_the_keys_are_those_that_one_expects(scale: str, item: str, keys: str) -> None:
    """No and yes are 0 and 1 everywhere; answers without a number of their own are counted."""
    found = SCALES[scale].item(item)
    assert found is not None

    assert "".join(key for key, _option in keys_of(found)) == keys


def test_a_changed_answer_is_confirmed_anew() -> None:
    """A word that was given for other answers does not count; an empty draft is not kept."""
    draft = Draft({"self-harm": "yes"}, confirmed=frozenset({"unfinished"}))

    assert draft.answered("dt", "3").confirmed == frozenset()
    assert draft.answered("self-harm", None).is_empty


def test_the_next_open_question_is_found_round_the_end() -> None:
    """From the last one back to the first that has no answer; none where all have one."""
    morse = SCALES["morse"]
    weighed = examine(morse, Draft({"diagnoses": "0"}), age_years=70).weighed

    assert next_open(weighed, None) == "history"
    assert next_open(weighed, "history") == "aid"
    assert next_open(weighed, "mind") == "history"
    done = examine(morse, Draft({item.code: item.options[0].code for item in morse.items}), age_years=70).weighed
    assert next_open(done, "mind") is None


def test_the_list_knows_what_stands_what_was_before_and_what_has_changed() -> None:
    """A struck one is in the history and counts for nothing."""
    ward = sample()
    stay = ward.replica.in_bed(BED)
    found = ward.replica.records(ASSESSMENT, encounter=stay.id)

    row = rows_of(stay, found)[0]
    assert row.last is not None
    assert (row.last.total, row.before and row.before.total, len(row.made)) == (85, 35, 2)
    assert difference(row.last, row.before) == 50
    assert set(changed_answers(row.last, row.before)) == {"history", "aid", "gait"}
    assert not row.is_overdue(AT)
    assert row.is_overdue(AT + timedelta(hours=21))
    struck = [view.model_copy(update={"struck_at": AT}) if view.id == row.last.id else view for view in found]
    after = rows_of(stay, struck)[0]
    assert (after.last and after.last.total, after.before, len(after.made)) == (35, None, 2)
    assert len(marks(found)) == 2
    assert len(marks(struck)) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_a_fall_scale_takes_a_key_an_answer(size: tuple[int, int]) -> None:
    """Six answers, F2 and a yes; result and actions were on the screen before, and the answers are on the disk."""
    async with cart(size) as nurse:
        await begin(nurse, "morse")
        keys = nurse.keys
        await nurse.press("1", "1", "2", "1", "2", "0")

        assert "85 高度风险" in nurse.text()
        assert "下床活动有人陪同" in nurse.text()
        await nurse.press("f2")
        assert nurse.page == "Question"
        await nurse.press("1")

        assert nurse.keys - keys == 8
        assert nurse.page == "AssessScreen"
        command = sample_of(nurse).recorded[-1]
        body = RecordAssessment.model_validate(command.body)
        assert command.kind == "assessment.record"
        assert body.answers == {"history": "25", "diagnoses": "15", "aid": "15", "iv": "20", "gait": "10", "mind": "0"}
        assert body.seen is not None
        assert (body.seen.totals, body.seen.band) == ({"total": 85}, "high")
        view = made(nurse, "morse")[-1]
        assert (view.total, view.next_at) == (85, AT + timedelta(hours=24))
        assert "不变" in nurse.line("跌倒", "85")


async def test_what_is_open_is_not_saved() -> None:
    """F2 goes to the first question without an answer and says why."""
    async with cart() as nurse:
        await begin(nurse, "braden")
        await nurse.press("3", "3", "3", "f2")

        assert nurse.page == "AssessFormScreen"
        assert nurse.grid("items").key == "mobility"
        assert "还有 3 项未评" in nurse.text()
        assert [command.kind for command in sample_of(nurse).recorded].count("assessment.record") == 0


async def test_a_half_entered_form_waits_for_its_nurse() -> None:
    """It outlives the page and the sign-in, is named on the list, and is nobody else's."""
    async with cart() as nurse:
        await begin(nurse, "braden")
        await nurse.press("3", "2", "escape")
        assert "未填完" in nurse.line("Braden")
        await nurse.press("f12")
        await nurse.sign_in(SECOND_BADGE, SECOND_PIN)
        await nurse.open(BED)
        await nurse.press("a")
        assert "未填完" not in nurse.text()
        await nurse.press("f12")
        await begin(nurse, "braden")

        assert "2/6" in nurse.text()
        assert nurse.grid("items").key == "activity"


async def test_what_applies_is_ticked_and_age_is_not_asked() -> None:
    """The birth date answers the age; a second press takes a tick away."""
    async with cart() as nurse:
        await begin(nurse, "caprini")
        assert nurse.grid("items").key == "operation"
        await nurse.press("5", "down", "down", "1")
        assert "5 极高风险" in nurse.text()
        await nurse.press("up", "space")
        assert "4 高度风险" in nurse.text()
        await nurse.press("home", "3", "f2", "1")

        view = made(nurse, "caprini")[-1]
        assert view.answers == {"age": "2", "operation": "laparoscopic"}


async def test_a_passed_screening_asks_four_questions() -> None:
    """And the first yes brings the others."""
    async with cart() as nurse:
        await begin(nurse, "nrs2002")
        await nurse.press("0", "0", "0", "0")
        assert "初筛无风险" in nurse.text()
        await nurse.press("home", "1")

        assert nurse.grid("items").key == "nutrition"
        await nurse.press("2", "2")
        assert "4 有营养风险" in nurse.text()


async def test_an_emergency_can_be_saved_at_once() -> None:
    """F4 stands for the open questions; it is asked again when an answer changes."""
    async with cart() as nurse:
        await begin(nurse, "psych")
        await nurse.press("1", "6")
        assert "紧急：自伤风险" in nurse.text()
        await nurse.press("f2")
        assert nurse.page == "AssessFormScreen"
        await nurse.press("f4", "f2")
        assert "专人看护" in nurse.text()
        await nurse.press("1")

        view = made(nurse, "psych")[-1]
        assert (view.band, view.totals, view.confirmed) == ("emergency", {"dt": 6}, ("unfinished",))


async def test_earlier_ones_are_struck_out_with_a_reason() -> None:
    """It stays readable, and the one before it counts again."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open(BED)
        await nurse.press("a", "h")
        assert "上次：否" in nurse.line("跌倒史")
        await nurse.press("x", "2")

        assert "已划除" in nurse.line("85")
        assert "选项错误" in nurse.text()
        await nurse.press("escape")
        assert "35 中度风险" in nurse.line("跌倒（Morse）")
        assert "血栓" in nurse.line("风险：")
        assert "跌倒" not in nurse.line("风险：")
        await nurse.press("h", "x")
        assert nurse.page == "AssessHistoryScreen"


async def test_a_full_disk_loses_no_answer() -> None:
    """The error is said in words, and the form still holds what was answered."""
    async with cart() as nurse:
        await begin(nurse, "morse")
        sample_of(nurse).fails_with = StoreFailed()
        await nurse.press("1", "1", "2", "1", "2", "0", "f2", "1")

        assert nurse.page == "AssessFormScreen"
        assert StoreFailed().text() in nurse.notes()
        sample_of(nurse).fails_with = None
        await nurse.press("f2", "1")
        assert made(nurse, "morse")[-1].total == 85


async def test_a_note_is_kept_and_the_form_can_be_emptied() -> None:
    """Emptying asks first."""
    async with cart() as nurse:
        await begin(nurse, "morse")
        await nurse.press("f3", "tab")
        await nurse.typed("abc", "enter")
        assert nurse.app.desk is not None
        (draft,) = nurse.app.desk.assessment_drafts.values()
        assert draft.note == "abc"
        await nurse.press("1", "f7", "1")

        assert nurse.app.desk.assessment_drafts == {}
        assert nurse.grid("items").key == "history"


async def test_a_finger_answers_and_the_language_changes_midway() -> None:
    """A tap on an answer is as good as its key; what was answered is still there in English."""
    async with cart(DESIGN) as nurse:
        await begin(nurse, "braden")
        await nurse.tap(nurse.app.screen.query_one(Answers), (5, 3))
        await nurse.press("f10")

        assert "1 of 6 answered" in nurse.text()
        assert "Completely limited" not in nurse.line("Sensory perception")
        assert "Very limited" in nurse.line("Sensory perception")


async def test_an_answer_is_walked_to_and_taken_back() -> None:
    """With the arrows and the space bar, where a number is not at hand."""
    async with cart() as nurse:
        await begin(nurse, "braden")
        await nurse.press("space", "right", "left", "left")
        assert "没有损害" in nurse.line("感知")
        await nurse.press("backspace")

        assert "0/6" in nurse.text()


async def test_time_makes_it_due_on_an_open_page() -> None:
    """What is due in a minute is overdue after it, without a key."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open(BED)
        await nurse.press("a")
        braden = made(nurse, "braden")[-1]
        sample_of(nurse).change(ASSESSMENT, braden.model_copy(update={"next_at": AT + timedelta(minutes=1)}))
        await nurse.changed()
        assert "逾期" not in nurse.line("Braden")

        await nurse.pass_time(clock_of(nurse), 90)

        assert "逾期" in nurse.line("Braden")
