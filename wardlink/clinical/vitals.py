"""One set of vital signs, as measured. The same names go over the wire, into the database and onto the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(max_length=20)]
"""A code of `wardlink.clinical.codes`, or the short grammar of the stool row."""


class VitalSet(BaseModel):
    """Readings taken together at one patient; whatever was not measured is None, never a normal value.

    Numbers stay exactly as the device or the nurse gave them: nothing is rounded, clamped, filled in or made
    out of text. Units are in the names; codes are those of `wardlink.clinical.codes`. Limits are not checked
    here but by `wardlink.clinical.limits`, because what may be entered depends on who enters it and when.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    temp_c: float | None = None
    temp_method: Code | None = None
    pulse_per_min: float | None = None
    hr_per_min: float | None = None
    rr_per_min: float | None = None
    sbp_mmhg: float | None = None
    dbp_mmhg: float | None = None
    map_mmhg: float | None = None
    abp_sbp_mmhg: float | None = None
    abp_dbp_mmhg: float | None = None
    abp_map_mmhg: float | None = None
    spo2_pct: float | None = None
    o2_on: bool | None = None
    o2_mode: Code | None = None
    o2_flow_l_per_min: float | None = None
    fio2_pct: float | None = None
    acvpu: Code | None = None
    gcs_eye: int | None = None
    gcs_verbal: Code | None = None  # 1 to 5, or T for an intubated patient
    gcs_motor: int | None = None
    pain_nrs: int | None = None
    glucose_mmol_per_l: float | None = None
    glucose_comparator: Code | None = None  # "<" or ">": the meter said LO or HI, and there is no number
    glucose_slot: Code | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    intake_24h_ml: float | None = None
    urine_24h_ml: float | None = None
    output_24h_ml: float | None = None
    stool: Code | None = None

    def readings(self) -> Mapping[str, Any]:
        """What was measured: field name to value, without the unknown ones."""
        return {name: value for name, value in self if value is not None}
