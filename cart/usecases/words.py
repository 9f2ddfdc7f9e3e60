"""Codes of the ward in words, and instants and ages as a nurse reads them. Looked up when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from wardlink.clinical.call_reasons import call_reasons
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
    "pharmacist": N_("pharmacist"),
    "dietitian": N_("dietitian"),
    "therapist": N_("therapist"),
    "kitchen": N_("kitchen"),
    "manager": N_("ward manager"),
    "technician": N_("technician"),
    "admin": N_("administrator"),
    "cashier": N_("cashier"),
    "coder": N_("record coder"),
    "relations": N_("patient relations"),
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
    "ecg.see": N_("ECG read"),
    "ecg.strike": N_("Strike out an ECG"),
    "call.acknowledge": N_("Take a call"),
    "call.arrive": N_("Arrive at a call"),
    "call.resolve": N_("Finish a call"),
    "order.check": N_("Check an order"),
    "order.reject": N_("Send an order back"),
    "dose.give": N_("Dose given"),
    "dose.start": N_("Infusion started"),
    "dose.patrol": N_("Infusion patrol"),
    "dose.pause": N_("Infusion paused"),
    "dose.resume": N_("Infusion resumed"),
    "dose.end": N_("Infusion ended"),
    "dose.withhold": N_("Dose not given"),
    "dose.strike": N_("Strike out an entry about a dose"),
    "lease.take": N_("Begin a medication round"),
    "lease.release": N_("End a medication round"),
    "monitor.pair": N_("Pair a monitor"),
    "monitor.unpair": N_("Take a monitor off"),
    "attribution.record": N_("Give values to a patient"),
    "attribution.strike": N_("Take values back from a patient"),
    "isolation.start": N_("Begin an isolation"),
    "isolation.end": N_("End an isolation"),
    "isolation.strike": N_("Strike out an isolation"),
    "round.record": N_("Round"),
    "round.strike": N_("Strike out a round"),
    "reminder.add": N_("Reminder"),
    "reminder.done": N_("Reminder done"),
    "reminder.strike": N_("Strike out a reminder"),
    "assignment.take": N_("Take a bed"),
    "assignment.leave": N_("Leave a bed"),
    "handover.write": N_("Note for the hand-over"),
    "handover.give": N_("Give the hand-over"),
    "handover.take": N_("Take the hand-over"),
    "handover.strike": N_("Strike out a hand-over"),
    "fluid.record": N_("Intake or output"),
    "fluid.strike": N_("Strike out intake or output"),
    "observation.record": N_("Measurement"),
    "observation.strike": N_("Strike out a measurement"),
    "chart-event.record": N_("Mark on the chart"),
    "chart-event.strike": N_("Strike out a mark on the chart"),
    "assessment.record": N_("Assessment"),
    "assessment.strike": N_("Strike out an assessment"),
    "alert.accept": N_("Take an alert"),
    "alert.refuse": N_("Cannot see to an alert"),
    "alert.hand-on": N_("Hand on an alert"),
    "alert.arrive": N_("Arrive at an alert"),
    "alert.resolve": N_("End an alert"),
    "exception.close": N_("Close a case"),
    "audit.event": N_("Access record"),
    "scan.refused": N_("Refused scan"),
}
ENTRY_STATES: Mapping[str, str] = {
    "waiting": N_("waiting to be sent"),
    "sent": N_("sent, no answer yet"),
    "refused": N_("refused"),
    "parked": N_("set aside by the server"),
}


def word(table: Mapping[str, str], code: str | None) -> str:
    """The words for `code`; a code that the table does not know stands for itself, nothing stands as a dash."""
    if code is None:
        return "—"
    return _(table[code]) if code in table else code


def reason_text(code: str | None) -> str:
    """Why a patient calls; a code that the table does not know stands for itself."""
    if code is None:
        return _("not said yet")
    known = call_reasons().get(code)
    return code if known is None else known.label_text()


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


def due_text(at: datetime, now: datetime) -> str:
    """When something is due: short enough for a column, with the day where it is not today."""
    days = (ward_date(at) - ward_date(now)).days
    clock = ward_time(at).strftime("%H:%M")
    if days == 0:
        return clock
    if days == 1:
        return _("+1d {time}").format(time=clock)
    return ward_time(at).strftime("%m-%d")
