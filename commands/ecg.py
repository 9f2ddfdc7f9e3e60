"""`wardlink ecg`: send ECG strips to the ward server, as an examination room does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wardlink.errors import InvalidInput
from wardlink.i18n import N_, domain

_ = domain("commands").gettext

_ONE = N_("Say either a recording or --sample.")
_WHOSE = N_("Say whose the strip is: --encounter or --admission-no; only a paired monitor may leave it out.")

app = typer.Typer(
    name="ecg",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Send ECG strips to the ward server, as an examination room or a monitor does.",
)


@app.callback()
def _ecg() -> None:
    """Send ECG strips to the ward server, as an examination room or a monitor does."""


@app.command(short_help="Send a stretch of a WFDB record, or an invented strip.")
def push(
    credential: Annotated[
        Path, typer.Option(help="The credential of the room or the monitor, from `wardlink device enrol`.")
    ],
    file: Annotated[Path | None, typer.Argument(help="The recording: a WFDB header (.hea).")] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Send an invented strip of twelve leads, marked as sample.")
    ] = False,
    admission_no: Annotated[str | None, typer.Option(help="The admission number of the patient.")] = None,
    encounter: Annotated[str | None, typer.Option(help="The id of the stay, if it is known.")] = None,
    ward: Annotated[str | None, typer.Option(help="The ward to send it to. Without it, the device's own.")] = None,
    start_s: Annotated[float, typer.Option(min=0.0, help="From this second of the recording on.")] = 0.0,
    seconds: Annotated[float, typer.Option(min=1.0, max=300.0, help="So many seconds.")] = 10.0,
    taken: Annotated[datetime | None, typer.Option(help="When it began. Without it, it has ended just now.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it was taken, as people call it.")] = None,
    report: Annotated[str | None, typer.Option(help="What it shows, in words.")] = None,
    critical: Annotated[
        bool, typer.Option("--critical", help="The report says what cannot wait: carts mark it red.")
    ] = False,
    strip_id: Annotated[
        str | None, typer.Option("--id", help="The id of a strip that got no answer: the same one is kept once.")
    ] = None,
) -> None:
    """Send a strip; the server finds its beats and the carts of the patient's ward show it.

    Leads are known by their names; other signals are left out, and said. The same id is kept once, so a push
    without an answer may be given again.

    Exit codes: 0 it is kept; 1 the server does not let this device send; 2 the recording or an option is wrong,
    or the server says what is wrong with it; 4 the credential cannot be read; 5 no answer.
    """
    if (file is None) != sample:
        raise InvalidInput(_ONE)
    from wardlink import credential as credentials
    from workbench.ecg.sending import TRIES, send, upload
    from workbench.progress import ProgressLine

    known = credentials.read(credential)
    if not (encounter or admission_no or known.kind == "monitor"):
        raise InvalidInput(_WHOSE)
    from datetime import timedelta

    from wardlink.clinical.ecg.sample import sample_strip
    from wardlink.clock import WARD_ZONE, SystemClock
    from wardlink.ids import new_id
    from workbench.ecg.reading import read_strip

    at = taken.replace(tzinfo=taken.tzinfo or WARD_ZONE) if taken else SystemClock().now() - timedelta(seconds=seconds)
    line = ProgressLine()
    if file is not None:
        read = read_strip(file, start_s, seconds, at)
        strip = read.strip
        if read.ignored:
            line.end(_("Not sent, because they are no leads: {signals}").format(signals=", ".join(read.ignored)))
    else:
        strip, _peaks = sample_strip(at, seconds=seconds)
        place, report = place or _("SAMPLE"), _("SAMPLE: invented, of no patient.") + (f"\n{report}" if report else "")
    said = _("Sending {leads} leads, {seconds} s ...").format(leads=len(strip.leads), seconds=f"{strip.seconds:g}")
    line.show(said)
    body = upload(
        strip,
        strip_id or new_id(),
        encounter=encounter,
        admission_no=admission_no,
        place=place,
        report=report,
        critical=critical or None,
    )
    no_answer = _("No answer yet ({tried} of {most}); the id is {id}.")
    answer = send(
        known,
        ward or known.ward,
        body,
        report=lambda tried: line.show(no_answer.format(tried=tried, most=TRIES, id=body["id"])),
    )
    line.end()
    beats = _("beats were not counted") if answer.beats is None else _("{n} beats").format(n=answer.beats)
    print(_("Kept as {id}: {beats}.").format(id=answer.id, beats=beats))
    if answer.encounter is None:
        print(_("No stay was found for it: it waits among the ward's exceptions."))
