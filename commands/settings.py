"""Settings of the server for the command line: what was said there, else the environment, else the defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardlink.errors import Misconfigured
from wardlink.i18n import N_

if TYPE_CHECKING:
    from server.config import Settings

_WRONG = N_("These settings are not valid: {names}. See the options, or the variables WARDLINK_… of the environment.")


def read_settings(**given: Any) -> Settings:
    """The server's settings; an option that is None was not given.

    Raises:
        Misconfigured: a value is not valid; says of which settings.
    """
    from pydantic import ValidationError

    from server.config import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as exc:
        names = sorted({f"{error['loc'][0]} ({error['type']})" for error in exc.errors()})
        raise Misconfigured(_WRONG, names=", ".join(names)) from exc
