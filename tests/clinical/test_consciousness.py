"""What the ward's words mean for NEWS2."""

from __future__ import annotations

import pytest

from wardlink.clinical.codes import Acvpu
from wardlink.clinical.consciousness import Consciousness, acvpu_for
from wardlink.i18n import speaking


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (None, None),
        ("alert", "A"),
        ("confused", "C"),
        ("delirious", "C"),
        ("drowsy", "V"),
        ("stuporous", "P"),
        ("light-coma", "U"),
        ("moderate-coma", "U"),
        ("deep-coma", "U"),
        ("sedated", None),
    ],
)
def test_each_word_suggests_its_code(word: str | None, expected: str | None) -> None:
    """An empty field and a sedated patient are unknown, never alert."""
    assert acvpu_for(None if word is None else Consciousness(word)) == expected  # type: ignore[call-arg]


@pytest.mark.parametrize("word", [Consciousness.CONFUSED, Consciousness.DELIRIOUS])
def test_only_new_confusion_counts(word: Consciousness) -> None:
    """Long-standing dementia is A."""
    assert acvpu_for(word, long_standing=True) is Acvpu.ALERT


def test_a_coma_that_answers_to_pain_is_p() -> None:
    """The nurse says whether it does."""
    assert acvpu_for(Consciousness.LIGHT_COMA, responds_to_pain=True) is Acvpu.PAIN


def test_the_words_are_those_of_the_ward() -> None:
    """All nine, as Chinese wards write them."""
    with speaking("zh_CN"):
        assert "".join(word.text() for word in Consciousness) == "清醒嗜睡意识模糊昏睡浅昏迷中昏迷深昏迷谵妄镇静"
