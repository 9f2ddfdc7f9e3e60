"""Devices on their page, with a real broker: enrolled, connected, revoked and out at once, given back, bound."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.browser.servers import MANAGER, NURSE, RealServer, real_server
from tests.browser.visitor import PHONE, Browsing, Window
from tests.waiting import wait_until
from wardlink.credential import Credential
from wardlink.device import Device


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps everything."""
    return tmp_path_factory.mktemp("fleet")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RealServer]:
    """A server as it is run, with its broker."""
    with real_server(folder) as found:
        yield found


def press(window: Window, form: str) -> None:
    """Say that one is sure, and send the form whose address ends so."""
    window.page.check(f"form[action$='/{form}'] [name=sure]")
    window.page.click(f"form[action$='/{form}'] button")


def made(window: Window) -> Credential:
    """The credential that the page shows."""
    window.wait("the credential is shown", lambda: window.page.locator("#secret").count() == 1)
    shown = window.page.input_value("#secret")
    href = window.page.get_attribute("a[download]", "href")
    assert href.startswith("data:application/json")
    return Credential.model_validate_json(shown)


def may(server: RealServer, credential: Credential) -> int:
    """What the server answers to this device."""
    secret = credential.secret.get_secret_value()
    address = f"{server.url}/api/v1/wards/w3/changes?after=0"
    return httpx2.get(address, auth=(credential.device, secret), timeout=10).status_code


def test_a_cart_from_its_enrolment_to_its_end(
    server: RealServer, folder: Path, tmp_path: Path, browsing: Browsing
) -> None:
    """The secret is shown once and stands nowhere; revoked, the cart is out at once, and back when it is given back."""
    window = browsing.window(server.url)
    window.sign_in(MANAGER, then="/board/fleet?ward=w3")
    window.wait("server and broker are well", lambda: "已连接" in window.text(".facts"))
    assert re.search(r"磁盘剩余\s+\d+\.\d GB", window.text(".facts"))
    form = "form[action$='/fleet/enrol']"
    window.page.fill(f"{form} [name=id]", "cart-9")
    window.page.fill(f"{form} [name=name]", "C9")
    window.page.click(f"{form} button")
    credential = made(window)
    secret = credential.secret.get_secret_value()
    window.page.get_by_role("link", name="返回设备").click()
    window.wait("the device's page", lambda: "C9" in window.text("h1"))
    assert secret not in window.page.content()

    device = Device(tmp_path / "c9", credential)
    device.start()
    try:
        wait_until(lambda: device.status().online, "the cart is online", timeout_s=30)
        assert may(server, credential) == 200
        second = browsing.window(server.url, PHONE, language="en")
        second.sign_in(MANAGER, then="/board/fleet/cart-9")
        second.wait("the page", lambda: "C9" in second.text("h1"))
        assert second.overflow_px() <= 0

        press(window, "revoke")
        window.wait("it is revoked", lambda: "已吊销" in window.text(".facts"))
        assert may(server, credential) == 401
        wait_until(lambda: not device.status().online, "the cart is put out", timeout_s=15)
        press(second, "revoke")
        second.wait("the second is told", lambda: "Somebody else has changed" in second.text("main"))

        press(window, "restore")
        window.wait("it has its rights back", lambda: "已吊销" not in window.text(".facts"))
        assert may(server, credential) == 200
        wait_until(lambda: device.status().online, "the cart comes back", timeout_s=60)
    finally:
        device.stop()
    written = (folder / "server.log").read_bytes() + b"".join(
        path.read_bytes() for path in (folder / "server").rglob("*") if path.is_file() and not path.is_symlink()
    )
    assert secret.encode() not in written
    assert b"device-restored" in written


def test_a_monitor_is_bound_to_another_bed(server: RealServer, browsing: Browsing) -> None:
    """It gets a new credential for the new bed; the old one is worth nothing; without the tick nothing happens."""
    old = server.credential("m2")
    window = browsing.window(server.url)
    window.sign_in(MANAGER, then="/board/fleet/m2")
    window.wait("the form", lambda: window.page.locator("[name=bed]").count() == 1)
    version = window.page.input_value("form[action$='/bind'] [name=version]")
    unsure = window.page.request.post(f"{server.url}/board/fleet/m2/bind", form={"bed": "3", "version": version})
    assert "请勾选确认" in unsure.text()
    window.page.select_option("[name=bed]", "3")
    press(window, "bind")
    new = made(window)

    assert (new.device, new.bed) == ("m2", "3")
    assert (may(server, old), may(server, new)) == (401, 403)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"id": "Cart 9", "kind": "cart", "ward": "w3"}, "设备编号"),
        ({"id": "t9", "kind": "terminal", "ward": "w3"}, "绑定床位"),
        ({"id": "c1", "kind": "cart", "ward": "w3"}, "已经登记"),
        ({"id": "x9", "kind": "robot", "ward": "w3"}, ""),
    ],
)
def test_what_cannot_be_enrolled_is_said(
    server: RealServer, browsing: Browsing, typed: dict[str, str], words: str
) -> None:
    """And whoever lacks the right is refused and sees no form."""
    window = browsing.window(server.url)
    window.sign_in(MANAGER, then="/board/wards")
    answer = window.page.request.post(f"{server.url}/board/fleet/enrol", form=typed)
    assert "没有任何更改" in answer.text()
    assert words in answer.text()
    assert json.dumps("secret") not in answer.text()

    nurse = browsing.window(server.url)
    nurse.sign_in(NURSE, then="/board/fleet")
    nurse.wait("the list", lambda: nurse.page.locator("tbody tr").count() > 0)
    assert nurse.page.locator("form.ask").count() == 0
    assert nurse.page.request.post(f"{server.url}/board/fleet/enrol", form=typed).status == 403
