"""The national platform over HTTP. Each message is written down before it goes out; none is ever sent a second time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import httpx2

from server.insurance.port import (
    AccountLine,
    Bill,
    Card,
    Fee,
    FeeAnswer,
    Insured,
    Log,
    PlatformAway,
    PlatformRefused,
    ResultUnknown,
    Settlement,
    Visit,
)
from server.insurance.stages import HARMLESS
from server.integrations.national import fields
from server.integrations.national.envelope import Unreadable, envelope, message_id, read_reply
from server.integrations.national.settings import NationalSettings
from server.integrations.national.signing import Signer

T = TypeVar("T")

CONNECT_S = 3.0
_MOST_BYTES = 8 * 1024 * 1024


class NationalPlatform:
    """One hospital's way to the platform; many threads may use it."""

    def __init__(self, settings: NationalSettings, signer: Signer) -> None:
        self._settings = settings
        self._signer = signer
        timeout = httpx2.Timeout(settings.timeout_s, connect=CONNECT_S)
        # No proxy of the environment: what goes over this wire is about patients.
        self._http = httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False)
        self._signing_in = threading.Lock()
        self._sign_no: str | None = None

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def person(self, card: Card, log: Log) -> Insured:
        """Who shows this card (1101)."""
        asked = {"mdtrt_cert_type": card.kind.value, "mdtrt_cert_no": card.number, "card_sn": "", "begntime": ""}
        asked |= {"psn_cert_type": "01", "certno": "", "psn_name": ""}
        return self._ask("1101", {"data": asked}, "", log, fields.person)

    def entitled(self, visit: Visit, on: date, log: Log) -> bool:
        """Whether benefits are paid on that day (2001): a row that says frozen, or none, means no."""
        asked = {"psn_no": visit.psn_no, "insutype": visit.insutype, "fixmedins_code": self._settings.code}
        asked |= {"med_type": visit.med_type, "begntime": on.isoformat(), "endtime": "", "dise_codg": ""}
        return self._ask("2001", {"data": asked}, visit.area, log, _is_entitled)

    def register(self, visit: Visit, card: Card, log: Log) -> str:
        """Report an admission (2401)."""
        info = self._stay(visit) | {"mdtrt_cert_type": card.kind.value, "mdtrt_cert_no": card.number}
        asked = {"mdtrtinfo": info, "diseinfo": []}
        return self._ask(
            "2401", asked, visit.area, log, lambda output: fields.text(fields.part(output, "result"), "mdtrt_id")
        )

    def change(self, visit: Visit, log: Log) -> None:
        """Report that an admission has changed (2403)."""
        self._ask("2403", {"adminfo": self._stay(visit), "diseinfo": []}, visit.area, log, _nothing)

    def unregister(self, visit: Visit, log: Log) -> None:
        """Take an admission back (2404)."""
        self._ask("2404", {"data": _named(visit)}, visit.area, log, _nothing)

    def upload(self, visit: Visit, fees: Sequence[Fee], log: Log) -> list[FeeAnswer]:
        """Send lines of the bill (2301)."""
        sent = {fee.sn for fee in fees}

        def read(output: Mapping[str, Any]) -> list[FeeAnswer]:
            found = [fields.fee_out(row) for row in fields.rows(output, "result")]
            if {answer.sn for answer in found} != sent or len(found) != len(sent):
                raise Unreadable("feedetl_sn")
            return found

        asked = {"feedetail": [fields.fee_in(visit, fee) for fee in fees]}
        return self._ask("2301", asked, visit.area, log, read)

    def withdraw(self, visit: Visit, log: Log) -> None:
        """Take all lines back (2302); 0000 stands for all."""
        self._ask("2302", {"data": [{"feedetl_sn": "0000", **_named(visit)}]}, visit.area, log, _nothing)

    def discharge(self, visit: Visit, log: Log) -> None:
        """Report a discharge (2402)."""
        info = _named(visit) | {"insutype": visit.insutype}
        info["endtime"] = fields.day_time(visit.discharged_at) if visit.discharged_at else ""
        self._ask("2402", {"dscginfo": info, "diseinfo": []}, visit.area, log, _nothing)

    def undischarge(self, visit: Visit, log: Log) -> None:
        """Take a discharge back (2405)."""
        self._ask("2405", {"data": _named(visit)}, visit.area, log, _nothing)

    def presettle(self, visit: Visit, bill: Bill, card: Card, log: Log) -> Settlement:
        """What a settlement would come to (2303)."""
        return self._ask("2303", {"data": fields.bill_in(visit, bill, card)}, visit.area, log, _setlinfo)

    def settle(self, visit: Visit, bill: Bill, card: Card, log: Log) -> Settlement:
        """Settle (2304)."""
        return self._ask("2304", {"data": fields.bill_in(visit, bill, card)}, visit.area, log, _settled)

    def unsettle(self, visit: Visit, setl_id: str, log: Log) -> None:
        """Take a settlement back (2305)."""
        self._ask("2305", {"data": _named(visit) | {"setl_id": setl_id}}, visit.area, log, _nothing)

    def settlement(self, visit: Visit, log: Log) -> Settlement | None:
        """The settlement that stands over there (5203)."""
        asked = {"data": _named(visit) | {"setl_id": ""}}
        return self._ask("5203", asked, visit.area, log, lambda output: _settled(output) if _has(output) else None)

    def account(self, insutype: str, on: date, lines: Sequence[AccountLine], log: Log) -> bool:
        """Whether the sums of a day agree (3201)."""
        asked = {"data": fields.account_in(insutype, on, self._settings.area, lines)}
        return self._ask("3201", asked, "", log, lambda output: fields.text(_stated(output), "stmt_rslt") == "0")

    def account_lines(self, insutype: str, on: date, lines: Sequence[AccountLine], log: Log) -> None:
        """Which settlements of a day differ (3202)."""
        asked = {
            "data": fields.account_in(insutype, on, self._settings.area, lines),
            "detail": [fields.account_line_in(line) for line in lines],
        }
        # An insured place goes with every number of a person; these are of many places, so ours stands for all.
        self._ask("3202", asked, self._settings.area, log, lambda output: fields.rows(output, "result"))

    def reverse(self, visit: Visit, msgid: str, infno: str, log: Log) -> None:
        """Let a message that got no answer not have happened (2601)."""
        asked = {"data": {"psn_no": visit.psn_no, "omsgid": msgid, "oinfno": infno}}
        self._ask("2601", asked, visit.area, log, _nothing)

    def _stay(self, visit: Visit) -> dict[str, str]:
        return _named(visit) | {
            "insutype": visit.insutype,
            "begntime": fields.day_time(visit.admitted_at),
            "med_type": visit.med_type,
            "ipt_no": visit.admission_no,
        }

    def _ask(
        self, infno: str, content: Mapping[str, Any], area: str, log: Log, read: Callable[[Mapping[str, Any]], T]
    ) -> T:
        return self._exchange(infno, content, area, self._signed_in(log), log, read)

    def _signed_in(self, log: Log) -> str:
        with self._signing_in:
            if self._sign_no is None:
                asked = {"signIn": {"opter_no": self._settings.operator, "mac": "", "ip": ""}}
                self._sign_no = self._exchange("9001", asked, "", "", log, _sign_no_of)
            return self._sign_no

    def _exchange(
        self,
        infno: str,
        content: Mapping[str, Any],
        area: str,
        sign_no: str,
        log: Log,
        read: Callable[[Mapping[str, Any]], T],
    ) -> T:
        made: dict[str, Any] = {}

        def make(no: int, at: datetime) -> tuple[str, Mapping[str, Any]]:
            msgid = message_id(self._settings, no, at)
            made.update(
                envelope(
                    self._settings,
                    self._signer,
                    infno=infno,
                    msgid=msgid,
                    at=at,
                    insured_area=area,
                    sign_no=sign_no,
                    content=content,
                )
            )
            return msgid, made

        log.sent(infno, make)
        reply = self._post(infno, made)
        reference = str(reply.get("inf_refmsgid") or "")[:40] or None
        log.answered(reply, reference)
        if str(reply["infcode"]) != "0":
            # It may be the sign-in that has run out: the next message begins with a new one.
            self._sign_no = None
            raise PlatformRefused(reason=str(reply.get("err_msg") or "")[:200])
        output = reply.get("output")
        try:
            return read(output if isinstance(output, Mapping) else {})
        except Unreadable as exc:
            raise _no_answer(infno) from exc

    def _post(self, infno: str, made: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(made, ensure_ascii=False).encode()
        try:
            answer = self._http.post(
                f"{self._settings.url}/fsi/api/{infno}", content=body, headers={"Content-Type": "application/json"}
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as exc:
            # Nothing has left this machine.
            raise PlatformAway from exc
        except httpx2.HTTPError as exc:
            raise _no_answer(infno) from exc
        if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
            raise _no_answer(infno)
        try:
            return read_reply(answer.content)
        except Unreadable as exc:
            raise _no_answer(infno) from exc


def _no_answer(infno: str) -> PlatformAway | ResultUnknown:
    return PlatformAway() if infno in HARMLESS else ResultUnknown()


def _named(visit: Visit) -> dict[str, str]:
    return {"mdtrt_id": visit.mdtrt_id, "psn_no": visit.psn_no}


def _sign_no_of(output: Mapping[str, Any]) -> str:
    return fields.text(fields.part(output, "signinoutb"), "sign_no")


def _nothing(_output: Mapping[str, Any]) -> None:
    return None


def _is_entitled(output: Mapping[str, Any]) -> bool:
    found = fields.rows(output, "trtinfo")
    return bool(found) and all(str(row.get("fund_pay_frzn_flag", "0")) != "1" for row in found)


def _stated(output: Mapping[str, Any]) -> Mapping[str, Any]:
    return fields.part(output, "stmtinfo")


def _has(output: Mapping[str, Any]) -> bool:
    return bool(output.get("setlinfo"))


def _setlinfo(output: Mapping[str, Any]) -> Settlement:
    return fields.settlement(fields.part(output, "setlinfo"))


def _settled(output: Mapping[str, Any]) -> Settlement:
    info = fields.part(output, "setlinfo")
    fields.text(info, "setl_id")
    return fields.settlement(info)
