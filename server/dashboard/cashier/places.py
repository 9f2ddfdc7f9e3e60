"""The pages of the cashier, one beside the other."""

from __future__ import annotations

from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.identity.roles import Right
from wardlink.i18n import N_, domain

_ = domain("server").gettext

PLACES: tuple[tuple[str, str, str, Right], ...] = (
    ("stays", N_("Stays"), "/cashier", "settle.read"),
    ("deposits", N_("Deposits and arrears"), "/deposits", "settle.read"),
    ("late", N_("Late charges"), "/late-lines", "settle.read"),
    ("payments", N_("Payments to look into"), "/payments", "pay.reconcile"),
    ("bills", N_("Reconciliation"), "/reconcile", "pay.reconcile"),
    ("insurance", N_("Insurance accounts"), "/insurance-accounts", "pay.reconcile"),
    ("differences", N_("Differences"), "/reconcile/differences", "pay.reconcile"),
)


def show(visit: Visit, here: str) -> None:
    """The ways from one to the other, of those that this visitor may see."""
    with tag("nav", cls="places", aria_label=_("Pages of the cashier")):
        for name, label, path, right in PLACES:
            if visit.may(right):
                tag("a", _(label), href=address(path), aria_current="page" if name == here else None)
