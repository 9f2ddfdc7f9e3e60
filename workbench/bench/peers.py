"""`wardlink bench peers`: the same load on Wardlink and on two ways that others would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workbench.bench import brokers, hospital
from workbench.bench.brokers import BrokerName, RunningBroker
from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.hospital import Preload
from workbench.bench.ingest import prepare
from workbench.bench.machine import Machine, describe
from workbench.bench.node_red import PeerNotHere, install
from workbench.bench.peer_sides import Api, NodeRed
from workbench.bench.rounds import CLOSED, Round, play
from workbench.bench.sides import ACCOUNT, Ours, Side

BOUNDS = {Api.name: 15.0, NodeRed.name: 2.5}
"""How many times as much Wardlink shall take in."""

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `peers`: which of them; `kept`: where Node-RED is installed and kept."""

    folder: Path
    rounds: int = 5
    seconds: float = 5.0
    broker: BrokerName = "nats"
    peers: tuple[str, ...] = tuple(BOUNDS)
    kept: Path | None = None


@dataclass(frozen=True)
class Measured:
    """One program, the medians of its rounds. `times`: how many times as much Wardlink took in, paired by round."""

    name: str
    per_s: float
    p50_ms: float
    p99_ms: float
    server_cpu_us: float
    rss_mb: float
    times: float


@dataclass(frozen=True)
class PeersResult:
    """The whole measurement. `left_out`: peers that this machine does not have, with the reason."""

    machine: Machine
    broker: str
    rounds: int
    seconds: float
    measured: list[Measured] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> PeersResult:
    """Do the run.

    Raises:
        Unreachable: a process did not start, or messages were lost.
        NotStored: a program answered what it did not store.
    """
    machine = describe(order.folder)
    accounts = [ACCOUNT, "probe", *(gateway.device for gateway in hospital.gateways())]
    left_out: dict[str, str] = {}
    with RunningBroker(order.broker, order.folder / "broker", accounts) as broker:
        sides: list[Side] = [_ours(order, broker, report)]
        if Api.name in order.peers:
            sides.append(_made(Api(order.folder / Api.name, broker)))
        if NodeRed.name in order.peers:
            try:
                program = install(order.kept or order.folder / "npm", report)
            except PeerNotHere as absent:
                left_out[NodeRed.name] = absent.text()
            else:
                sides.append(_made(NodeRed(order.folder / NodeRed.name, broker, program)))
        rounds = _turns(order, sides, report)
    measured = [_measured(side.name, rounds[side.name], rounds[Ours.name]) for side in sides]
    return PeersResult(
        machine=machine,
        broker=brokers.version(order.broker),
        rounds=order.rounds,
        seconds=order.seconds,
        measured=measured,
        left_out=left_out,
        goals=[
            Goal(f"messages a second, wardlink / {each.name}", each.times, "at least", BOUNDS[each.name])
            for each in measured
            if each.name in BOUNDS
        ],
    )


def _ours(order: Order, broker: RunningBroker, report: Report) -> Side:
    side = Ours(order.folder / Ours.name, broker)
    _, source = prepare(order.folder / "preloads", Preload(0), report)
    hospital.copy(source, side.database)
    return side


def _made(side: Side) -> Side:
    # A database without tables, so that rows can be counted before the first start.
    side.folder.mkdir(parents=True, exist_ok=True)
    return side


def _turns(order: Order, sides: list[Side], report: Report) -> dict[str, list[Round]]:
    rounds: dict[str, list[Round]] = defaultdict(list)
    try:
        for number in range(order.rounds):
            turn = number % len(sides)
            for side in [*sides[turn:], *sides[:turn]]:
                report(f"round {number + 1}/{order.rounds}, {side.name}")
                rounds[side.name].append(play(side, hospital.gateways(), [CLOSED], seconds=order.seconds))
    finally:
        for side in sides:
            side.kill()
    return rounds


def _measured(name: str, rounds: list[Round], ours: list[Round]) -> Measured:
    seen, mine = [each.loads[CLOSED.name] for each in rounds], [each.loads[CLOSED.name] for each in ours]
    return Measured(
        name=name,
        per_s=middle(each.per_s for each in seen),
        p50_ms=middle(each.p50_ms for each in seen),
        p99_ms=middle(each.p99_ms for each in seen),
        server_cpu_us=middle(each.server_cpu_us for each in seen),
        rss_mb=middle(each.rss_mb for each in seen),
        times=paired_ratio([each.per_s for each in mine], [each.per_s for each in seen]),
    )
