"""Seated Baduanjin and breathing for inpatients: the movements, who is not offered them today, and what leaves one out.

A rule looks only at what the record holds. What it does not hold is put before the patient as a question, never
taken for granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

Breath = Literal["in", "out"]
Point = tuple[float, float, float]

_LATER = N_("Today your body needs rest: {why}. Please ask your nurse when you may begin again.")
_WARNING = N_("the early-warning score is raised")
_FEVER = N_("you have a fever")
_PULSE = N_("your pulse is too slow or too fast")
_PRESSURE = N_("your blood pressure is too low or too high")
_OXYGEN = N_("there is too little oxygen in your blood")
_LEVEL = N_("you are under special care")
_SUGAR = N_("your blood sugar is too low or too high")
_ATE = N_("you have eaten within the last hour")
_UNKNOWN = N_("pulse, blood pressure or oxygen were not measured lately")
_AGE = N_("Left out: not for people of {age} and older.")
_HIGH = N_("Left out: your blood pressure is high.")


@dataclass(frozen=True)
class Pose:
    """Where a body is, after breathing in or out: hands in units of the trunk's table, angles in degrees."""

    breath: Breath
    left: Point
    right: Point
    turn: float = 0.0
    lean: float = 0.0
    bow: float = 0.0
    heels: float = 0.0


@dataclass(frozen=True)
class Movement:
    """One of the eight. `poses` follow one another and begin again."""

    code: str
    label: str
    steps: tuple[str, ...]
    care: str
    poses: tuple[Pose, ...]
    repeats: int
    from_age: int | None
    from_sbp: float | None
    from_dbp: float | None

    def label_text(self) -> str:
        """What it is called."""
        return gettext(self.label)

    def step_texts(self) -> tuple[str, ...]:
        """How it is done, a sentence a step."""
        return tuple(gettext(step) for step in self.steps)

    def care_text(self) -> str:
        """Who has to take care, and how."""
        return gettext(self.care)

    def left_out(self, state: State) -> str | None:
        """Why this patient leaves it out, in words; None if nothing known speaks against it."""
        if self.from_age is not None and state.age_years is not None and state.age_years >= self.from_age:
            return gettext(_AGE).format(age=self.from_age)
        sbp, dbp = state.values.get("sbp_mmhg"), state.values.get("dbp_mmhg")
        high = (sbp is not None and self.from_sbp is not None and sbp >= self.from_sbp) or (
            dbp is not None and self.from_dbp is not None and dbp >= self.from_dbp
        )
        return gettext(_HIGH) if high else None


@dataclass(frozen=True)
class State:
    """What the record says of a patient now. `values`: newest readings that are not old, by their item's key. `ate`: a
    meal has come to the bed within the last hour.
    """

    age_years: int | None
    level: str
    spo2_scale: Literal[1, 2] = 1
    values: Mapping[str, float] = field(default_factory=dict)
    news2: int | None = None
    is_red: bool = False
    ate: bool = False


@cache
def movements() -> tuple[Movement, ...]:
    """The eight movements in their order."""
    return tuple(_movement(row) for row in load("baduanjin")["movements"])


@cache
def breathing() -> Movement:
    """Calm breathing, without any other movement."""
    return _movement(load("baduanjin")["breathing"])


def ask_texts() -> tuple[str, ...]:
    """What a patient has to say no to before beginning: no record here tells it."""
    texts: list[str] = load("baduanjin")["choices"]
    return tuple(gettext(text) for text in texts)


def stop_text(*, short: bool = False) -> str:
    """When to stop at once; `short`: in a sentence, for beside a movement."""
    said = str(load("baduanjin")["stop"]["mark" if short else "text"])
    return gettext(said)


def breath_s(breath: Breath) -> float:
    """How long one breath in or out takes, in seconds."""
    return float(load("baduanjin")[f"breath_{breath}_s"])


def rests_after_meal() -> timedelta:
    """So long after a meal nobody begins."""
    return timedelta(minutes=load("baduanjin")["limits"]["after_meal_min"])


def refusal(state: State) -> str | None:
    """Why nothing of this is offered now, in words; None if nothing known speaks against it.

    Without a recent pulse, blood pressure and saturation nobody can say that it is safe. Source: ward domain sheet
    9.1, Blocks.
    """
    found = [gettext(reason) for reason in _reasons(state)]
    return gettext(_LATER).format(why=gettext(N_(", ")).join(found)) if found else None


def _reasons(state: State) -> list[str]:
    limits = load("baduanjin")["limits"]
    spo2_low = limits[f"spo2_scale{state.spo2_scale}"]
    raised = state.is_red or (state.news2 is not None and state.news2 >= limits["news2"])
    bad = [
        (_LEVEL, state.level in limits["levels"]),
        (_WARNING, raised),
        (_FEVER, _beyond(state, "temp_c", high=limits["temp_c"])),
        (_PULSE, _beyond(state, "pulse_per_min", below=limits["pulse_low"], above=limits["pulse_high"])),
        (
            _PRESSURE,
            _beyond(state, "sbp_mmhg", below=limits["sbp_low"], high=limits["sbp_high"])
            or _beyond(state, "dbp_mmhg", high=limits["dbp_high"]),
        ),
        (_OXYGEN, _beyond(state, "spo2_pct", below=spo2_low)),
        (
            _SUGAR,
            _beyond(state, "glucose_mmol_per_l", below=limits["glucose_low"], above=limits["glucose_high"]),
        ),
        (_ATE, state.ate),
    ]
    found = [reason for reason, holds in bad if holds]
    measured = {"pulse_per_min", "sbp_mmhg", "spo2_pct"} <= set(state.values)
    return found if found or measured else [_UNKNOWN]


def _beyond(
    state: State, key: str, *, below: float | None = None, above: float | None = None, high: float | None = None
) -> bool:
    """Whether a value lies below `below`, above `above`, or reaches `high`; what was not measured does not."""
    value = state.values.get(key)
    return value is not None and (
        (below is not None and value < below)
        or (above is not None and value > above)
        or (high is not None and value >= high)
    )


def _movement(row: Mapping[str, Any]) -> Movement:
    return Movement(
        code=row["code"],
        label=row["label"],
        steps=tuple(row["actions"]),
        care=row["text"],
        poses=tuple(_pose(pose) for pose in row["poses"]),
        repeats=row.get("repeats", load("baduanjin")["repeats"]),
        from_age=row.get("from_age"),
        from_sbp=row.get("from_sbp"),
        from_dbp=row.get("from_dbp"),
    )


def _pose(row: Sequence[Any]) -> Pose:
    breath, left, right, *angles = row
    return Pose(breath, _point(left), _point(right), *(float(angle) for angle in angles))


def _point(row: Sequence[float]) -> Point:
    x, y, z = row
    return float(x), float(y), float(z)
