"""`wardlink replay`: a recording becomes the monitor at a bed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.places import data_home
from wardlink.i18n import domain

if TYPE_CHECKING:
    from workbench.replay.player import Progress

_ = domain("commands").gettext


def replay(
    file: Annotated[Path, typer.Argument(help="The recording: a WFDB header (.hea), or a CSV of it.")],
    credential: Annotated[Path, typer.Option(help="The credential of the monitor, from `wardlink device enrol`.")],
    encounter: Annotated[str, typer.Option(help="The id of the stay whose readings these become.")],
    speed: Annotated[
        float, typer.Option(min=0.0, help="How many times faster than life. 0 plays as fast as the ward takes it.")
    ] = 60.0,
    start: Annotated[
        datetime | None,
        typer.Option(help="When the first sample was measured; without it, the last one is measured now."),
    ] = None,
    bed: Annotated[str | None, typer.Option(help="The bed that the monitor stands at.")] = None,
    data: Annotated[Path | None, typer.Option(help="Where the monitor keeps what is unsent.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Play once more what was played to its end.")] = False,
) -> None:
    """Play a recording of a bedside monitor into the ward, as that monitor would have sent it.

    A zero of a signal with a lead becomes "lead off" and is never a reading. An interrupted replay goes on where
    it stopped when the same command is given again. Ctrl-C ends it at once; what is recorded is sent later.
    """
    from wardlink import credential as credentials
    from wardlink.clock import WARD_ZONE
    from wardlink.device import Device
    from workbench.progress import ProgressLine
    from workbench.replay.journal import ReplayJournal
    from workbench.replay.pace import natural_start
    from workbench.replay.player import Player
    from workbench.replay.recording import load

    recording = load(file)
    known = credentials.read(credential)
    folder = data or data_home() / "replay" / known.device
    device = Device(folder, known)
    line = ProgressLine()
    try:
        journal = ReplayJournal(folder)
        start_at = start.replace(tzinfo=start.tzinfo or WARD_ZONE) if start else None
        start_at = start_at or natural_start(recording, speed, device.clock.now())
        outbox = device.outbox
        standing = journal.resume(
            recording, encounter, outbox.newest(), start_at=start_at, unanswered=outbox.depth(), again=again
        )
        if recording.ignored:
            line.end(
                _("Not played, because they are no readings: {signals}").format(signals=", ".join(recording.ignored))
            )
        player = Player(
            device, recording, standing, journal, speed=speed, bed=bed, report=lambda found: line.show(_said(found))
        )
        device.start()
        try:
            player.play()
        except KeyboardInterrupt:
            line.end(_said(player.progress()))
            raise
        end = player.progress()
    finally:
        device.stop()
    line.end(_said(end))
    if end.refused:
        raise typer.Exit(1)


def _said(found: Progress) -> str:
    words = _("Played {played} of {total}, waiting for {unanswered} receipts, refused {refused}.")
    if not found.online:
        words = _("Played {played} of {total}, waiting for {unanswered} receipts, refused {refused}. No broker.")
    return words.format(played=found.played, total=found.total, unanswered=found.unanswered, refused=found.refused)
