"""Who takes part in the simulation: a file that the demo writes and the process of the simulation reads."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wardlink.errors import Misconfigured
from wardlink.i18n import N_
from wardlink.ids import Id, Slug
from wardlink.messages.base import Instant
from wardlink.messages.encounters import Level
from workbench.simulation.bodies import Body

_UNREADABLE = N_("{path} does not say who takes part in the simulation.")


class Patient(BaseModel):
    """One stay. `monitor` and `terminal`: the credentials of simulated devices at this bed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stay: Id
    bed: Slug
    admission_no: str
    level: Level
    story: str
    monitor: Path | None = None
    terminal: Path | None = None


class Cast(BaseModel):
    """The ward as the simulation needs it. Nobody of the simulation plays at `human_beds`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    opened_at: Instant
    interval_s: float
    folder: Path
    nurse: Slug
    cart: Path
    patients: tuple[Patient, ...]
    human_beds: frozenset[Slug] = frozenset()

    def body(self, patient: Patient) -> Body:
        """The body that goes with a stay."""
        return Body(self.seed, patient.admission_no, patient.story, self.opened_at)


def read(path: Path) -> Cast:
    """The cast in `path`.

    Raises:
        Misconfigured: there is none, or it cannot be read.
    """
    try:
        return Cast.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as exc:
        raise Misconfigured(_UNREADABLE, path=path) from exc
