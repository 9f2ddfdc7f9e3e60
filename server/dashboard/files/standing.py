"""How one kind stands: what holds, since when and by whom, what waits, what is wrong. For the list and for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.dashboard.sheets.names import staff_names
from server.dashboard.words import NOTHING, actor_text
from server.house import keeping
from server.house.acts import House
from server.house.file import HouseFile
from server.house.keeping import Version
from wardlink.clock import ward_time
from wardlink.i18n import domain

_ = domain("server").gettext


@dataclass(frozen=True)
class Standing:
    """`holder`: the version that holds, None where a file of the settings or what ships does."""

    file: HouseFile[Any]
    held: Any
    versions: Sequence[Version]
    holder: Version | None
    waiting: Sequence[Version]
    names: Mapping[str, str]

    @property
    def seen(self) -> str:
        """What a form says that its sender saw."""
        return keeping.seen(self.versions)

    def holds_text(self) -> str:
        """What holds, in a few words."""
        if self.file.path is not None:
            return _("The file of the server's settings: {file}").format(file=self.file.path.name)
        if self.holder is None:
            return _("What ships with the product: a sample")
        return _("Version {no}").format(no=self.holder.no)

    def since_text(self) -> str:
        """Since when it holds."""
        return NOTHING if self.holder is None else minute_text(self.holder.effective_at)

    def by_text(self) -> str:
        """Who put it in."""
        return NOTHING if self.holder is None else actor_text(self.holder.by, self.names)

    def state_of(self, version: Version) -> str:
        """What a version is: it holds, waits, held, or was taken back."""
        if self.holder is not None and version.no == self.holder.no:
            return _("in force")
        if version.ended_at is not None:
            return _("taken back")
        if version in self.waiting:
            return _("waits")
        return _("no longer holds")


def minute_text(at: datetime) -> str:
    """Day and time on the ward's clock."""
    return f"{ward_time(at):%Y-%m-%d %H:%M}"


def standing_of(house: House, kind: str) -> Standing:
    """How this kind stands now. Reads the database."""
    file, now = house.files[kind], house.core.clock.now()
    held = file.look()
    with house.core.db.read() as conn:
        found, names = keeping.versions(conn, kind), staff_names(conn)
    holder = next((each for each in found if each.no == file.version), None) if file.path is None else None
    waits = keeping.waiting(found, now) if file.path is None else []
    return Standing(file, held, found, holder, waits, names)
