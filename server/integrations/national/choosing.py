"""Whether there is a national platform, and how it is reached: asked once, where the server is put together."""

from __future__ import annotations

from server.insurance.port import InsurancePlatform
from server.insurance.settings import InsuranceSettings
from server.integrations.national.adapter import NationalPlatform
from server.integrations.national.settings import NationalSettings
from server.integrations.national.signing import HmacSigner


def insurance_platform(settings: InsuranceSettings) -> InsurancePlatform | None:
    """The platform of these settings; None where none is named.

    Raises:
        Misconfigured: the address, the code or the key is none.
    """
    if settings.url is None:
        return None
    national = NationalSettings(
        url=settings.url.rstrip("/"),
        code=settings.code,
        name=settings.name,
        area=settings.area,
        timeout_s=settings.timeout_s,
    )
    return NationalPlatform(national, HmacSigner(settings.key(), algorithm=settings.signature))
