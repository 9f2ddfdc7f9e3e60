"""Rules that look at several readings together, at the last ones, or at the clock.

Numbered as in the ward domain sheet, section 1.2. Rule 12, a device at the wrong patient, belongs to pairing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from wardlink.clinical.codes import REASON_ONLY_FOR, NotMeasured, O2Mode
from wardlink.clinical.exact import exact, half_up
from wardlink.clinical.findings import CheckContext, Finding, ask, hard, soft
from wardlink.clinical.items import ITEMS, Labels
from wardlink.clinical.tables import load
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import N_

Rule = Callable[[VitalSet, CheckContext], Iterator[Finding]]

PRESSURE_PAIRS = (("sbp_mmhg", "dbp_mmhg"), ("abp_sbp_mmhg", "abp_dbp_mmhg"))


def threshold(name: str) -> Decimal:
    """A number of `data/cross_field.toml`."""
    return Decimal(str(load("cross_field")[name]["value"]))


def derived_map_mmhg(sbp_mmhg: float, dbp_mmhg: float) -> int:
    """Mean arterial pressure where the device gives none; whoever shows it says that it is derived (rule 3)."""
    return int(half_up((exact(sbp_mmhg) + 2 * exact(dbp_mmhg)) / 3))


def bmi_kg_per_m2(weight_kg: float, height_cm: float) -> Decimal:
    """Body mass index to one decimal. `height_cm` is above zero."""
    height_m = exact(height_cm) / 100
    return half_up(exact(weight_kg) / (height_m * height_m), 1)


def _pressure_pair(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 1."""
    for pair in PRESSURE_PAIRS:
        sbp, dbp = (getattr(v, name) for name in pair)
        if sbp is None or dbp is None:
            continue
        code = pair[0].removesuffix("sbp_mmhg").replace("_", "-")
        difference = exact(sbp) - exact(dbp)
        if difference <= 0:
            yield hard(
                f"{code}pressure-inverted",
                pair,
                N_("The systolic pressure must be above the diastolic pressure. Please check both."),
            )
        elif difference < threshold("pulse_pressure_min_mmhg"):
            yield soft(
                f"{code}pulse-pressure-narrow",
                pair,
                N_("The pressures are only {difference} mmHg apart. Are both right?"),
                difference=f"{difference.normalize():f}",
            )
        elif difference > threshold("pulse_pressure_max_mmhg"):
            yield soft(
                f"{code}pulse-pressure-wide",
                pair,
                N_("The pressures are {difference} mmHg apart. Are both right?"),
                difference=f"{difference.normalize():f}",
            )


def _lone_pressure(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 2. A monitor is not asked: its other pressure may simply be off."""
    if ctx.source == "monitor":
        return
    for missing, present in (("dbp_mmhg", "sbp_mmhg"), ("sbp_mmhg", "dbp_mmhg")):
        if getattr(v, missing) is None and getattr(v, present) is not None and missing not in ctx.not_measured:
            yield ask(
                f"{missing.replace('_', '-')}-reason-needed",
                (missing,),
                N_("{label} is missing. Please give the value, or the reason why there is none."),
                label=Labels((missing,)),
            )


def _pulse_deficit(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 4."""
    if v.hr_per_min is None or v.pulse_per_min is None:
        return
    deficit = exact(v.hr_per_min) - exact(v.pulse_per_min)
    fields = ("hr_per_min", "pulse_per_min")
    if deficit < 0:
        yield soft("heart-rate-below-pulse", fields, N_("The heart rate is below the pulse. Are both right?"))
    elif deficit >= threshold("pulse_deficit_per_min") and ctx.source == "manual" and not ctx.pulse_deficit_counted:
        yield ask(
            "pulse-deficit",
            fields,
            N_("Pulse deficit? Two nurses count heart rate and pulse at the same time for one minute."),
        )


def _temperature_site(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 5."""
    if v.temp_c is not None and v.temp_method is None and ctx.source == "manual":
        yield ask("temp-method-needed", ("temp_method",), N_("Please say where the temperature was taken."))


def _clock(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 7."""
    fields = ("measured_at",)
    if ctx.measured_at > ctx.now + timedelta(minutes=int(threshold("clock_ahead_min"))):
        yield hard("measured-in-future", fields, N_("The time of measurement lies in the future."))
    if ctx.discharged_at is not None and ctx.measured_at > ctx.discharged_at:
        yield hard("measured-after-discharge", fields, N_("The time of measurement lies after the discharge."))
    is_late = ctx.measured_at < ctx.now - timedelta(hours=int(threshold("late_after_h")))
    if is_late and ctx.source == "manual" and not (ctx.late_reason or "").strip():
        yield ask(
            "late-reason-needed",
            fields,
            N_("The measurement is more than {hours} hours old. Please give the reason."),
            hours=threshold("late_after_h"),
        )


def _oxygen(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 9; and a device that contradicts the answer, for it changes NEWS2 by 2."""
    if v.o2_on is None:
        return
    if not v.o2_on and (v.o2_flow_l_per_min or 0) > 0:
        yield hard(
            "oxygen-off-with-flow",
            ("o2_on", "o2_flow_l_per_min"),
            N_("Oxygen is off, but a flow is given. Please correct one of them."),
        )
    if v.o2_mode is not None and v.o2_on == (v.o2_mode == O2Mode.AIR):
        yield soft(
            "oxygen-mode-disagrees",
            ("o2_on", "o2_mode"),
            N_("Oxygen on or off does not fit the oxygen device. Are both right?"),
        )


def _body_change(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 10. Under 18 a changing height is growth."""
    if ctx.last is None:
        return
    if v.weight_kg is not None and ctx.last.weight_kg:
        before = exact(ctx.last.weight_kg)
        if abs(exact(v.weight_kg) - before) * 100 > threshold("weight_change_pct") * before:
            yield soft(
                "weight-changed",
                ("weight_kg",),
                N_("The weight differs by more than {percent} percent from the last one, {last} kg. Is it right?"),
                percent=threshold("weight_change_pct"),
                last=ITEMS["weight_kg"].show(ctx.last.weight_kg),
            )
    is_adult = ctx.age_years is None or ctx.age_years >= threshold("adult_from_years")
    if v.height_cm is not None and ctx.last.height_cm is not None and is_adult:
        change = abs(exact(v.height_cm) - exact(ctx.last.height_cm))
        if change > threshold("height_change_cm"):
            yield soft(
                "height-changed",
                ("height_cm",),
                N_("The height differs by more than {cm} cm from the last one, {last} cm. Is it right?"),
                cm=threshold("height_change_cm"),
                last=ITEMS["height_cm"].show(ctx.last.height_cm),
            )


def _body_mass(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """The soft range of the derived BMI: catches a weight in jin, or a height in the weight's field."""
    if v.weight_kg is None and v.height_cm is None:
        return
    weight_kg, height_cm = (_newest_possible(key, v, ctx.last) for key in ("weight_kg", "height_cm"))
    if weight_kg is None or height_cm is None:
        return
    bmi = bmi_kg_per_m2(weight_kg, height_cm)
    if not threshold("bmi_min_kg_per_m2") <= bmi <= threshold("bmi_max_kg_per_m2"):
        yield soft(
            "bmi-unusual",
            ("weight_kg", "height_cm"),
            N_("Weight and height give a body mass index of {bmi}. Are both right?"),
            bmi=bmi,
        )


def _newest_possible(key: str, v: VitalSet, last: VitalSet | None) -> float | None:
    value: float | None = getattr(v, key)
    if value is None and last is not None:
        value = getattr(last, key)
    limits = ITEMS[key].hard
    return value if value is not None and limits is not None and limits.holds(value) else None


def _reasons(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """Rule 11."""
    for name, code in ctx.not_measured.items():
        reason = NotMeasured.of(code)
        fits = name in ITEMS and reason is not None and name in REASON_ONLY_FOR.get(reason, (name,))
        if not fits:
            yield hard(
                f"{name.replace('_', '-')}-reason-unfit",
                (name,),
                N_("This reason does not fit {label}."),
                label=Labels((name,)) if name in ITEMS else name,
            )
        elif getattr(v, name) is not None:
            yield hard(
                f"{name.replace('_', '-')}-value-and-reason",
                (name,),
                N_("{label} has a value and a reason why there is none. Please remove one of them."),
                label=Labels((name,)),
            )


def _glucose(v: VitalSet, ctx: CheckContext) -> Iterator[Finding]:
    """LO and HI are never a number."""
    if v.glucose_comparator is not None and v.glucose_mmol_per_l is not None:
        yield hard(
            "glucose-number-with-comparator",
            ("glucose_comparator", "glucose_mmol_per_l"),
            N_("The meter showed LO or HI, so there is no number. Please remove one of them."),
        )


RULES: tuple[Rule, ...] = (
    _pressure_pair,
    _lone_pressure,
    _pulse_deficit,
    _temperature_site,
    _clock,
    _oxygen,
    _glucose,
    _body_change,
    _body_mass,
    _reasons,
)
"""Every rule, in the order in which a form shows what they find."""
