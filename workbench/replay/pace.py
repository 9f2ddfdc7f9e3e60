"""How fast a recording is played. Pure: instants and seconds in, instants and numbers out."""

from __future__ import annotations

from datetime import datetime, timedelta

from workbench.replay.recording import Recording


def natural_start(recording: Recording, speed: float, now: datetime) -> datetime:
    """The time of the first sample for which the last one is measured at the very moment it is played.

    Played at the speed of life the recording begins now; faster, its beginning lies in the past, so that no
    reading is ever measured in the future.
    """
    playing = recording.duration / speed if speed else timedelta(0)
    return now - (recording.duration - playing)


def due(recording: Recording, first: int, speed: float, elapsed_s: float) -> int:
    """The number of the first sample that is not due yet, `elapsed_s` after sample `first` was played.

    A speed of 0 knows no waiting.
    """
    samples = recording.samples
    if not speed:
        return len(samples)
    reached = samples[first].at + timedelta(seconds=elapsed_s * speed)
    upto = first
    while upto < len(samples) and samples[upto].at <= reached:
        upto += 1
    return upto


def wait_s(recording: Recording, first: int, next_: int, speed: float, elapsed_s: float) -> float:
    """Seconds until sample `next_` is due."""
    if not speed:
        return 0.0
    due_s = (recording.samples[next_].at - recording.samples[first].at).total_seconds() / speed
    return max(0.0, due_s - elapsed_s)
