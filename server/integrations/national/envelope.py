"""The envelope of every message, with exactly the keys of the specification, and what an answer must look like.

Source: ward domain sheet 8.5. `mdtrtarea_admvs` has one d less than `insuplc_admdvs`; so the specification spells them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.integrations.national.settings import NationalSettings
from server.integrations.national.signing import Signer, signed_content
from wardlink.clock import ward_time

VERSION = "V1.0"
_OPERATOR = "1"
_SEQUENCE = 10_000


class Unreadable(ValueError):
    """The answer is none that the specification knows."""


def message_id(settings: NationalSettings, no: int, at: datetime) -> str:
    """30 characters: our code, the time in the ward, and the last four digits of a running number."""
    return f"{settings.code}{ward_time(at):%Y%m%d%H%M%S}{no % _SEQUENCE:04d}"


def envelope(
    settings: NationalSettings,
    signer: Signer,
    *,
    infno: str,
    msgid: str,
    at: datetime,
    insured_area: str,
    sign_no: str,
    content: Mapping[str, Any],
) -> dict[str, Any]:
    """A message, signed."""
    whole: dict[str, Any] = {
        "infno": infno,
        "msgid": msgid,
        "mdtrtarea_admvs": settings.area,
        "insuplc_admdvs": insured_area,
        "recer_sys_code": "FSI_GOVT",
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": signer.name,
        "infver": VERSION,
        "opter_type": _OPERATOR,
        "opter": settings.operator,
        "opter_name": settings.operator,
        "inf_time": f"{ward_time(at):%Y-%m-%d %H:%M:%S}",
        "fixmedins_code": settings.code,
        "fixmedins_name": settings.name,
        "sign_no": sign_no,
        "input": dict(content),
    }
    whole["cainfo"] = signer.sign(signed_content(whole))
    return whole


def read_reply(raw: bytes) -> dict[str, Any]:
    """An answer; numbers with decimals stay the text that they are.

    Raises:
        Unreadable: it is none.
    """
    try:
        reply = json.loads(raw.decode(), parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as exc:
        raise Unreadable("no JSON") from exc
    if not isinstance(reply, dict) or str(reply.get("infcode")) not in ("0", "-1"):
        raise Unreadable("no infcode")
    return reply
