"""Channels switched on by settings: what is missing is named, keys lie in files for one user, nothing shows a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.config import Settings
from server.integrations.choosing import payment_channels
from tests.server.integrations.alipay_stage import AlipayStage
from tests.server.integrations.orders import paid
from tests.server.integrations.wechat_stage import WechatStage
from wardlink.clock import SystemClock
from wardlink.errors import Misconfigured


def file(folder: Path, name: str, text: str, mode: int = 0o600) -> Path:
    """A file with a key."""
    path = folder / name
    path.write_text(text + "\n")
    path.chmod(mode)
    return path


def wechat_settings(stage: WechatStage, folder: Path) -> dict[str, Any]:
    """What an engineer writes for WeChat Pay."""
    at, seal = stage.gateway.merchant, stage.gateway.seal
    return {
        "pay_wechat_mchid": at.mchid,
        "pay_wechat_appid": at.appid,
        "pay_wechat_serial": at.serial,
        "pay_wechat_key": file(folder, "apiclient_key.pem", at.private_pem),
        "pay_wechat_apiv3_key": file(folder, "apiv3", at.apiv3_key),
        "pay_wechat_public_key": file(folder, "pub_key.pem", seal.public_pem, 0o644),
        "pay_wechat_public_key_id": seal.key_id,
        "pay_wechat_address": stage.gateway.url,
    }


def alipay_settings(stage: AlipayStage, folder: Path) -> dict[str, Any]:
    """What an engineer writes for Alipay."""
    at = stage.gateway.merchant
    return {
        "pay_alipay_app_id": at.app_id,
        "pay_alipay_seller_id": at.seller_id,
        "pay_alipay_key": file(folder, "app_private.pem", at.private_pem),
        "pay_alipay_public_key": file(folder, "alipay_public.pem", at.alipay_pem, 0o644),
        "pay_alipay_address": stage.gateway.url,
    }


def chosen(folder: Path, **settings: Any) -> Any:
    """The channels of these settings."""
    return payment_channels(Settings(data_dir=folder, _env_file=None, **settings), SystemClock())


def test_both_channels_work_as_they_are_set(wechat: WechatStage, alipay: AlipayStage, tmp_path: Path) -> None:
    """Each against its gateway, with the keys from the files."""
    settings = wechat_settings(wechat, tmp_path) | alipay_settings(alipay, tmp_path)
    found = chosen(tmp_path, **settings)

    assert set(found) == {"wechat", "alipay"}
    for stage, name in ((wechat, "wechat"), (alipay, "alipay")):
        asked = paid(stage)  # type: ignore[arg-type]
        assert found[name].query(asked.out_trade_no).paid_fen == asked.amount_fen
        found[name].shut()


def test_platform_certificates_are_known_by_their_serial(wechat: WechatStage, tmp_path: Path) -> None:
    """A folder of PEM files, for merchants without the public key."""
    settings = wechat_settings(wechat, tmp_path)
    (tmp_path / "certificates").mkdir()
    file(tmp_path / "certificates", "1.pem", wechat.gateway.seal.certificate_pem, 0o644)
    del settings["pay_wechat_public_key"], settings["pay_wechat_public_key_id"]
    provider = chosen(tmp_path, **settings, pay_wechat_certificates=tmp_path / "certificates")["wechat"]
    asked = paid(wechat)
    wechat.gateway.seal.by = "certificate"
    try:
        assert provider.query(asked.out_trade_no).paid_fen == asked.amount_fen
    finally:
        wechat.gateway.seal.by = "key"
        provider.shut()


def test_without_settings_no_channel_is_on(tmp_path: Path) -> None:
    """The server runs all the same."""
    assert chosen(tmp_path) == {}


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_a_missing_setting_is_named(wechat: WechatStage, alipay: AlipayStage, tmp_path: Path, channel: str) -> None:
    """Whichever it is, by the name that the engineer writes."""
    settings = wechat_settings(wechat, tmp_path) if channel == "wechat" else alipay_settings(alipay, tmp_path)
    switch = f"pay_{channel}_{'mchid' if channel == 'wechat' else 'app_id'}"
    for name in settings.keys() - {switch, f"pay_{channel}_address"}:
        with pytest.raises(Misconfigured, match=f"WARDLINK_{name.upper()}"):
            chosen(tmp_path, **{key: value for key, value in settings.items() if key != name})


@pytest.mark.parametrize("name", ["pay_wechat_key", "pay_wechat_apiv3_key"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(wechat: WechatStage, tmp_path: Path, name: str, mode: int) -> None:
    """With the command that mends it."""
    settings = wechat_settings(wechat, tmp_path)
    settings[name].chmod(mode)

    with pytest.raises(Misconfigured, match="chmod 600"):
        chosen(tmp_path, **settings)


def test_a_file_that_is_not_there_is_named(alipay: AlipayStage, tmp_path: Path) -> None:
    """With its path."""
    settings = alipay_settings(alipay, tmp_path)

    with pytest.raises(Misconfigured, match="nowhere"):
        chosen(tmp_path, **settings | {"pay_alipay_key": tmp_path / "nowhere"})


@pytest.mark.parametrize("url", ["http://ward.example", "https://ward.example/?x=1"])
def test_the_real_channels_want_an_address_that_they_can_reach(wechat: WechatStage, tmp_path: Path, url: str) -> None:
    """https, public, without a question mark; a gateway of one's own may be told a near one."""
    settings = wechat_settings(wechat, tmp_path)
    del settings["pay_wechat_address"]

    with pytest.raises(Misconfigured, match="WARDLINK_PAY_NOTIFY_URL"):
        chosen(tmp_path, **settings, pay_notify_url=url)
