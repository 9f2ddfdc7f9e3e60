"""What stands between a nurse and a dose at the bed: the five rights, allergies, windows, second eyes. Pure.

The cart asks before the dose is given and shows every check that is open. Whatever was done all the same is a fact;
the server keeps it and puts it before a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, Protocol

from wardlink.clinical import on_demand
from wardlink.clinical.dose_states import DoseState
from wardlink.clinical.dose_windows import Punctuality
from wardlink.clinical.drugs import HighAlert, Named, is_allergy_to, two_people
from wardlink.clinical.order_states import OrderState
from wardlink.clinical.routes import Route
from wardlink.clinical.skin_test import Standing, break_up_to_h
from wardlink.clinical.tables import load
from wardlink.clock import ward_time
from wardlink.i18n import gettext, language

Answer = Literal["nothing", "scan", "override", "witness", "reason", "confirm"]
Params = Mapping[str, object]

_TAKEN_BACK = frozenset({"rejected", "cancelled", "entered-in-error"})
_UNCHECKED = frozenset({"issued", "reviewed", "transcribed"})
_NO_TEST = Standing("none")


class Checked(Named, Protocol):
    """A drug of an order, as far as checks ask for it."""

    @property
    def drug(self) -> str:
        """Its code in the dictionary."""

    @property
    def high_alert(self) -> HighAlert | None:
        """Its grade."""

    @property
    def skin_test(self) -> bool:
        """Whether it needs one."""


@dataclass(frozen=True)
class AtBed:
    """All that is known before a dose is given.

    Args:
        now: this instant, aware.
        order_state: None where this cart does not hold the order.
        opens_at, closes_at: the window; None for what is given when needed.
        scanned_at: by the codes of the drugs, when each was last read.
        expired: the codes of drugs whose pack says that it is too old.
        given_at: when doses of the same order were given, for what is given when needed.
        leased_by: who is on a round with it on another cart.
        withheld: why it was entered as not given.
        is_skin_test: it is itself the test that is asked for.
        skin_tests: by the codes of the drugs, how they stand; a code that is missing has no test.
    """

    now: datetime
    patient: str
    drugs: tuple[Checked, ...]
    dose_state: DoseState
    order_state: OrderState | None
    is_here: bool = True
    route: Route | None = None
    stop_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    allergies: tuple[str, ...] = ()
    patient_scanned_at: datetime | None = None
    scanned_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    expired: frozenset[str] = frozenset()
    given_at: tuple[datetime, ...] = ()
    min_interval_min: int | None = None
    max_per_day: int | None = None
    leased_by: str | None = None
    withheld: str | None = None
    is_skin_test: bool = False
    skin_tests: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def punctuality(self) -> Punctuality:
        """How now lies to the window; without one it is on time."""
        if self.opens_at is not None and self.now < self.opens_at:
            return "early"
        return "late" if self.closes_at is not None and self.now > self.closes_at else "on-time"


@dataclass(frozen=True)
class Check:
    """One thing that stands in the way. `code` is a row of the table, `about` the drug where it is about one."""

    code: str
    answer: Answer
    about: str = ""
    params: Params = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def key(self) -> str:
        """What an answer to it is filed under: the same as long as it is the same question."""
        return f"{self.code}:{self.about}" if self.about else self.code

    def text(self) -> str:
        """The sentence for the nurse, in the language of this context."""
        text: str = load("dose_checks")["checks"][self.code]["text"]
        return gettext(text).format_map(dict(self.params))


@dataclass(frozen=True)
class Answers:
    """What the nurse has said to the checks. `reasons` and `confirmed` by `Check.key`; `witness` is her colleague."""

    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    confirmed: frozenset[str] = frozenset()
    witness: str | None = None


def checks(dose: AtBed) -> tuple[Check, ...]:
    """Everything that stands in the way of this dose, the gravest first; nothing if it may just be given."""
    found = [Check(code, _answer(code), about, params) for code, rule in _RULES.items() for about, params in rule(dose)]
    order = list(load("dose_checks")["checks"])
    return tuple(sorted(found, key=lambda check: order.index(check.code)))


def still_open(found: Iterable[Check], answers: Answers, *, by: str) -> tuple[Check, ...]:
    """The checks without an answer that holds. The one who gives is never her own witness."""
    has_witness = answers.witness is not None and answers.witness != by
    return tuple(check for check in found if not _is_answered(check, answers, has_witness=has_witness))


def needs_witness(found: Iterable[Check], answers: Answers) -> bool:
    """Whether a second nurse is asked for: by the drug, by the way, or because a check is passed over."""
    return any(
        check.answer == "witness" or (check.answer in ("scan", "override") and check.key in answers.reasons)
        for check in found
    )


def _is_answered(check: Check, answers: Answers, *, has_witness: bool) -> bool:
    match check.answer:
        case "nothing":
            return False
        case "scan" | "override":
            return check.key in answers.reasons and has_witness
        case "witness":
            return has_witness
        case "reason":
            return check.key in answers.reasons
        case "confirm":
            return check.key in answers.confirmed


def _answer(code: str) -> Answer:
    answer: Answer = load("dose_checks")["checks"][code]["answer"]
    return answer


def drug_name(drug: Named) -> str:
    """What the drug is called in the language of this context."""
    return drug.name_zh if language().startswith("zh") else drug.name_en


# -- the rules: each yields what it is about, and what its sentence needs

_Rule = Callable[[AtBed], Iterator[tuple[str, Params]]]


def _when(fits: Callable[[AtBed], bool], params: Callable[[AtBed], Params] = lambda dose: {}) -> _Rule:
    def rule(dose: AtBed) -> Iterator[tuple[str, Params]]:
        if fits(dose):
            yield "", params(dose)

    return rule


def _each_drug(fits: Callable[[AtBed, Checked], bool]) -> _Rule:
    def rule(dose: AtBed) -> Iterator[tuple[str, Params]]:
        for drug in dose.drugs:
            if fits(dose, drug):
                yield drug.drug, {"drug": drug_name(drug)}

    return rule


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= timedelta(minutes=load("dose_checks")["scan"]["age"]["up_to_min"])


def _is_stopped(dose: AtBed) -> bool:
    # An order may be stopped from a later instant on: until then its doses are given.
    over = dose.stop_at is None or dose.now >= dose.stop_at
    return dose.order_state == "completed" or (dose.order_state == "stopped" and over)


def _is_positive(allergy: str) -> bool:
    words = load("dose_checks")["checks"]["skin-test-positive"]["words"]
    return any(word.casefold() in "".join(allergy.split()).casefold() or word in allergy.casefold() for word in words)


def _allergic(dose: AtBed, *, positive: bool) -> Iterator[tuple[str, Params]]:
    for drug in dose.drugs:
        for allergy in dose.allergies:
            if is_allergy_to(allergy, drug) and _is_positive(allergy) is positive:
                yield f"{drug.drug}/{allergy}", {"allergy": allergy, "drug": drug_name(drug)}


def _positive(dose: AtBed) -> Iterator[tuple[str, Params]]:
    named = list(_allergic(dose, positive=True))
    yield from named
    yield from ([] if named else _tested("positive")(dose))


def _tested(word: str) -> _Rule:
    def rule(dose: AtBed) -> Iterator[tuple[str, Params]]:
        for drug in dose.drugs:
            found = dose.skin_tests.get(drug.drug, _NO_TEST)
            if found.word == word and (drug.skin_test or word == "positive") and not dose.is_skin_test:
                name = drug_name(drug)
                yield drug.drug, {"drug": name, "allergy": name, "time": _wall(found.at), "hours": break_up_to_h()}

    return rule


def _too_soon(dose: AtBed) -> Iterator[tuple[str, Params]]:
    last = on_demand.too_near([at for at in dose.given_at if at <= dose.now], dose.now, dose.min_interval_min)
    if last is not None:
        yield "", {"minutes": dose.min_interval_min, "age": int((dose.now - last).total_seconds() // 60)}


def _high_alert(dose: AtBed) -> Iterator[tuple[str, Params]]:
    if two_people(drug.high_alert for drug in dose.drugs):
        yield "", {"grade": min(drug.high_alert for drug in dose.drugs if drug.high_alert is not None)}


def _wall(at: datetime | None) -> str:
    return "" if at is None else f"{ward_time(at):%H:%M}"


_RULES: Mapping[str, _Rule] = {
    "not-here": _when(lambda dose: not dose.is_here, lambda dose: {"name": dose.patient}),
    "order-stopped": _when(_is_stopped),
    "order-taken-back": _when(lambda dose: dose.order_state in _TAKEN_BACK),
    "order-on-hold": _when(lambda dose: dose.order_state == "on-hold"),
    "order-unchecked": _when(lambda dose: dose.order_state in _UNCHECKED),
    "order-unknown": _when(lambda dose: dose.order_state is None),
    "already-given": _when(lambda dose: dose.dose_state in ("done", "running", "paused")),
    "dose-cancelled": _when(lambda dose: dose.dose_state == "cancelled"),
    "expired": _each_drug(lambda dose, drug: drug.drug in dose.expired),
    "skin-test-positive": _positive,
    "allergy": lambda dose: _allergic(dose, positive=False),
    "skin-test-waits": _tested("waits"),
    "skin-test-doubtful": _tested("doubtful"),
    "skin-test-old": _tested("old"),
    "skin-test": _tested("none"),
    "too-soon": _too_soon,
    "too-often": _when(
        lambda dose: on_demand.too_often(dose.given_at, dose.now, dose.max_per_day),
        lambda dose: {"n": len(on_demand.within_a_day(dose.given_at, dose.now))},
    ),
    "patient-unscanned": _when(lambda dose: not _is_fresh(dose.patient_scanned_at, dose.now)),
    "drug-unscanned": _each_drug(lambda dose, drug: not _is_fresh(dose.scanned_at.get(drug.drug), dose.now)),
    "high-alert": _high_alert,
    "two-people": _when(
        lambda dose: dose.route is not None and (dose.route.two_people or dose.route.rate_checked_by_two),
        lambda dose: {"route": dose.route.label_text() if dose.route else ""},
    ),
    "early": _when(lambda dose: dose.punctuality == "early", lambda dose: {"time": _wall(dose.opens_at)}),
    "late": _when(lambda dose: dose.punctuality == "late", lambda dose: {"time": _wall(dose.closes_at)}),
    "leased": _when(lambda dose: dose.leased_by is not None, lambda dose: {"who": dose.leased_by}),
    "decided": _when(
        lambda dose: dose.dose_state in ("held", "refused", "missed"), lambda dose: {"reason": dose.withheld or "—"}
    ),
    "tube": _when(lambda dose: dose.route is not None and dose.route.check_tube),
}
