"""Every table, imported once: what migrations compare the database with."""

from server.adverse.models import AdverseEvent, AdverseStep, DeviceUse
from server.alerts.models import AlertWatch
from server.calls.models import CallRow
from server.complaints.models import Complaint, ComplaintStep
from server.db import METADATA
from server.drg.models import DrgStay
from server.exceptions.models import ExceptionRow
from server.family.models import FamilySecret
from server.house.models import HouseVersion
from server.identity.models import AccessAudit, Device, DeviceCursor, SignInAttempt, Staff, StaffBadge, StaffSession
from server.insurance.models import InsuranceFee, InsuranceMessage, InsuranceSettlement, InsuranceStay
from server.kpis.models import DaySum
from server.meals.models import KitchenPrint
from server.medication.models import GivingSum
from server.models import ChangeRow, Parked, Refusal
from server.money.models import ChargeLine, MoneyAgreement, MoneyEntry, MoneyPosting
from server.orders.timings import OrderTiming
from server.patients.models import Bed, Encounter, Patient, Stay, Ward
from server.payments.models import PayHandled, PayNotice, PayOrder, PayRefund
from server.reconcile.models import ReconcileDifference, ReconcileRun
from server.record.models import RecordRow
from server.results.models import Result
from server.roster.models import RosterCell
from server.settlement.models import Settlement, SettlementLine, SettlementPayout
from server.survey.models import SurveyAnswer, SurveyMark
from server.vitals.models import VitalsRow
from server.wards.models import BedClosure

__all__ = [
    "METADATA",
    "AccessAudit",
    "AdverseEvent",
    "AdverseStep",
    "AlertWatch",
    "Bed",
    "BedClosure",
    "CallRow",
    "ChangeRow",
    "ChargeLine",
    "Complaint",
    "ComplaintStep",
    "DaySum",
    "Device",
    "DeviceCursor",
    "DeviceUse",
    "DrgStay",
    "Encounter",
    "ExceptionRow",
    "FamilySecret",
    "GivingSum",
    "HouseVersion",
    "InsuranceFee",
    "InsuranceMessage",
    "InsuranceSettlement",
    "InsuranceStay",
    "KitchenPrint",
    "MoneyAgreement",
    "MoneyEntry",
    "MoneyPosting",
    "OrderTiming",
    "Parked",
    "Patient",
    "PayHandled",
    "PayNotice",
    "PayOrder",
    "PayRefund",
    "ReconcileDifference",
    "ReconcileRun",
    "RecordRow",
    "Refusal",
    "Result",
    "RosterCell",
    "Settlement",
    "SettlementLine",
    "SettlementPayout",
    "SignInAttempt",
    "Staff",
    "StaffBadge",
    "StaffSession",
    "Stay",
    "SurveyAnswer",
    "SurveyMark",
    "VitalsRow",
    "Ward",
]
