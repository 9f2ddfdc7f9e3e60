"""`python -m cart`: the cart's screen in this terminal; what a browser session is started with as well."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cart.start import run, run_sample
from cart.usecases.scan import BURST_S, Scanner


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the screen; the exit code of the program."""
    parser = argparse.ArgumentParser(prog="python -m cart", description="The nurse's screen on the cart.")
    parser.add_argument("--credential", type=Path, help="the file that `wardlink device enrol` wrote")
    parser.add_argument("--data", type=Path, help="the folder where this cart keeps what it knows and has not sent")
    parser.add_argument("--sample", action="store_true", help="show an invented ward; nothing is saved")
    parser.add_argument("--language", choices=("zh_CN", "en"), help="the language to begin with")
    parser.add_argument("--scan-prefix", default="", help="what the scanner types before a code")
    parser.add_argument("--scan-gap-ms", type=int, help="the most between two characters of the scanner")
    parser.add_argument("--scan-end", choices=("enter", "tab", "both"), default="both", help="what ends a code")
    given = parser.parse_args(arguments)
    scanner = Scanner(
        gap_s=BURST_S if given.scan_gap_ms is None else given.scan_gap_ms / 1000,
        prefix=given.scan_prefix,
        ends=("enter", "tab") if given.scan_end == "both" else (given.scan_end,),
    )
    if given.sample:
        return run_sample(language=given.language, scanner=scanner)
    if given.credential is None or given.data is None:
        parser.error("--credential and --data are needed, or --sample")
    return run(given.credential, given.data, language=given.language, scanner=scanner)


if __name__ == "__main__":
    sys.exit(main())
