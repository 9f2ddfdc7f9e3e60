"""The tables of the two lives: what may happen in each state, and that nothing else may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.payments.states import Machine, NoMove, order_machine, refund_machine

ORDER = order_machine()
REFUND = refund_machine()

# What leads where from each state; every act that is not here is none.
ORDER_TABLE = {
    "created": {
        "show": "qr_ready",
        "doubt": "unknown",
        "refuse": "closed",
        "begin_close": "closing",
        "close": "closed",
        "pay": "paid",
    },
    "qr_ready": {"begin_close": "closing", "close": "closed", "pay": "paid"},
    "unknown": {
        "show": "qr_ready",
        "doubt": "unknown",
        "refuse": "closed",
        "begin_close": "closing",
        "close": "closed",
        "pay": "paid",
    },
    "closing": {"begin_close": "closing", "close": "closed", "pay": "paid"},
    "closed": {"pay": "paid"},
    "paid": {"refund_part": "part_refunded", "refund_rest": "refunded"},
    "part_refunded": {"refund_part": "part_refunded", "refund_rest": "refunded"},
    "refunded": {},
}
REFUND_TABLE = {
    "asked": {"approve": "approved", "decline": "declined"},
    "approved": {"send": "sent", "finish": "done", "refuse": "refused"},
    "sent": {"send": "sent", "finish": "done", "refuse": "refused"},
    "declined": {},
    "done": {},
    "refused": {},
}
CASES = [
    (machine, state, act, table[state].get(act))
    for machine, table in ((ORDER, ORDER_TABLE), (REFUND, REFUND_TABLE))
    for state in table
    for act in sorted(machine.acts)
]


@pytest.mark.parametrize(("machine", "state", "act", "to"), CASES)
def test_every_act_in_every_state(machine: Machine, state: str, act: str, to: str | None) -> None:
    """Leads where the table says, or is no move."""
    if to is None:
        with pytest.raises(NoMove):
            machine.after(state, act)
    else:
        assert machine.after(state, act) == to
        assert state in machine.before(act)
        assert machine.to(act) == to


def test_the_tables_name_every_state() -> None:
    """No state is reached that the tables above do not know."""
    assert ORDER.states == ORDER_TABLE.keys()
    assert REFUND.states == REFUND_TABLE.keys()


@pytest.mark.parametrize("machine", [ORDER, REFUND])
def test_groups_name_states_that_there_are(machine: Machine) -> None:
    """A word in a group that is no state would silently match nothing."""
    for name, states in machine.groups.items():
        assert states <= machine.states, name


@pytest.mark.parametrize("machine", [ORDER, REFUND])
def test_what_is_final_is_not_open(machine: Machine) -> None:
    """And whatever is neither can be looked up: nothing is forgotten half-way."""
    assert not machine.groups["final"] & machine.groups["open"]


@given(st.lists(st.sampled_from(sorted(ORDER.acts))))
def test_what_was_paid_never_becomes_unpaid(acts: list[str]) -> None:
    """Whatever happens in whatever order."""
    state, was_paid = ORDER.start, False
    for act in acts:
        if (state, act) in ORDER.moves:
            state = ORDER.after(state, act)
        was_paid = was_paid or act == "pay"

        assert (state in ORDER.groups["paid"]) == was_paid


@given(st.lists(st.sampled_from(sorted(REFUND.acts))))
def test_a_refund_is_sent_only_after_a_second_person_agreed(acts: list[str]) -> None:
    """No way leads round `approved`."""
    state, agreed = REFUND.start, False
    for act in acts:
        if (state, act) in REFUND.moves:
            agreed = agreed or act == "approve"
            state = REFUND.after(state, act)

        assert agreed or state in ("asked", "declined")
