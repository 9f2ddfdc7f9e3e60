"""The exercises that a therapist can choose from, and the words that go with them. Source: ward domain sheet 10.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Assist = Literal["alone", "watched", "one", "two"]
Words = Literal["kinds", "postures", "assists", "efforts", "signs"]


@dataclass(frozen=True)
class Exercise:
    """One of the table. `actions` are its steps, `text` what must not be done."""

    code: str
    kind: str
    posture: str
    label: str
    actions: tuple[str, ...]
    text: str

    def label_text(self) -> str:
        """What it is called."""
        return gettext(self.label)

    def step_texts(self) -> tuple[str, ...]:
        """How it is done, a sentence a step."""
        return tuple(gettext(action) for action in self.actions)

    def care_text(self) -> str:
        """What must not be done."""
        return gettext(self.text)


@cache
def exercises() -> Mapping[str, Exercise]:
    """All of them by their code, in the order in which they are shown."""
    return {
        code: Exercise(code, row["kind"], row["posture"], row["label"], tuple(row["actions"]), row["text"])
        for code, row in load("rehabilitation")["exercises"].items()
    }


def words(table: Words) -> Mapping[str, str]:
    """The words of one of the small tables, by their code and in their order."""
    labels = {code: row["label"] for code, row in load("rehabilitation")[table].items()}
    return {code: gettext(label) for code, label in labels.items()}


def word(table: Words, code: str) -> str:
    """The word for a code; the code where the table does not know it."""
    return words(table).get(code, code)


def exercise_text(code: str) -> str:
    """What an exercise is called; its code where no table knows it."""
    known = exercises().get(code)
    return known.label_text() if known is not None else code


def before_texts() -> tuple[str, ...]:
    """What a patient has to say no to before a session."""
    texts: list[str] = load("rehabilitation")["before"]["choices"]
    return tuple(gettext(text) for text in texts)


@cache
def rpe_of(effort: str) -> int:
    """The number on Borg's scale from 6 to 20 that stands for one of the words."""
    return int(load("rehabilitation")["efforts"][effort]["rpe"])


def effort_text(rpe: int) -> str:
    """The word that lies nearest to a number on Borg's scale; of two as near, the harder."""
    codes = list(load("rehabilitation")["efforts"])
    return word("efforts", min(codes, key=lambda code: (abs(rpe_of(code) - rpe), -rpe_of(code))))
