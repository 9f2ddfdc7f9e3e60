"""Where ranges of changes begin and end they show the hash chain, so that two histories are told apart."""

from __future__ import annotations

from server.changes import read_range
from server.live import Live
from server.snapshot import render_snapshot
from tests.server.wards import SmallWard
from wardlink.messages.changes import ChangeRange, decode_range, decode_snapshot


def told_live(ward: SmallWard, sets: int) -> list[ChangeRange]:
    """What carts hear of a batch of `sets`."""
    sent: list[tuple[str, bytes]] = []
    live = Live(sent.extend, frozenset)
    ward.core.ingest.live = live
    ward.take(*[ward.cart.vitals(60 + i % 60) for i in range(sets)])
    live.start()
    live.stop()
    return [decode_range(payload) for topic, payload in sent if topic.endswith("w1/changes")]


def test_live_answer_and_snapshot_show_the_same_joints(ward: SmallWard) -> None:
    """Each part of a long batch begins where the one before it ends, and so do the answers over HTTP."""
    parts = told_live(ward, 300)
    with ward.db.read() as conn:
        snapshot = decode_snapshot(render_snapshot(conn, "w1", ward.clock.now()))
        answers = [read_range(conn, "w1", part.after, limit=part.upto - part.after) for part in parts]
        whole = read_range(conn, "w1", 0)

    assert len(parts) > 1
    assert [(a.joint_after, a.joint_upto) for a in answers] == [(p.joint_after, p.joint_upto) for p in parts]
    assert [p.joint_upto for p in parts[:-1]] == [p.joint_after for p in parts[1:]]
    assert (whole.joint_after, snapshot.joint) == ("0" * 16, parts[-1].joint_upto)


def test_a_number_that_the_log_does_not_have_shows_no_joint(ward: SmallWard) -> None:
    """A device that stands beyond the end is told so by an empty one."""
    with ward.db.read() as conn:
        found = read_range(conn, "w1", 1_000)

    assert (found.joint_after, found.upto < 1_000) == ("", True)
