"""Every kind of record there is."""

from __future__ import annotations

from typing import Any

from wardlink.messages import changes
from wardlink.messages.base import Message
from wardlink.record.alerts import ALERT
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.assignments import ASSIGNMENT
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.care_team import CARE_TEAM
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.consults import CONSULT, CONSULT_NOTE
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.dose_asks import DOSE_ASK
from wardlink.record.doses import DOSE
from wardlink.record.ecg import ECG, ECG_PART
from wardlink.record.family import FAMILY_CONSENT
from wardlink.record.fluids import FLUID
from wardlink.record.guides import GUIDES
from wardlink.record.handovers import HANDOVER
from wardlink.record.isolations import ISOLATION
from wardlink.record.kind import Kind
from wardlink.record.leases import LEASE
from wardlink.record.lesson_texts import LESSONS
from wardlink.record.lessons import LESSON
from wardlink.record.meals import MEAL
from wardlink.record.menus import MENU
from wardlink.record.observations import OBSERVATION
from wardlink.record.orders import ORDER
from wardlink.record.pairings import PAIRING
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION
from wardlink.record.reminders import REMINDER
from wardlink.record.requests import REQUEST
from wardlink.record.rounds import ROUND
from wardlink.record.skin_tests import SKIN_TEST
from wardlink.record.verbal import VERBAL
from wardlink.record.ward_settings import WARD_SETTING

KINDS: tuple[Kind[Any], ...] = (
    ROUND,
    ORDER,
    DOSE,
    LEASE,
    DOSE_ASK,
    PAIRING,
    ATTRIBUTION,
    ECG,
    ECG_PART,
    CHART_EVENT,
    FLUID,
    OBSERVATION,
    REMINDER,
    ASSIGNMENT,
    HANDOVER,
    SKIN_TEST,
    ALERT,
    ASSESSMENT,
    VERBAL,
    WARD_SETTING,
    ISOLATION,
    MENU,
    GUIDES,
    LESSONS,
    DIET_CARD,
    MEAL,
    LESSON,
    REQUEST,
    CONSULT,
    CONSULT_NOTE,
    REHAB_PLAN,
    REHAB_SESSION,
    FAMILY_CONSENT,
    CARE_TEAM,
)

BY_NAME = {kind.name: kind for kind in KINDS}
BY_CHANGE = {kind.change: kind for kind in KINDS}
BY_COMMAND = {command: kind for kind in KINDS for command in kind.folds}
"""The kind of record that a kind of command changes."""

CHANGE_BODIES: dict[str, type[Message]] = changes.CHANGE_BODIES | {kind.change: kind.view for kind in KINDS}
"""The body of every kind of change."""
