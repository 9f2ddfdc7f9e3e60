"""The worked examples of the ward domain sheet 8.4, in fen, and the bills they are about."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from server.insurance.claim import Claim, Line
from server.insurance.codes import Care, Filing, Grade, Level, Scheme, Status
from server.insurance.ruleset import Case

IN_SERVICE = Case(Scheme.EMPLOYEE, Status.IN_SERVICE, Level.THIRD, age=45)
RETIRED = Case(Scheme.EMPLOYEE, Status.RETIRED, Level.SECOND, age=66)
RESIDENT = Case(Scheme.RESIDENT, Status.RESIDENT, Level.THIRD, age=45)
UNFILED = Case(Scheme.EMPLOYEE, Status.IN_SERVICE, Level.THIRD, age=45, filing=Filing.UNFILED)
FILED = Case(Scheme.EMPLOYEE, Status.IN_SERVICE, Level.THIRD, age=45, filing=Filing.FILED)
VISIT = Case(Scheme.EMPLOYEE, Status.IN_SERVICE, Level.THIRD, age=45, care=Care.OUTPATIENT)
FIRST_LEVEL = Case(Scheme.EMPLOYEE, Status.IN_SERVICE, Level.FIRST, age=45)


def a(fen: int, *, over: int = 0) -> Line:
    """An item of class A; `over` of it lies above its price limit."""
    return Line(fen, Grade.A, ceiling_fen=fen - over)


def b(fen: int, share_bp: int) -> Line:
    """An item of class B."""
    return Line(fen, Grade.B, share_bp=share_bp)


def c(fen: int) -> Line:
    """An item outside the catalogue."""
    return Line(fen, Grade.C)


BILLS: dict[str, tuple[Case, Claim]] = {
    "1": (
        IN_SERVICE,
        Claim((a(1200000), b(600000, 1000), c(200000)), account_balance_fen=100000, deposits_fen=500000),
    ),
    "2": (RESIDENT, Claim((a(850000, over=50000), b(500000, 1000), c(150000)), deposits_fen=600000)),
    "3": (RETIRED, Claim((a(600000), b(250000, 500), c(38888)), deposits_fen=200000)),
    "4": (RESIDENT, Claim((a(10000000), b(6000000, 1500), c(2000000)), deposits_fen=6000000)),
    "5": (UNFILED, Claim((a(2000000), b(800000, 1000), c(200000)), deposits_fen=1000000)),
    "5b": (FILED, Claim((a(2000000), b(800000, 1000), c(200000)), deposits_fen=1000000)),
    "6": (VISIT, Claim((a(50000), b(30000, 1000), c(10000)))),
    "6b": (VISIT, Claim((a(40000),), deductible_used_fen=20000, cap_used_fen=28500)),
    "7": (RESIDENT, Claim((a(30000), b(20000, 1000), c(5000)), deposits_fen=100000)),
    "8": (FIRST_LEVEL, Claim((a(334334, over=1001), b(111111, 1000), c(5555)))),
}

_VECTORS = """\
id,T,A,B,C,S,D,ratio_bp,H,other_fund,psn,cash,deposit,diff
1,2000000,200000,0,60000,1740000,80000,8500,1411000,0,589000,489000,500000,11000
2,1500000,150000,50000,50000,1250000,50000,6800,816000,0,684000,684000,600000,-84000
3,888888,38888,0,12500,837500,40000,9200,733700,0,155188,155188,200000,44812
4,18000000,2000000,0,900000,15100000,50000,6800,10234000,1839600,5926400,5926400,6000000,73600
5,3000000,200000,0,80000,2720000,80000,6500,1716000,0,1284000,1284000,1000000,-284000
5b,3000000,200000,0,80000,2720000,80000,8500,2244000,0,756000,756000,1000000,244000
6,90000,10000,0,3000,77000,20000,5000,28500,0,61500,61500,0,-61500
6b,40000,0,0,0,40000,0,5000,20000,0,20000,20000,0,-20000
7,55000,5000,0,2000,48000,48000,6800,0,0,55000,55000,100000,45000
8,451000,5555,1001,11111,433333,20000,9200,380266,0,70734,70734,0,-70734
"""


@dataclass(frozen=True)
class Vector:
    """A line of the ward domain sheet's appendix A."""

    id: str
    numbers: dict[str, int]


VECTORS = [
    Vector(row.pop("id"), {name: int(value) for name, value in row.items()})
    for row in csv.DictReader(_VECTORS.splitlines())
]
