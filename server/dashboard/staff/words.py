"""What a right lets somebody do, in words, by what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from server.identity.roles import Right
from wardlink.i18n import N_

RIGHTS: Mapping[Right, str] = {
    "ward.read": N_("See the patients of the ward and their readings"),
    "encounter.write": N_("Admit, move and discharge patients, change a stay"),
    "encounter.import": N_("Take admissions over from a file"),
    "vitals.assign": N_("Say afterwards whose a monitor's values were"),
    "alert.answer": N_("Take alerts, hand them on, deal with them"),
    "exception.close": N_("Say what was done about facts that collided"),
    "order.write": N_("Issue orders, hold and stop them"),
    "order.review": N_("Review the drugs of orders as a pharmacist"),
    "order.check": N_("Take over and check orders as a nurse"),
    "dose.give": N_("Give drugs"),
    "medication.read": N_("See how safely drugs are given in the ward"),
    "medication.by-person": N_("See it of one member of staff"),
    "ecg.write": N_("Send ECG strips from a desk"),
    "ecg.report": N_("Say what an ECG strip shows"),
    "result.write": N_("Send results from a desk or a file"),
    "result.acknowledge": N_("Acknowledge critical results"),
    "result.release": N_("Let a patient see a result, or keep it back"),
    "consult.read": N_("See consultations with what doctors write to each other"),
    "consult.answer": N_("Arrange, close and decline consultations"),
    "consult.sign": N_("Sign the opinion of a consultation"),
    "rehab.plan": N_("Write, change and end plans of rehabilitation"),
    "rehab.confirm": N_("Confirm sessions of rehabilitation"),
    "meal.order": N_("Order meals for patients, and say how they eat"),
    "meal.override": N_("Let a meal pass over the sums of a day"),
    "meal.kitchen": N_("See what is to be cooked, and say that it was"),
    "request.place": N_("Ask for something in a patient's name"),
    "request.handle": N_("See to what patients ask for"),
    "complaint.read": N_("See what patients of the ward complain of"),
    "complaint.answer": N_("Answer complaints"),
    "complaint.assign": N_("Give complaints to somebody, and close them"),
    "complaint.office": N_("See what was written to the hospital's office alone"),
    "survey.read": N_("See how satisfied patients were, from five answers on"),
    "kpi.read": N_("See the KPIs of the ward"),
    "pay.take": N_("Make, see and close payment orders"),
    "pay.reconcile": N_("Compare the channels' bills"),
    "pay.write-off": N_("Give up money that a channel will never pay out"),
    "pay.refund": N_("Ask for refunds, and agree to those of others"),
    "settle.read": N_("See how a stay is settled"),
    "settle.run": N_("Settle stays"),
    "money.read": N_("See what a stay costs and what was paid"),
    "money.write": N_("Take cash, charge and take back by hand"),
    "money.refund": N_("Give deposits back in cash"),
    "money.agree": N_("Agree that a stay pays later"),
    "insurance.read": N_("See how a stay is insured"),
    "insurance.write": N_("Say how a stay is insured, read insurance cards"),
    "drg.read": N_("See what a group pays for a stay, against what it has cost"),
    "drg.code": N_("Give stays their groups"),
    "ward.manage": N_("Set up wards and beds"),
    "staff.manage": N_("Add staff, change and end their access, give new PINs"),
    "device.manage": N_("Enrol and revoke devices"),
    "parked.handle": N_("Deal with messages that could not be taken in"),
    "audit.read": N_("Search the access record and check its chain"),
}
"""Every right, in the order in which the table of roles shows them."""
