"""Where programs keep their data when nobody says where."""

from __future__ import annotations

import os
from pathlib import Path


def data_home() -> Path:
    """This user's folder for Wardlink: under XDG_DATA_HOME, or ~/.local/share."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "wardlink"
