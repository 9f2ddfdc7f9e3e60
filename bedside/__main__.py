"""`python -m bedside`: the bed's screen in this terminal; what a browser session is started with as well."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bedside.start import run, run_sample


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the screen; the exit code of the program."""
    parser = argparse.ArgumentParser(prog="python -m bedside", description="The patient's screen at the bed.")
    parser.add_argument("--credential", type=Path, help="the file that `wardlink device enrol` wrote")
    parser.add_argument("--data", type=Path, help="the folder where this terminal keeps what it knows and has not sent")
    parser.add_argument("--sample", action="store_true", help="show an invented bed; nothing is saved")
    parser.add_argument("--language", choices=("zh_CN", "en"), help="the language to begin with")
    given = parser.parse_args(arguments)
    if given.sample:
        return run_sample(language=given.language)
    if given.credential is None or given.data is None:
        parser.error("--credential and --data are needed, or --sample")
    return run(given.credential, given.data, language=given.language)


if __name__ == "__main__":
    sys.exit(main())
