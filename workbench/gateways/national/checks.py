"""What the local platform looks at before it reads what a message says: keys, lengths, id, time, signature."""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

KEYS = (
    *("infno", "msgid", "mdtrtarea_admvs", "insuplc_admdvs", "recer_sys_code", "dev_no", "dev_safe_info", "cainfo"),
    *("signtype", "infver", "opter_type", "opter", "opter_name", "inf_time", "fixmedins_code", "fixmedins_name"),
    *("sign_no", "input"),
)
"""Exactly these, spelled so. Source: ward domain sheet 8.5."""

LENGTHS = {
    "infno": (4, 5),
    "msgid": (30, 30),
    "mdtrtarea_admvs": (6, 6),
    "insuplc_admdvs": (0, 6),
    "recer_sys_code": (1, 10),
    "dev_no": (0, 100),
    "dev_safe_info": (0, 2000),
    "cainfo": (1, 1024),
    "signtype": (1, 10),
    "infver": (1, 6),
    "opter_type": (1, 3),
    "opter": (1, 30),
    "opter_name": (1, 50),
    "fixmedins_code": (12, 12),
    "fixmedins_name": (1, 200),
    "sign_no": (0, 30),
}
_TIME = "%Y-%m-%d %H:%M:%S"
_SKEW = timedelta(minutes=5)


class Faulty(Exception):
    """The message is refused; the text says why."""


def check(message: Mapping[str, Any], infno: str, *, code: str, area: str, key: bytes, now: datetime) -> None:
    """Look at an envelope. `now` is the time in the ward, without a zone, as the wire has it.

    Raises:
        Faulty: something is not as the specification wants it.
    """
    if sorted(message) != sorted(KEYS):
        raise Faulty(f"报文节点不符: {sorted(set(message) ^ set(KEYS))}")
    for name, (least, most) in LENGTHS.items():
        value = message[name]
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise Faulty(f"{name} 长度不符")
    if message["infno"] != infno:
        raise Faulty("交易编号与地址不符")
    if message["fixmedins_code"] != code or message["mdtrtarea_admvs"] != area:
        raise Faulty("机构编号或就医地不符")
    if message["opter_type"] not in ("1", "2", "3"):
        raise Faulty("opter_type 不符")
    _check_time(message, code, now)
    _check_signature(message, key)
    if not isinstance(message["input"], dict):
        raise Faulty("input 不符")
    if _holds(message["input"], "psn_no") and not re.fullmatch(r"\d{6}", message["insuplc_admdvs"]):
        raise Faulty("输入包含人员编号时参保地必填")
    if (message["sign_no"] == "") != (infno == "9001"):
        raise Faulty("签到流水号不符")


def _check_time(message: Mapping[str, Any], code: str, now: datetime) -> None:
    found = re.fullmatch(rf"{code}(\d{{14}})(\d{{4}})", message["msgid"])
    try:
        sent = datetime.strptime(found[1] if found else "", "%Y%m%d%H%M%S")  # noqa: DTZ007 - the wire has no zone
        said = datetime.strptime(message["inf_time"], _TIME)  # noqa: DTZ007
    except ValueError as exc:
        raise Faulty("报文 ID 或交易时间不符") from exc
    if abs(sent - now) > _SKEW or sent != said:
        raise Faulty("交易时间不在允许范围")


def _check_signature(message: Mapping[str, Any], key: bytes) -> None:
    unsigned = {name: value for name, value in message.items() if name != "cainfo"}
    content = json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    algorithm = message["signtype"].lower()
    if algorithm not in ("sm3", "sha256"):
        raise Faulty("signtype 不符")
    expected = base64.b64encode(hmac.new(key, content, algorithm).digest()).decode()
    if not hmac.compare_digest(expected.encode(), message["cainfo"].encode()):
        raise Faulty("验签失败")


def _holds(node: Any, name: str) -> bool:
    if isinstance(node, dict):
        return bool(node.get(name)) or any(_holds(value, name) for value in node.values())
    return isinstance(node, list) and any(_holds(value, name) for value in node)
