"""A patient's lessons on the cart: for whom they are, how far, and the nurse's signature."""

from __future__ import annotations

from tests.cart.nurse import cart, sample_of
from wardlink.messages.lessons import LessonView
from wardlink.record.lessons import lesson_id


async def test_the_nurse_sees_what_was_understood_and_signs() -> None:
    """From the patient's page with one key."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        ward = sample_of(nurse)
        stay = next(stay for stay in ward.replica.encounters() if stay.bed == "12")
        view = LessonView(
            id=lesson_id(stay.id, "low-salt"),
            encounter=stay.id,
            bed="12",
            lesson="low-salt",
            state="understood",
            changed_at=ward.clock.now(),
            command=stay.id,
            right=3,
            asked=3,
            tries=1,
        )
        ward.replica.held["lesson", view.id] = view
        await nurse.press("l")
        assert nurse.page == "LessonsScreen"
        assert all(said in nurse.line("低盐饮食") for said in ("本病人", "✓ 已掌握", "3/3"))
        nurse.app.page.query_one("#lessons").go_to("low-salt")  # type: ignore[attr-defined]
        await nurse.settle()
        await nurse.press("s")
        await nurse.settle()

        assert (ward.recorded[-1].kind, ward.recorded[-1].body) == ("lesson.sign", {"lesson": "low-salt"})
        assert "✓ 李静" in nurse.line("低盐饮食")
