"""Prepares the virtual environment of the checkout: `python3 requirements/prepare.py .venv`. Standard library only.

Called by `make install`. Installs exactly what requirements/dev.txt pins, by hash, and Wardlink itself from here;
says how far it is. Exit codes: 0 ready, 1 it did not work (the reason in words).
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "dev.txt"
LEAST = (3, 11)
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]


def main(folder: Path) -> int:
    """Make or complete the environment in `folder`."""
    if sys.version_info < LEAST:
        return _fail(f"Wardlink needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Making {folder} ...", flush=True)
        try:
            venv.create(folder, with_pip=True)
        except (OSError, subprocess.CalledProcessError, ImportError) as exc:
            return _fail(f"No virtual environment could be made here ({exc}). On Debian: apt-get install python3-venv")
    total = sum(1 for line in LOCK.read_text().splitlines() if "==" in line and not line.startswith((" ", "#")))
    print(f"Installing up to {total} packages (two to three minutes the first time) ...", flush=True)
    report = _counter(total)
    if _run([python, *PIP, "install", "--require-hashes", "--progress-bar", "off", "-r", LOCK], report):
        return _fail("The packages could not be installed; the lines above say why. Is a package registry in reach?")
    own = [python, *PIP, "install", "-q", "--no-deps", "--no-build-isolation", "-e", HERE.parent]
    if _run(own, lambda line: print(line, flush=True)):
        return _fail("Wardlink itself could not be installed; the lines above say why.")
    print(f"Ready: {folder}/bin/wardlink --help")
    return 0


def _counter(total: int) -> Callable[[str], None]:
    # A terminal gets one line that counts; a log gets a line now and then.
    seen = 0

    def show(line: str) -> None:
        nonlocal seen
        if line.startswith(("Collecting ", "Processing ")):
            seen += 1
            name = line.split()[1].rpartition("/")[2].partition("=")[0]
            if sys.stdout.isatty():
                print(f"\r  {seen:3d} of {total}  {name:<40.40}", end="", flush=True)
            elif seen % 25 == 0:
                print(f"  {seen} of {total}", flush=True)
        elif line.startswith("Installing collected packages"):
            print("\n  unpacking ..." if sys.stdout.isatty() else "  unpacking ...", flush=True)
        elif line.startswith(("ERROR", "WARNING: Retrying")):
            print("\n" + line, flush=True)

    return show


def _run(command: list[str | Path], show: Callable[[str], None]) -> int:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        for line in child.stdout or ():
            show(line.rstrip())
    return child.returncode


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
