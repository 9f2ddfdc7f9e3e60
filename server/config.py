"""Settings of the server: from the environment (`WARDLINK_…`) and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the server keeps its data, where it listens, and which broker it uses.

    With `broker` "embedded" the server starts its own nats-server as a child process and gives each device
    its account; with "external" it uses the broker at `broker_host`, whose accounts the hospital keeps
    (`wardlink broker --render` writes them). `pay_notify_url`: how payment channels reach this server from outside,
    without a path; keys of channels are files that only the server can read. `font`: the file to print Chinese with;
    the best one that is installed unless named. `price_list`: what the hospital charges, written as
    `server/money/prices.toml`; invented sample prices unless named. `menu`: what the kitchen cooks, written as
    `wardlink/clinical/meals/sample_menu.toml`; it is read again when it changes. The invented sample unless named.
    `guides`: what patients can read, written as `wardlink/clinical/guides/guides.toml`, likewise. `lessons`: the health
    lessons, written as `wardlink/clinical/lessons/lessons.toml`, likewise.
    `results_delay_h`: so many hours an ordinary laboratory result waits before its patient may see it, 0 to 24.
    """

    model_config = SettingsConfigDict(env_prefix="WARDLINK_", extra="ignore")

    data_dir: Path = Path("var/server")
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None

    broker: Literal["embedded", "external"] = "embedded"
    broker_host: str = "127.0.0.1"
    broker_port: int = Field(default=1883, ge=0, le=65535)
    broker_username: str = "server"
    broker_password: SecretStr | None = None
    broker_tls: bool = False
    nats_server: Path | None = None

    pay_notify_url: str | None = None
    pay_wechat_mchid: str | None = None
    pay_wechat_appid: str | None = None
    pay_wechat_serial: str | None = None
    pay_wechat_key: Path | None = None
    pay_wechat_apiv3_key: Path | None = None
    pay_wechat_public_key: Path | None = None
    pay_wechat_public_key_id: str | None = None
    pay_wechat_certificates: Path | None = None
    pay_wechat_address: str | None = None

    pay_alipay_app_id: str | None = None
    pay_alipay_seller_id: str | None = None
    pay_alipay_key: Path | None = None
    pay_alipay_public_key: Path | None = None
    pay_alipay_address: str | None = None

    pay_sandbox_url: str | None = None
    pay_sandbox_merchant: str = "ward"
    pay_sandbox_key: Path | None = None
    pay_sandbox_gateway_key: Path | None = None

    font: Path | None = None
    price_list: Path | None = None
    menu: Path | None = None
    guides: Path | None = None
    lessons: Path | None = None
    results_delay_h: float = Field(default=0, ge=0, le=24)
    demo: bool = False
    pages: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().resolve()

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data_dir / 'ward.db'}"
