"""Codes of the ward in words, and instants and ages as a nurse reads them. Looked up when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain

_ = domain("cart").gettext

LEVELS: Mapping[str, str] = {
    "special": N_("special"),
    "level1": N_("level 1"),
    "level2": N_("level 2"),
    "level3": N_("level 3"),
}
LEVELS_SHORT: Mapping[str, str] = {
    "special": N_("spec"),
    "level1": N_("L1"),
    "level2": N_("L2"),
    "level3": N_("L3"),
}
DIETS: Mapping[str, str] = {
    "regular": N_("regular"),
    "soft": N_("soft"),
    "semi-liquid": N_("semi-liquid"),
    "liquid": N_("liquid"),
    "low-salt": N_("low salt"),
    "low-fat": N_("low fat"),
    "low-protein": N_("low protein"),
    "low-purine": N_("low purine"),
    "high-protein": N_("high protein"),
    "diabetic": N_("diabetic"),
    "nil-by-mouth": N_("nil by mouth"),
    "tube": N_("tube feed"),
}
ROLES: Mapping[str, str] = {
    "nurse": N_("nurse"),
    "charge-nurse": N_("charge nurse"),
    "head-nurse": N_("head nurse"),
    "doctor": N_("doctor"),
    "manager": N_("ward manager"),
}
SEXES: Mapping[str, str] = {
    "male": N_("male"),
    "female": N_("female"),
    "other": N_("other sex"),
    "unknown": N_("sex unknown"),
}
BANDS: Mapping[str, str] = {
    "low": N_("low"),
    "low-medium": N_("low-medium"),
    "medium": N_("medium"),
    "high": N_("high"),
}
FORM_LABELS: Mapping[str, str] = {
    "temp_c": N_("Temp"),
    "temp_method": N_("Site"),
    "pulse_per_min": N_("Pulse"),
    "hr_per_min": N_("Heart"),
    "rr_per_min": N_("Resp"),
    "sbp_mmhg": N_("Systolic"),
    "dbp_mmhg": N_("Diastolic"),
    "map_mmhg": N_("Mean BP"),
    "abp_sbp_mmhg": N_("ABP sys"),
    "abp_dbp_mmhg": N_("ABP dia"),
    "abp_map_mmhg": N_("ABP mean"),
    "spo2_pct": N_("SpO2"),
    "o2_mode": N_("Oxygen"),
    "o2_flow_l_per_min": N_("O2 flow"),
    "fio2_pct": N_("FiO2"),
    "acvpu": N_("ACVPU"),
    "gcs_eye": N_("GCS eye"),
    "gcs_verbal": N_("GCS verbal"),
    "gcs_motor": N_("GCS motor"),
    "pain_nrs": N_("Pain 0-10"),
    "glucose_mmol_per_l": N_("Glucose"),
    "glucose_comparator": N_("Glucose"),
    "glucose_slot": N_("Taken"),
    "weight_kg": N_("Weight"),
    "height_cm": N_("Height"),
    "intake_24h_ml": N_("In 24 h"),
    "urine_24h_ml": N_("Urine 24 h"),
    "output_24h_ml": N_("Out 24 h"),
    "stool": N_("Stools"),
}
"""Names that fit beside a field; the full ones are in the item dictionary."""

SOURCES: Mapping[str, str] = {"manual": N_("by hand"), "monitor": N_("monitor")}
CALL_REASONS: Mapping[str, str] = {
    "EMERG": N_("emergency"),
    "TOILET": N_("toilet call"),
    "FALL": N_("fall"),
    "BREATH": N_("short of breath"),
    "CHEST": N_("chest pain"),
    "BLEED": N_("bleeding"),
    "TUBE": N_("tube came out"),
    "PAIN": N_("pain"),
    "INFUSION": N_("infusion"),
    "NAUSEA": N_("nausea"),
    "FEVER": N_("fever"),
    "ELIM": N_("help with toilet"),
    "MOVE": N_("turning, getting up"),
    "QUESTION": N_("question"),
    "WATER": N_("water"),
    "MEAL": N_("meal"),
    "ENV": N_("room"),
    "CANCEL": N_("by mistake"),
}
CALL_STATES: Mapping[str, str] = {
    "raised": N_("waiting"),
    "acknowledged": N_("taken"),
    "arrived": N_("nurse is there"),
    "resolved": N_("done"),
    "cancelled": N_("taken back"),
}
COMMANDS: Mapping[str, str] = {
    "vitals.record": N_("Vital signs"),
    "vitals.strike": N_("Strike out vital signs"),
    "call.acknowledge": N_("Take a call"),
    "call.arrive": N_("Arrive at a call"),
    "call.resolve": N_("Finish a call"),
    "exception.close": N_("Close a case"),
    "audit.event": N_("Access record"),
}
ENTRY_STATES: Mapping[str, str] = {
    "waiting": N_("waiting to be sent"),
    "sent": N_("sent, no answer yet"),
    "refused": N_("refused"),
    "parked": N_("set aside by the server"),
}
EXCEPTIONS: Mapping[str, str] = {
    "after-discharge": N_("Measured after the discharge"),
    "other-ward": N_("The patient had been moved to another ward"),
    "unknown-actor": N_("The server does not know who did this"),
    "unknown-encounter": N_("No such stay, or a device without a patient"),
    "clock-off": N_("Measured in the future by the server's clock"),
    "struck-unknown": N_("Struck out what nobody has recorded"),
    "score-differs": N_("The score on the device was another one"),
    "bed-taken": N_("Two patients in one bed"),
    "stream-gap": N_("Entries of a device are missing"),
    "stream-rewound": N_("A device used a number twice"),
}


def word(table: Mapping[str, str], code: str | None) -> str:
    """The words for `code`; a code that the table does not know stands for itself, nothing stands as a dash."""
    if code is None:
        return "—"
    return _(table[code]) if code in table else code


def age_text(age: timedelta) -> str:
    """How long ago, in one unit: short enough for a column."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=minutes // (24 * 60))


def seconds_text(age: timedelta) -> str:
    """How long ago, to the second while it is young: for calls."""
    seconds = max(0, int(age.total_seconds()))
    return _("{n} s").format(n=seconds) if seconds < 120 else age_text(age)


def time_text(at: datetime, now: datetime) -> str:
    """The ward's clock at that instant; with the day where it is not today."""
    shown = ward_time(at)
    return shown.strftime("%H:%M" if ward_date(at) == ward_date(now) else "%m-%d %H:%M")
