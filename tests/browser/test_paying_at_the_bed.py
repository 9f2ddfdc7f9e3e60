"""From a code at a bed to a receipt: the bed's own screen in a browser, a telephone, the cashier's page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedside.usecases.paying import number_text
from tests.browser.bed import BedScreenWindow, answers
from tests.browser.servers import CASHIER, RealServer, real_server
from tests.browser.visitor import PHONE, Browsing
from tests.waiting import wait_until
from wardlink import credential
from wardlink.process.child import Child, free_port
from workbench.gateways.sandbox import accounts
from workbench.gateways.sandbox.gateway import Gateway

MERCHANT = "ward"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Where the telephone pays."""
    folder = tmp_path_factory.mktemp("gateway")
    accounts.enrol(folder, MERCHANT)
    with Gateway(folder, names={MERCHANT: "示例医院"}) as found:
        yield found


@pytest.fixture(scope="module")
def paid_server(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """The server as it is run, with the gateway switched on."""
    settings = {
        "WARDLINK_PAY_SANDBOX_URL": gateway.url,
        "WARDLINK_PAY_SANDBOX_MERCHANT": MERCHANT,
        "WARDLINK_PAY_SANDBOX_KEY": str(accounts.enrol(gateway.folder, MERCHANT)),
        "WARDLINK_PAY_SANDBOX_GATEWAY_KEY": str(gateway.public_key),
    }
    with real_server(tmp_path_factory.mktemp("paying"), "--demo", environment=settings) as found:
        yield found


@pytest.fixture
def bed(paid_server: RealServer, tmp_path: Path) -> Iterator[str]:
    """The address of the screen at bed 1, with its key."""
    path, port = tmp_path / "t1.json", free_port()
    credential.write(paid_server.credential("t1"), path)
    program = [sys.executable, "-m", "commands", "--lang", "en", "bedside", "--serve", "--port", str(port)]
    program += ["--credential", str(path), "--data", str(tmp_path / "t1")]
    child = Child("bedside", program, log=tmp_path / "t1.log", environment={"WARDLINK_SCREEN_TOKEN": "open-sesame"})
    child.start()
    address = f"http://127.0.0.1:{port}/?token=open-sesame"
    try:
        wait_until(lambda: answers(address), "the screen is served", timeout_s=60, every_s=0.2)
        yield address
    finally:
        child.stop()


def test_from_the_code_at_the_bed_to_the_receipt(
    paid_server: RealServer, gateway: Gateway, bed: str, browsing: Browsing
) -> None:
    """A patient opens the screen, a telephone scans and pays; bed, gateway and cashier name the same payment."""
    screen = BedScreenWindow(browsing.window(bed.partition("/?")[0]))
    screen.window.page.goto(bed)
    screen.wait("三病区")
    screen.window.page.locator(".xterm-helper-textarea").focus()
    screen.type("Enter")
    screen.wait("1 of 2")
    screen.type(*"0001")
    screen.wait("ZY0001")
    screen.type("Enter")
    screen.wait("2 of 2")
    screen.type(*"19590501")
    screen.wait("19590501")
    screen.type("Enter")
    # An arrow goes on from the field that has the focus: it must be there.
    screen.wait("▸ Medical care ◂")
    screen.type("ArrowRight")
    screen.wait("▸ Health ◂")
    screen.type("Enter")
    screen.wait("▸ Pay deposit ◂")
    screen.type("Enter")
    screen.wait("▸ 200 yuan ◂")
    screen.type("Enter")
    scanned = screen.window.wait("a code that scans", screen.code)
    assert scanned.startswith(f"{gateway.url}/pay/")

    phone = browsing.window(gateway.url, PHONE)
    phone.page.goto(scanned)
    assert phone.text(".amount") == "¥200.00"
    assert phone.overflow_px() <= 0
    phone.page.click("#pay")
    phone.wait("the receipt on the telephone", lambda: phone.page.locator("#paid").count() == 1)
    number = phone.page.locator("dd.long").last.inner_text()

    screen.wait("✓ Paid")
    screen.wait(number_text(number))
    assert screen.code() is None

    cashier = browsing.window(paid_server.url)
    cashier.sign_in(CASHIER, then=f"/board/cashier/{paid_server.built.stays['1']}")
    cashier.wait("the payment at the cashier's", lambda: "200.00" in cashier.text("#payments"))
    assert "已支付" in cashier.text("#payments")
    assert "200.00" in cashier.text(".facts")
