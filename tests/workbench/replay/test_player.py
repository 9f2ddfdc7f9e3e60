"""A recording becomes commands once each, whatever interrupts it, and its zeros never become readings."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import case
from tests.device.wards import STAY_1, TestWard, credential
from wardlink.clinical.items import ITEMS
from wardlink.errors import Collision
from wardlink.messages.vitals import RecordVitals
from workbench.replay.journal import ReplayJournal, Standing
from workbench.replay.player import Player, Progress
from workbench.replay.recording import Recording, Sample, known_signals, load

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MONITOR = credential("m1", "monitor", "1")


def recording(length: int) -> Recording:
    """A pulse that counts minutes; every third sample shows nothing."""
    samples = tuple(
        Sample(timedelta(minutes=m), {"hr_per_min": None if m % 3 == 2 else 40.0 + m}) for m in range(length)
    )
    return Recording("r", f"digest {length}", timedelta(minutes=1), samples)


def play(ward: TestWard, played: Recording, *, break_after: int | None = None, again: bool = False) -> Progress | None:
    """Play as the command does; `break_after` so many reports there is a Ctrl-C."""
    device = ward.device(MONITOR)
    reports = 0

    def report(_: Progress) -> None:
        nonlocal reports
        reports += 1
        if break_after is not None and reports > break_after:
            raise KeyboardInterrupt

    try:
        journal = ReplayJournal(ward.folder / "m1")
        outbox = device.outbox
        standing = journal.resume(
            played, STAY_1, outbox.newest(), start_at=START, unanswered=outbox.depth(), again=again
        )
        player = Player(device, played, standing, journal, speed=0, report=report)
        try:
            player.play()
        except KeyboardInterrupt:
            return None
        return player.progress()
    finally:
        ward.end(device)


def test_a_recording_is_played_once(tmp_path: Path) -> None:
    """Each sample that showed something becomes one command, measured at its own time; the end is the receipts."""
    with TestWard(tmp_path) as ward:
        end = play(ward, recording(5))

        assert end == Progress(played=5, total=5, unanswered=0, refused=0, online=True)
        assert [c.measured_at for c in ward.server.books.applied] == [
            START + timedelta(minutes=m) for m in (0, 1, 3, 4)
        ]
        assert {str(c.actor) for c in ward.server.books.applied} == {"device:m1"}
        assert {c.encounter for c in ward.server.books.applied} == {STAY_1}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(breaks=st.lists(st.integers(0, 3), max_size=3), length=st.integers(1, 650))
def test_an_interrupted_replay_goes_on_without_doubles(
    tmp_path_factory: pytest.TempPathFactory, breaks: list[int], length: int
) -> None:
    """However often it is broken off, in the end every sample has been played once and in order."""
    played = recording(length)
    with TestWard(tmp_path_factory.mktemp("ward")) as ward:
        for break_after in [*breaks, None]:
            try:
                play(ward, played, break_after=break_after)
            except Collision:
                break
        measured = [c.measured_at for c in ward.server.books.applied]

    expected = [START + sample.at for sample in played.samples if sample.raw["hr_per_min"] is not None]
    assert measured == expected


def test_a_crash_between_recording_and_counting_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store may be ahead of the count: what the newest command says counts too."""
    with TestWard(tmp_path) as ward:
        with monkeypatch.context() as crash:
            crash.setattr(ReplayJournal, "write", _only_the_first())
            assert play(ward, recording(300)) is None
        play(ward, recording(300))

        assert len({c.measured_at for c in ward.server.books.applied}) == len(ward.server.books.applied) == 200


def _only_the_first() -> Callable[[ReplayJournal, Standing], None]:
    real, written = ReplayJournal.write, list[Standing]()

    def write(journal: ReplayJournal, standing: Standing) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(standing)
        real(journal, standing)

    return write


def test_an_ended_replay_is_not_repeated_by_mistake(tmp_path: Path) -> None:
    """The same recording for the same stay again asks for `--again`; another recording may follow."""
    with TestWard(tmp_path) as ward:
        play(ward, recording(3))

        with pytest.raises(Collision):
            play(ward, recording(3))
        play(ward, recording(3), again=True)
        play(ward, recording(4))

        assert len(ward.server.books.applied) == 2 + 2 + 3


def test_another_replay_does_not_push_in(tmp_path: Path) -> None:
    """A folder whose replay has not ended takes no other recording."""
    with TestWard(tmp_path) as ward:
        assert play(ward, recording(500), break_after=0) is None

        with pytest.raises(Collision):
            play(ward, recording(3), again=True)


@pytest.mark.cases
def test_the_real_patient_value_by_value(tmp_path: Path) -> None:
    """32 hours: each number of the file is a reading, a zero is a lead that was off, the impossible is an artefact."""
    path = case("vitals", "3975656n.csv")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = {signal: reading for signal, reading in known_signals().items() if signal in rows[0]}

    with TestWard(tmp_path) as ward:
        play(ward, load(path))
        sent = {c.measured_at: RecordVitals.model_validate(c.body) for c in ward.server.books.applied}

    assert len(sent) == len(ward.server.books.applied)
    zeros = 0
    for row in rows:
        body = sent.pop(START + timedelta(minutes=int(row["minute"])), None)
        shown = {names[s]: float(v) for s, v in row.items() if s in names and v != ""}
        if body is None:
            assert shown == {}
            continue
        kept = dict(body.readings.readings()) | body.artefacts | dict.fromkeys(body.lead_off, 0.0)
        assert kept == shown
        assert 0 not in body.readings.readings().values()
        assert set(body.lead_off) == {n for n, v in shown.items() if v == 0 and ITEMS[n].zero_is_lead_off}
        zeros += "hr_per_min" in body.lead_off
    assert sent == {}
    assert zeros == 46
