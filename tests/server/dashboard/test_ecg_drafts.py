"""What a doctor had typed stays theirs, until it is taken, and never without end."""

from __future__ import annotations

from server.dashboard.ecg.drafts import MOST, Draft, Drafts


def test_a_draft_is_of_one_person_and_one_strip() -> None:
    """Kept until it was taken; the newest word holds."""
    drafts = Drafts()
    for text in ("a", "b"):
        drafts.keep("d1", "s1", Draft(text))

    assert [drafts.of(*who).text for who in (("d1", "s1"), ("d2", "s1"), ("d1", "s2"))] == ["b", "", ""]
    drafts.drop("d1", "s1")
    assert drafts.of("d1", "s1") == Draft()


def test_the_oldest_goes_first() -> None:
    """One that was kept again is new."""
    drafts = Drafts()
    for n in range(MOST):
        drafts.keep("d1", str(n), Draft(str(n)))
    drafts.keep("d1", "0", Draft("again"))
    drafts.keep("d1", "more", Draft("more"))

    assert [drafts.of("d1", name).text for name in ("0", "1", "2", "more")] == ["again", "", "2", "more"]
