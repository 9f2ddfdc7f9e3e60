"""What the program holds while its pages come and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from cart.usecases.assess_draft import Draft as AssessmentDraft
    from cart.usecases.draft import Draft
    from cart.usecases.session import Session
    from cart.usecases.ward_list import WardList
    from wardlink.device import SyncStatus
    from wardlink.messages.alerts import AlertView
    from wardlink.messages.calls import CallChanged


@dataclass
class Desk:
    """What outlives a page: the ward, who is signed in, and what they have half entered."""

    ward: Ward
    ward_list: WardList
    session: Session | None = None
    drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)
    assessment_drafts: dict[tuple[str, str, str], AssessmentDraft] = field(default_factory=dict)
    wristbands: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    status: SyncStatus | None = None
    calls: list[CallChanged] = field(default_factory=list)
    alerts: list[AlertView] = field(default_factory=list)
    cases: int = 0
    orders: dict[str, str] | None = None
    touched: set[str] = field(default_factory=set)
    """Stays whose pages were open since the ward's page was on top."""
    has_news: bool = True
    ward_name: str = ""
