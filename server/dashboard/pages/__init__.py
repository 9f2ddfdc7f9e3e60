"""The pages, one file each. `register` gives them their addresses."""

from __future__ import annotations

from server.core import Core


def register(core: Core) -> None:
    """Make every page of the dashboard reachable. Pages of an earlier call at the same address are replaced."""
    from server.dashboard.alarms import history, times
    from server.dashboard.alarms import page as alarms
    from server.dashboard.beds import page as beds
    from server.dashboard.complaints import page as complaints
    from server.dashboard.consults import page as consults
    from server.dashboard.events import page as events
    from server.dashboard.family import page as family
    from server.dashboard.hospital import page as hospital
    from server.dashboard.kitchen import page as kitchen
    from server.dashboard.kitchen import waste as kitchen_waste
    from server.dashboard.kpis import page as kpis
    from server.dashboard.medication import page as medication
    from server.dashboard.pages import (
        audit,
        board,
        exceptions,
        fleet,
        handovers,
        missing,
        orders,
        parked,
        requests,
        results,
        scans,
        settings,
        stay,
    )
    from server.dashboard.rehabilitation import page as rehabilitation
    from server.dashboard.shifts import assignments
    from server.dashboard.shifts import page as shifts
    from server.dashboard.staff import page as staff
    from server.dashboard.survey import page as survey
    from server.dashboard.tubes import page as tubes

    ours = (
        board,
        hospital,
        stay,
        alarms,
        history,
        times,
        orders,
        handovers,
        kitchen,
        kitchen_waste,
        complaints,
        results,
        exceptions,
        fleet,
        parked,
    )
    more = (
        audit,
        consults,
        rehabilitation,
        survey,
        events,
        tubes,
        kpis,
        medication,
        requests,
        scans,
        shifts,
        assignments,
        staff,
        beds,
        family,
        settings,
        missing,
    )
    for page in (*ours, *more):
        page.register(core)
