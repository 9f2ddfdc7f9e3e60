"""What the commands of `wardlink bench` have in common: options, a folder to work in, and the verdict."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Check = Annotated[bool, typer.Option("--check", help="End with exit code 1 if a goal is missed.")]
Work = Annotated[
    Path | None,
    typer.Option(help="Measure on the disk of this folder; without it, in a temporary folder."),
]


@contextmanager
def run(work: Path | None) -> Iterator[tuple[Path, Callable[[str], None]]]:
    """A folder to work in, gone at the end, and what shows how far it is."""
    from workbench.progress import ProgressLine

    line = ProgressLine()
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wardlink-bench-", dir=work) as folder:
        try:
            yield Path(folder).resolve(), line.show
        finally:
            line.end()


def verdict(check: bool, met: bool) -> None:
    """End with exit code 1 if that was asked for and a goal is missed."""
    if check and not met:
        raise typer.Exit(1)
