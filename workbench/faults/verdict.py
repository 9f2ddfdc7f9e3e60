"""Compares what was promised with what is there. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.faults.plan import pulse_of


@dataclass(frozen=True)
class Promise:
    """A cart said "saved": this token is command `id`, number `n` of `cart`."""

    token: int
    cart: str
    id: str
    n: int


@dataclass(frozen=True)
class Held:
    """One set of vital signs as somebody holds it. `n` and `cart` are known to the server's log only."""

    token: int
    id: str
    stay: str
    pulse: float
    seq: int = 0
    n: int = 0
    cart: str = ""


@dataclass(frozen=True)
class Verdict:
    """How many promises were broken, and in which way. Of a token that two places lost one is counted.

    `broken_receipts`: commands that a cart held for answered and a killed server did not have on its disk;
    they count as lost too, whether or not a later repetition brought them back.
    """

    promised: int
    lost: int
    duplicated: int
    reordered: int
    wrong_patient: int
    broken_receipts: int
    log_gaps: int

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.duplicated or self.reordered or self.wrong_patient or self.log_gaps)


def judge(
    asked: Mapping[int, str],
    promises: Sequence[Promise],
    log: Sequence[Held],
    log_numbers: Sequence[int],
    replicas: Mapping[str, Sequence[Held]],
    broken_receipts: Iterable[str] = (),
) -> Verdict:
    """Judge a run after everything has been healed and drained.

    Args:
        asked: token to the stay that it was for, promised or not.
        log: the server's sets in the order of its log; `log_numbers`: every number of that log.
        replicas: each cart's sets.
        broken_receipts: ids of commands.
    """
    broken = set(broken_receipts)
    places = [log, *replicas.values()]
    lost = {p.token for p in promises if p.id in broken}
    for place in places:
        here = {held.token for held in place}
        lost |= {p.token for p in promises if p.token not in here}
    doubles = [sum(count - 1 for count in Counter(held.token for held in place).values()) for place in places]
    wrong = {h.token for place in places for h in place if asked.get(h.token) != h.stay or h.pulse != pulse_of(h.token)}
    return Verdict(
        promised=len(promises),
        lost=len(lost),
        duplicated=max(doubles),
        reordered=_reordered(log),
        wrong_patient=len(wrong),
        broken_receipts=len(broken),
        log_gaps=sum(1 for before, after in pairwise([0, *log_numbers]) if after != before + 1),
    )


def _reordered(log: Sequence[Held]) -> int:
    # A repetition is a double, not a disorder: the first time a number comes is what counts.
    numbers: dict[str, list[int]] = defaultdict(list)
    for held in log:
        if held.n not in numbers[held.cart]:
            numbers[held.cart].append(held.n)
    return sum(1 for of_cart in numbers.values() for a, b in pairwise(of_cart) if b < a)
