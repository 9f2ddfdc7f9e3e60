"""Who may do what through the server's own entrances: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from wardlink.errors import NoRight

Role = Literal[
    "nurse",
    "charge-nurse",
    "head-nurse",
    "doctor",
    "pharmacist",
    "dietitian",
    "therapist",
    "kitchen",
    "manager",
    "technician",
    "admin",
    "cashier",
    "coder",
    "relations",
]
ROLES: tuple[Role, ...] = get_args(Role)

Right = Literal[
    "ward.read",  # see the patients of the ward and their readings
    "hospital.manage",  # make wards
    "ward.manage",  # set up the ward and its beds
    "assignment.take",  # take beds of the ward for a shift, and leave them
    "assignment.give",  # give them to other nurses
    "roster.write",  # enter who is to work when in the ward
    "house.manage",  # put in new versions of what the hospital writes itself
    "house.menu",  # the same of the menu alone
    "encounter.write",  # admit, move, discharge, change a stay
    "encounter.import",  # the same from a file
    "family.guardian",  # enter who decides for a patient who cannot, and end any consent for family
    "order.write",  # issue orders, hold and stop them
    "order.review",  # look at the drugs of an order as a pharmacist
    "order.check",  # take orders over and check them as a nurse
    "dose.give",  # give drugs
    "meal.order",  # order meals for patients, and say how they eat
    "meal.override",  # pass over the sums of a day, as a dietitian may
    "complaint.read",  # see what patients of the ward complain of
    "complaint.answer",  # take it, and answer the patient
    "complaint.assign",  # give it to somebody, and close it
    "complaint.office",  # see what was written to the hospital's office alone
    "survey.read",  # see how satisfied patients were, from five answers on
    "event.report",  # report adverse events, and see those of one's own
    "event.handle",  # see all of the ward, say what was done about them, strike them out
    "event.infection",  # say that an infection came from a tube or a ventilator
    "tube.write",  # say which tubes a patient has
    "kpi.read",  # see the KPIs of the ward: numbers without patients
    "medication.read",  # see how safely drugs are given in the ward
    "medication.by-person",  # see it of one member of staff
    "meal.kitchen",  # see what is to be cooked, and say that it was
    "request.place",  # ask for something in a patient's name
    "request.handle",  # see to what patients ask for, and answer their questions about the bill
    "consult.read",  # see consultations with what doctors write to each other
    "consult.answer",  # accept, arrange, close and decline consultations
    "consult.sign",  # be with the patient as a specialist, and sign the opinion
    "rehab.plan",  # write, change and end plans of rehabilitation
    "rehab.confirm",  # say that a session was done, or does not count
    "ecg.write",  # send ECG strips from a desk
    "ecg.report",  # say what a strip shows, and let its patient see it
    "result.write",  # send results from a desk or a file
    "result.acknowledge",  # see results with what keeps them, and say that a critical value was heard of
    "result.release",  # let a patient see a result, or keep it back
    "alert.answer",  # take an alert, hand it on, deal with it
    "vitals.assign",  # say afterwards whose a monitor's values were
    "exception.close",  # say what was done about facts that collided
    "parked.handle",  # deal with messages that could not be taken in
    "pay.take",  # make, see and close payment orders
    "pay.reconcile",  # compare the channels' bills, and say what was done about differences
    "pay.write-off",  # give up money that a channel will never pay out
    "pay.refund",  # ask for refunds, and agree to those of others
    "settle.read",  # see how a stay is settled
    "settle.run",  # settle stays
    "money.read",  # see what a stay costs and what was paid
    "money.write",  # take cash, charge and take back by hand
    "money.refund",  # give deposits back in cash
    "money.agree",  # agree that a stay pays later, or release it
    "staff.manage",  # add staff, end their access, give new PINs
    "device.manage",  # enrol and revoke devices
    "drg.read",  # see what a group pays for a stay, against what it has cost
    "drg.code",  # give stays their groups
    "insurance.read",  # see how a stay is insured, and what is expected to be paid
    "insurance.write",  # say how a stay is insured, read insurance cards
    "audit.read",  # search the access audit and check its chain
]

_CARE: frozenset[Role] = frozenset({"nurse", "charge-nurse", "head-nurse", "doctor"})
_LEAD: frozenset[Role] = frozenset({"charge-nurse", "head-nurse", "manager"})

RIGHTS: Mapping[Right, frozenset[Role]] = {
    "ward.read": _CARE | _LEAD | {"pharmacist", "dietitian", "therapist"},
    "hospital.manage": frozenset({"admin"}),
    "ward.manage": frozenset({"manager", "admin"}),
    "assignment.take": frozenset({"nurse", "charge-nurse", "head-nurse"}),
    "assignment.give": frozenset({"charge-nurse", "head-nurse"}),
    "roster.write": frozenset({"charge-nurse", "head-nurse", "manager"}),
    "house.manage": frozenset({"manager", "admin"}),
    "house.menu": frozenset({"manager", "admin", "dietitian"}),
    "encounter.write": _CARE | _LEAD,
    "family.guardian": frozenset({"doctor", "charge-nurse", "head-nurse"}),
    "encounter.import": _LEAD | {"admin"},
    "order.write": frozenset({"doctor"}),
    "order.review": frozenset({"pharmacist"}),
    "order.check": frozenset({"nurse", "charge-nurse", "head-nurse"}),
    "dose.give": frozenset({"nurse", "charge-nurse", "head-nurse", "doctor"}),
    "meal.order": _CARE | {"dietitian"},
    "meal.override": frozenset({"doctor", "head-nurse", "dietitian"}),
    "meal.kitchen": _LEAD | {"nurse", "admin", "kitchen", "dietitian"},
    "request.place": _CARE,
    "request.handle": frozenset({"nurse", "charge-nurse", "head-nurse", "manager"}),
    "complaint.read": _CARE | _LEAD | {"relations"},
    "complaint.answer": _CARE | _LEAD | {"relations"},
    "complaint.assign": _LEAD | {"relations"},
    "complaint.office": frozenset({"relations"}),
    "survey.read": _LEAD | {"relations"},
    "event.report": _CARE | _LEAD | {"pharmacist", "dietitian", "therapist"},
    "event.handle": frozenset({"head-nurse", "manager"}),
    "event.infection": frozenset({"doctor", "head-nurse"}),
    "tube.write": _CARE,
    "kpi.read": _LEAD,
    "medication.read": _LEAD | {"pharmacist"},
    "medication.by-person": frozenset({"head-nurse", "manager"}),
    "consult.read": _CARE,
    "consult.answer": frozenset({"doctor", "head-nurse"}),
    "consult.sign": frozenset({"doctor"}),
    "rehab.plan": frozenset({"therapist", "doctor"}),
    "rehab.confirm": frozenset({"therapist", "nurse", "charge-nurse", "head-nurse", "doctor"}),
    "ecg.write": _CARE,
    "ecg.report": frozenset({"doctor"}),
    "result.write": _LEAD | {"admin"},
    "result.acknowledge": _CARE,
    "result.release": frozenset({"doctor"}),
    "alert.answer": _CARE,
    "vitals.assign": _CARE | _LEAD,
    "exception.close": _CARE | _LEAD,
    "parked.handle": _LEAD | {"technician", "admin"},
    "pay.take": frozenset({"nurse", "charge-nurse", "head-nurse", "manager", "cashier"}),
    "pay.reconcile": frozenset({"manager", "cashier"}),
    "pay.write-off": frozenset({"manager"}),
    "pay.refund": frozenset({"manager", "cashier"}),
    "settle.read": frozenset({"manager", "cashier"}),
    "settle.run": frozenset({"cashier"}),
    "money.read": _CARE | {"manager", "cashier"},
    "money.write": frozenset({"cashier"}),
    "money.refund": frozenset({"cashier"}),
    "money.agree": frozenset({"doctor", "head-nurse", "manager", "cashier"}),
    "staff.manage": frozenset({"manager", "admin"}),
    "device.manage": frozenset({"manager", "technician", "admin"}),
    "drg.read": frozenset({"manager"}),
    "drg.code": frozenset({"manager", "coder"}),
    "insurance.read": _CARE | _LEAD | {"cashier"},
    "insurance.write": _LEAD | {"nurse", "cashier"},
    "audit.read": frozenset({"manager", "admin"}),
}

EVERYWHERE: frozenset[Role] = frozenset(
    {"technician", "admin", "cashier", "coder", "kitchen", "dietitian", "therapist", "relations"}
)
"""Roles that are not bound to the wards of the person."""

GIVEN_BY_MANAGERS: frozenset[str] = frozenset(ROLES) - EVERYWHERE - {"manager"}
"""What a ward's manager may make somebody of the ward; all else only an administrator gives."""


def may(role: str, right: Right) -> bool:
    """Whether somebody of this role has this right."""
    return role in RIGHTS[right]


def demand(role: str, right: Right) -> None:
    """Let through who has the right.

    Raises:
        NoRight: the role does not have it.
    """
    if not may(role, right):
        raise NoRight
