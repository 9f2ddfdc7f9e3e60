"""Settings of medical insurance, from the environment (`WARDLINK_INSURANCE_…`): the rules, and the platform."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.insurance.codes import Level
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

_NO_KEY = N_("The key file of the insurance platform cannot be read: {file}")

_OPEN = N_("Others can read the key in {path}. Run: chmod 600 {path}")


class InsuranceSettings(BaseSettings):
    """`rules`: a folder of rule files, ours if none is named. `level` and `area` are the hospital's.

    Without a `url` there is no platform: estimates work, cards cannot be read. `code` and `name` are those under which
    the platform knows the hospital. `key_file` holds the key of the signature and is read at the start; the key is kept
    nowhere else. `discharge_first`: whether this province wants the discharge (2402) before the settlement (2304).
    """

    model_config = SettingsConfigDict(env_prefix="WARDLINK_INSURANCE_", extra="ignore")

    rules: Path | None = None
    level: Level = Level.THIRD
    area: str = Field(default="510100", pattern=r"^\d{6}$")

    url: str | None = None
    code: str = ""
    name: str = ""
    key_file: Path | None = None
    signature: Literal["sm3", "sha256"] = "sm3"
    timeout_s: float = Field(default=20.0, gt=0, le=120)
    discharge_first: bool = True

    def key(self) -> bytes:
        """The key of the signature.

        Raises:
            Misconfigured: there is no such file, others can read it, or nothing is in it.
        """
        try:
            if self.key_file is not None and self.key_file.stat().st_mode & 0o077:
                raise Misconfigured(_OPEN, path=self.key_file)
            key = b"" if self.key_file is None else self.key_file.read_bytes().strip()
        except OSError as exc:
            raise Misconfigured(_NO_KEY, file=str(self.key_file)) from exc
        if not key:
            raise Misconfigured(_NO_KEY, file=str(self.key_file))
        return key
