"""What was cooked for nobody: meals cancelled too late, trays that went back, and the figures of some days."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlmodel import col

from server.meals.round import MealRound
from server.meals.waste import BY, Asked, Waste, total, waste
from server.meals.wrong_diet import wrong_diets
from server.money.lines import LINE
from server.money.prices import sample_prices
from server.money.round import ChargeRound
from server.record.models import RecordRow
from tests.server.meals.table import TODAY, laid, meal, meals, nurse_says, ordered, put
from tests.server.orders.ward import do
from tests.server.wards import DESK, STAY_1, SmallWard
from wardlink.clinical.meals.returns import FREE, REASONS, reason_said, reason_text
from wardlink.clinical.meals.times import MEALS, Slot
from wardlink.i18n import LANGUAGES, speaking
from wardlink.messages.encounters import UpdateEncounter


def charged(ward: SmallWard) -> int:
    """Fen of the first stay's meals, after the charging round has looked."""
    ChargeRound(ward.core, sample_prices).look(STAY_1)
    with ward.db.read() as conn:
        amounts = conn.execute(select(LINE.c.amount_fen).where(LINE.c.source_kind == "meal")).scalars()
        return sum(amounts)


def figures(ward: SmallWard, by: Any = "meal", days: int = 1) -> dict[tuple[str, ...], Waste]:
    """Of today and so many days, of both wards."""
    asked = Asked(("w1", "w2"), TODAY, TODAY + timedelta(days=days - 1), ward.clock.now())
    with ward.db.read() as conn:
        return dict(waste(conn, asked, by))


def cooked(ward: SmallWard) -> str:
    """A dinner that is on its way."""
    name = ordered(ward, "RD3")
    ward.clock.advance(7.75 * 3600)
    for act in ("lock", "cook", "dispatch"):
        do(ward, f"meal.{act}", {"meal": name}, by=DESK)
    return name


def stopped(ward: SmallWard, round_: MealRound) -> None:
    """The doctor asks for another diet, and the dinner must not come."""
    ward.core.execute("encounter.update", UpdateEncounter(diet="low-salt"), ward="w1", actor=DESK, encounter=STAY_1)
    round_.look(STAY_1)


def goes_back(ward: SmallWard, name: str, reason: str = "away") -> None:
    """A nurse sends the tray back."""
    nurse_says(ward, "meal.return", meal=name, reason=reason_text(reason), medical=reason in FREE)  # type: ignore[arg-type]


def test_a_meal_that_was_cancelled_after_cooking_is_waste_and_free(ward: SmallWard) -> None:
    """Its tray goes back, once; the meal stays cancelled, nobody is charged, and nobody has a case to clear up."""
    round_ = laid(ward)
    name = cooked(ward)
    stopped(ward, round_)
    before = figures(ward)
    goes_back(ward, name)
    once = meal(ward, name)
    goes_back(ward, name)

    assert before[("dinner",)].late == 1
    assert (once.state, once.back is not None, once.cancelled_late) == ("cancelled", True, True)
    assert charged(ward) == 0
    assert figures(ward)[("dinner",)] == Waste(made=1, late=1)
    assert [row.kind for row in ward.exceptions()] == ["meal-contradicts"]


def test_what_was_cancelled_before_it_was_cooked_is_none(ward: SmallWard) -> None:
    """Nothing was made."""
    round_ = laid(ward)
    ordered(ward, "RD3")
    stopped(ward, round_)
    ward.clock.advance(8 * 3600)

    assert figures(ward) == {}


def test_a_return_by_mistake_is_taken_back_with_its_charge(ward: SmallWard) -> None:
    """It was cooked and not wanted: charged; it did not go back after all: not any more, until it is at the bed."""
    laid(ward)
    name = cooked(ward)
    goes_back(ward, name)
    back = (meal(ward, name).state, charged(ward), figures(ward)[("dinner",)].back)
    with ward.db.read() as conn:
        not_wrong = wrong_diets(conn, ["w1"], meal(ward, name).served_at)
    nurse_says(ward, "meal.undo", meal=name, reason="entered by mistake")
    again = (meal(ward, name).state, charged(ward), figures(ward)[("dinner",)].back)
    nurse_says(ward, "meal.deliver", meal=name, tray_code="tray", bed_code="bed")
    goes_back(ward, name, "wrong-diet")

    with ward.db.read() as conn:
        wrong = [wrong_diets(conn, [of], meal(ward, name).served_at) for of in ("w1", "w2")]
    nurse_says(ward, "meal.undo", meal=name, reason="entered by mistake")
    with ward.db.read() as conn:
        taken_back = wrong_diets(conn, ["w1"], meal(ward, name).served_at)

    assert [[one.meal.id for one in found] for found in wrong] == [[name], []]
    assert (not_wrong, taken_back) == ([], [])
    assert back == ("returned", 1800, Counter({"away": 1}))
    assert again == ("dispatched", 0, Counter())
    assert charged(ward) == 0
    assert ward.exceptions() == []


def test_reasons_are_known_in_whichever_language_they_were_chosen() -> None:
    """And what somebody wrote in other words is another reason."""
    for name in LANGUAGES:
        with speaking(name):
            texts = {reason_text(reason): reason for reason in REASONS}
        assert {text: reason_said(text) for text in texts} == texts
    assert [reason_said(text) for text in ("it fell down", "", None)] == ["other"] * 3


def test_what_is_not_served_yet_is_not_counted(ward: SmallWard) -> None:
    """From the moment at which serving begins."""
    laid(ward)
    ordered(ward, "RD3")
    ward.clock.advance((meals(ward)[0].served_at - ward.clock.now()).total_seconds() - 1)
    before = figures(ward)
    ward.clock.advance(1)

    assert before == {}
    assert figures(ward)[("dinner",)].made == 1


ENDS = ("placed", "delivered", "closed", "away", "wrong-diet", "other", "late", "early")
TRAYS = st.lists(
    st.tuples(
        st.sampled_from(ENDS),
        st.integers(0, 2),
        st.sampled_from(MEALS),
        st.sampled_from(["w1", "w2", "w3"]),
        st.sampled_from([(), ("low-salt",), ("low-salt", "diabetic")]),
        st.sampled_from([None, 0, 25, 100]),
    ),
    max_size=12,
)


@given(trays=TRAYS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lines_are_what_became_of_each_tray(ward: SmallWard, trays: list[Any]) -> None:
    """By whatever they are split, against a plain count; trays of other wards and of later days are not among them."""
    with ward.db.write() as conn:
        conn.execute(delete(RecordRow).where(col(RecordRow.kind) == "meal"))
    ward.clock.advance(
        max(0.0, (Slot(TODAY + timedelta(days=1), "dinner").until_at - ward.clock.now()).total_seconds())
    )
    for tray in trays:
        put(ward.db, *tray)
    counted = [tray for tray in trays if tray[1] <= 1 and tray[3] != "w3" and tray[0] != "early"]

    for by in BY:
        lines = figures(ward, by, days=2)
        keys: dict[str, Any] = {
            "day": lambda tray: ((TODAY + timedelta(days=tray[1])).isoformat(),),
            "meal": lambda tray: (tray[2],),
            "ward": lambda tray: (tray[3],),
            "diet": lambda tray: (",".join(tray[4]),),
            "each": lambda tray: (tray[3], tray[2], ",".join(tray[4])),
        }
        assert set(lines) == {keys[by](tray) for tray in counted}
        for key, line in lines.items():
            here = [tray for tray in counted if keys[by](tray) == key]
            ends = Counter(tray[0] for tray in here)
            noted = [tray[5] for tray in here if tray[0] == "closed" and tray[5] is not None]
            back = Counter({reason: ends[reason] for reason in ("away", "wrong-diet", "other") if ends[reason]})
            assert line == Waste(len(here), back, ends["late"], len(noted), float(sum(noted)))
        assert total(lines).made == len(counted)


@pytest.mark.parametrize(("line", "share"), [(Waste(), None), (Waste(made=4, back=Counter(away=1), late=1), 0.5)])
def test_nothing_is_divided_by_nothing(line: Waste, share: float | None) -> None:
    """Of no tray there is no share."""
    assert line.share == share
