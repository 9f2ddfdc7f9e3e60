"""The pages, one file each. `register` gives them their addresses."""

from __future__ import annotations

from server.core import Core


def register(core: Core) -> None:
    """Make every page of the dashboard reachable. Pages of an earlier call at the same address are replaced."""
    from server.dashboard.alarms import history
    from server.dashboard.alarms import page as alarms
    from server.dashboard.kitchen import page as kitchen
    from server.dashboard.pages import (
        audit,
        board,
        exceptions,
        fleet,
        handovers,
        missing,
        orders,
        parked,
        scans,
        settings,
        stay,
    )

    first = (board, stay, alarms, history, orders, handovers, kitchen)
    for page in (*first, exceptions, fleet, parked, audit, scans, settings, missing):
        page.register(core)
