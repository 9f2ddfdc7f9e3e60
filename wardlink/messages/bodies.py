"""The bodies that commands may carry, by kind. A kind that is not here is parked, never guessed."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from wardlink.errors import MessageUnreadable
from wardlink.messages import (
    alerts,
    assessments,
    assignments,
    attributions,
    audit,
    calls,
    chart_events,
    dose_asks,
    doses,
    ecg,
    encounters,
    exceptions,
    fluids,
    guides,
    handovers,
    isolations,
    meals,
    observations,
    orders,
    pairings,
    reminders,
    requests,
    rounds,
    scans,
    skin_tests,
    verbal,
    vitals,
    ward_settings,
)
from wardlink.messages.base import Message
from wardlink.messages.commands import faults

BODIES: dict[str, type[Message]] = {
    "vitals.record": vitals.RecordVitals,
    "vitals.strike": vitals.StrikeVitals,
    "call.raise": calls.RaiseCall,
    "call.refine": calls.RefineCall,
    "call.acknowledge": calls.AcknowledgeCall,
    "call.arrive": calls.ArriveAtCall,
    "call.resolve": calls.ResolveCall,
    "call.cancel": calls.CancelCall,
    "encounter.admit": encounters.Admit,
    "encounter.transfer": encounters.Transfer,
    "encounter.discharge": encounters.Discharge,
    "encounter.update": encounters.UpdateEncounter,
    "monitor.pair": pairings.PairMonitor,
    "monitor.unpair": pairings.EndPairing,
    "attribution.record": attributions.AttributeValues,
    "attribution.strike": attributions.StrikeAttribution,
    "assessment.record": assessments.RecordAssessment,
    "assessment.strike": assessments.StrikeAssessment,
    "isolation.start": isolations.StartIsolation,
    "isolation.end": isolations.EndIsolation,
    "isolation.strike": isolations.StrikeIsolation,
    "round.record": rounds.RecordRound,
    "round.strike": rounds.StrikeRound,
    "chart-event.record": chart_events.RecordChartEvent,
    "chart-event.strike": chart_events.StrikeChartEvent,
    "fluid.record": fluids.RecordFluid,
    "fluid.strike": fluids.StrikeFluid,
    "observation.record": observations.RecordObservation,
    "observation.strike": observations.StrikeObservation,
    "order.issue": orders.IssueOrder,
    "order.review": orders.ReviewOrder,
    "order.check": orders.CheckOrder,
    "order.reject": orders.RejectOrder,
    "order.hold": orders.HoldOrder,
    "order.resume": orders.ResumeOrder,
    "order.stop": orders.StopOrder,
    "order.cancel": orders.CancelOrder,
    "order.mark-wrong": orders.MarkOrderWrong,
    "dose.give": doses.GiveDose,
    "dose.start": doses.StartInfusion,
    "dose.patrol": doses.PatrolInfusion,
    "dose.pause": doses.PauseInfusion,
    "dose.resume": doses.ResumeInfusion,
    "dose.end": doses.EndInfusion,
    "dose.withhold": doses.WithholdDose,
    "dose.strike": doses.StrikeDose,
    "dose-ask.ask": dose_asks.AskDose,
    "dose-ask.answer": dose_asks.AnswerDose,
    "dose-ask.end": dose_asks.EndDoseAsk,
    "skin-test.read": skin_tests.ReadSkinTest,
    "skin-test.strike": skin_tests.StrikeSkinTest,
    "verbal.give": verbal.GiveVerbal,
    "verbal.write": verbal.WriteVerbal,
    "verbal.name-overdue": verbal.NameVerbalOverdue,
    "verbal.strike": verbal.StrikeVerbal,
    "lease.take": doses.LeaseDoses,
    "lease.release": doses.ReleaseLease,
    "reminder.add": reminders.AddReminder,
    "reminder.done": reminders.FinishReminder,
    "reminder.strike": reminders.StrikeReminder,
    "assignment.take": assignments.TakeBed,
    "assignment.leave": assignments.LeaveBed,
    "ward-setting.set": ward_settings.SetWard,
    "handover.write": handovers.WriteHandover,
    "handover.give": handovers.GiveHandover,
    "handover.take": handovers.TakeHandover,
    "handover.strike": handovers.StrikeHandover,
    "alert.accept": alerts.AcceptAlert,
    "alert.refuse": alerts.RefuseAlert,
    "alert.hand-on": alerts.HandOnAlert,
    "alert.arrive": alerts.ArriveAtAlert,
    "alert.resolve": alerts.ResolveAlert,
    "ecg.record": ecg.RecordEcg,
    "ecg.see": ecg.SeeEcg,
    "ecg.report": ecg.ReportEcg,
    "ecg.strike": ecg.StrikeEcg,
    "meal.order": meals.OrderMeal,
    "meal.change": meals.ChangeMeal,
    "meal.cancel": meals.CancelMeal,
    "meal.lock": meals.LockMeal,
    "meal.cook": meals.CookMeal,
    "meal.dispatch": meals.DispatchMeal,
    "meal.stop": meals.StopMeal,
    "meal.deliver": meals.DeliverMeal,
    "meal.return": meals.ReturnMeal,
    "meal.undo": meals.UndoDelivery,
    "meal.intake": meals.NoteIntake,
    "diet-card.set": meals.SetDietCard,
    "diet-card.follow": meals.FollowDietCard,
    "menu.set": meals.SetMenu,
    "guides.set": guides.SetGuides,
    "request.place": requests.PlaceRequest,
    "request.cancel": requests.CancelRequest,
    "request.accept": requests.AcceptRequest,
    "request.begin": requests.BeginRequest,
    "request.complete": requests.CompleteRequest,
    "request.reject": requests.RejectRequest,
    "exception.close": exceptions.CloseException,
    "audit.event": audit.AuditEvent,
    "scan.refused": scans.RefuseScan,
}


def parse_body(kind: str, body: dict[str, Any]) -> Message:
    """The typed body of a command of this kind.

    Raises:
        MessageUnreadable: an unknown kind, or a body with wrong fields (named, without values).
    """
    model = BODIES.get(kind)
    if model is None:
        raise MessageUnreadable(detail=f"unknown kind {kind[:40]!r}")
    try:
        return model.model_validate(body)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc
