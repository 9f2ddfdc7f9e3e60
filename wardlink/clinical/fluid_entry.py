"""May this entry of intake or output be saved? Asked by the cart's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from wardlink.clinical.findings import CheckContext, Finding, ask, hard, soft
from wardlink.clinical.fluid_balance import Flow
from wardlink.clinical.fluid_kinds import fluid_kinds
from wardlink.clinical.limits import check
from wardlink.clinical.tables import load
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import N_


def check_flow(flow: Flow, *, infused: Sequence[Flow] = (), context: CheckContext) -> tuple[Finding, ...]:
    """Everything doubtful about one entry; an empty answer means that it may be saved as it is.

    `infused`: what the doses of this stay have brought in, so that a bag is not written down once more.

    Source: ward domain sheet 1.2 (rule 7) and 1.6.
    """
    clock = check(VitalSet(), context=replace(context, not_measured={}))
    return (*clock, *_of_its_own(flow), *_twice(flow, infused))


def _of_its_own(flow: Flow) -> Iterator[Finding]:
    kind = fluid_kinds(flow.direction).get(flow.kind)
    single = load("fluid_balance")["single"]
    if flow.volume_ml is None:
        is_said = flow.times is not None or flow.manner == "incontinent" or flow.enemas > 0
        if kind is None or (kind.wants_volume and not is_said):
            yield ask("volume-needed", ("volume_ml",), N_("Please give the volume."))
    elif flow.volume_ml > 30_000 or flow.volume_ml < 0:
        yield hard("volume-impossible", ("volume_ml",), N_("Only 0 to 30000 mL is possible. Please check the entry."))
    elif flow.volume_ml > single["soft_up_to_ml"]:
        yield soft(
            "volume-unusual",
            ("volume_ml",),
            N_("{volume} mL at once is more than a bag holds. Is it right?"),
            volume=f"{flow.volume_ml:g}",
        )
    if kind is not None and kind.needs_site and not flow.site:
        yield ask("site-needed", ("site",), N_("Please say which drain: each is added up apart."))
    if kind is not None and flow.manner is not None and flow.manner not in kind.manners:
        yield hard("manner-unfit", ("manner",), N_("This does not fit what came out."))


def _twice(flow: Flow, infused: Sequence[Flow]) -> Iterator[Finding]:
    if flow.direction != "intake" or flow.kind not in ("infusion", "parenteral", "transfusion"):
        return
    near = timedelta(minutes=load("fluid_balance")["single"]["same_bag_within_min"])
    for bag in infused:
        if bag.volume_ml == flow.volume_ml and abs(bag.at - flow.at) <= near:
            yield soft(
                "bag-counted-already",
                ("volume_ml",),
                N_("A bag of {volume} mL that ended about then is counted already. Is this another one?"),
                volume=f"{flow.volume_ml:g}",
            )
            return
