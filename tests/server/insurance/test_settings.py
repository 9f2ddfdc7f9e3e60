"""The key of the platform's signature is read from a file that nobody else can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.insurance.settings import InsuranceSettings
from wardlink.errors import Misconfigured


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Mode 0600 is taken; anything for group or others is not, nor an empty file, nor none."""
    path = tmp_path / "insurance.key"
    path.write_bytes(b"secret\n")
    settings = InsuranceSettings(key_file=path)
    for mode in (0o640, 0o604, 0o644):
        path.chmod(mode)
        with pytest.raises(Misconfigured, match="chmod 600"):
            settings.key()
    path.chmod(0o600)

    assert settings.key() == b"secret"
    path.write_bytes(b" \n")
    for file in (path, tmp_path / "none", None):
        with pytest.raises(Misconfigured):
            InsuranceSettings(key_file=file).key()
