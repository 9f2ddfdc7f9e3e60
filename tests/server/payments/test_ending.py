"""What an operator sees of the notices, and that the channels are let go of at the end."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from server.app import create_app
from server.config import Settings
from server.ops import metrics
from tests.server.payments.till import Till


class Channel:
    """Something that must be let go of."""

    channel = "channel"
    shut_times = 0

    def shut(self) -> None:
        """Let go."""
        self.shut_times += 1


def test_notices_are_counted_by_what_became_of_them(sqlite_till: Till, tmp_path: Path) -> None:
    """Accepted, come again, forged, refused by its reason; how many share a commit; the seconds. Ids of nobody."""
    settings = Settings(
        data_dir=tmp_path, database_url=sqlite_till.ward.db.url, broker="external", broker_port=1, pages=False
    )
    app = create_app(settings, clock=sqlite_till.ward.clock)
    order = sqlite_till.order()
    sqlite_till.pay(order)
    told = sqlite_till.notice(order)
    for each in (told, told, sqlite_till.notice(order, merchant="somebody")):
        sqlite_till.take(each)
    sqlite_till.payments.notices.take("sandbox", {}, b"nobody signed this")
    found = metrics.registry(app.state.core, app.state.running, sqlite_till.payments)
    app.state.core.db.close()

    def value(name: str, **labels: str) -> float | None:
        return found.get_sample_value(name, labels)

    outcomes = {"accepted": 1, "duplicate": 1, "merchant": 1, "forged": 1}
    for outcome, count in outcomes.items():
        assert value("wardlink_pay_notices_total", channel="sandbox", outcome=outcome) == count
    assert value("wardlink_pay_notice_seconds_count", channel="sandbox") == 4
    assert value("wardlink_pay_notice_group_count") == value("wardlink_pay_notice_group_sum") == 3
    assert order.id not in metrics.render(found).decode()


def test_the_server_lets_go_of_its_channels(sqlite_url: str, tmp_path: Path) -> None:
    """Once, when it ends."""
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, broker="external", broker_port=1, pages=False)
    app, channel = create_app(settings), Channel()
    app.state.payments.providers["channel"] = channel
    with TestClient(app):
        assert channel.shut_times == 0

    assert channel.shut_times == 1
