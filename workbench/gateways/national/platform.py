"""The local platform: one hospital's visits in memory, each message at most once, steps only in their order."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from workbench.gateways.national.arithmetic import Item, Member, cents, line, settle
from workbench.gateways.national.checks import Faulty, check
from workbench.gateways.wire import Answered, Asked, Wire

Fate = Literal["ok", "before", "after", "late", "fail", "garbage", "broken", "hold"]
"""What becomes of a message: done and answered; lost before it is done; done but not answered; not answered and done
only at `deliver_late`; refused; done but answered with rubbish; not done and HTTP 500; done, and answered only at
`release`."""


@dataclass
class Visit:
    """A stay as it stands here."""

    mdtrt_id: str
    psn_no: str
    insutype: str
    ipt_no: str
    fees: dict[str, dict[str, str]] = field(default_factory=dict)
    discharged: bool = False
    settled: dict[str, str] | None = None


class Platform:
    """Listens on a free port of 127.0.0.1 until `stop`. `fates` are those of the next messages, then all is well."""

    def __init__(
        self,
        members: Iterable[Member],
        items: Mapping[str, Item],
        *,
        now: Callable[[], datetime],
        key: bytes,
        code: str = "H51010000001",
        area: str = "510100",
        discharge_first: bool = True,
        knows_unseen: bool = True,
    ) -> None:
        """`now`: the time in the ward. `knows_unseen`: whether a message may be reversed before it has arrived."""
        self.code, self.area, self.key = code, area, key
        self.fates: deque[Fate] = deque()
        self.visits: dict[str, Visit] = {}
        self.taken: list[str] = []
        self.settlements: list[str] = []
        self._members = {member.psn_no: member for member in members}
        self._items = items
        self._now = now
        self._discharge_first = discharge_first
        self._knows_unseen = knows_unseen
        self._seen: set[str] = set()
        self._before: dict[str, dict[str, Visit | None]] = {}
        self._reversed: set[str] = set()
        self._sign_no = ""
        self._numbers = 0
        self._late: list[tuple[str, Mapping[str, Any]]] = []
        self._released = threading.Event()
        self._lock = threading.RLock()
        self._wire = Wire(self._hear, "insurance platform")
        self.url = self._wire.url

    def stop(self) -> None:
        """End."""
        self._released.set()
        self._wire.stop()

    def release(self) -> None:
        """Answer what is held."""
        self._released.set()

    def deliver_late(self) -> None:
        """Let what was on its way arrive now; its sender has stopped listening."""
        with self._lock:
            late, self._late = self._late, []
            for infno, message in late:
                self._answer(infno, message)

    def standing(self) -> list[str]:
        """The numbers of all settlements that stand."""
        return [visit.settled["setl_id"] for visit in self.visits.values() if visit.settled is not None]

    def _hear(self, asked: Asked) -> Answered | None:
        infno = asked.path.rpartition("/")[2]
        try:
            message = json.loads(asked.body)
        except ValueError:
            return Answered(400)
        if asked.method != "POST" or not asked.path.startswith("/fsi/api/") or not isinstance(message, dict):
            return Answered(404)
        with self._lock:
            fate = self.fates.popleft() if self.fates and infno != "9001" else "ok"
            if fate == "broken":
                return Answered(500, b"<html>")
            if fate == "before":
                return None
            if fate == "late":
                self._late.append((infno, message))
                return None
            reply = self._refusal("系统繁忙") if fate == "fail" else self._answer(infno, message)
        if fate == "after":
            return None
        if fate == "hold":
            self._released.wait(60)
        body = b"{" if fate == "garbage" else json.dumps(reply, ensure_ascii=False).encode()
        return Answered(200, body, {"Content-Type": "application/json"})

    def _answer(self, infno: str, message: Mapping[str, Any]) -> dict[str, Any]:
        try:
            check(message, infno, code=self.code, area=self.area, key=self.key, now=self._now())
            msgid = message["msgid"]
            if msgid in self._seen:
                raise Faulty("报文 ID 重复")
            if msgid in self._reversed:
                raise Faulty("交易已冲正")
            if infno != "9001" and message["sign_no"] != self._sign_no:
                raise Faulty("签到流水号失效")
            act = _ACTS.get(infno)
            if act is None:
                raise Faulty("交易编号不存在")
            before = deepcopy(self.visits)
            output = act(self, message["input"])
        except Faulty as fault:
            return self._refusal(str(fault))
        except (KeyError, TypeError, ValueError, InvalidOperation, IndexError) as exc:
            return self._refusal(f"入参不符 {type(exc).__name__}")
        self._seen.add(msgid)
        self._before[msgid] = {
            name: before.get(name)
            for name in before.keys() | self.visits.keys()
            if before.get(name) != self.visits.get(name)
        }
        self.taken.append(infno)
        return self._reply("0", "", output)

    def _refusal(self, why: str) -> dict[str, Any]:
        return self._reply("-1", why, {})

    def _reply(self, infcode: str, why: str, output: Mapping[str, Any]) -> dict[str, Any]:
        stamp = f"{self._now():%Y%m%d%H%M%S}"
        return {
            "infcode": infcode,
            "inf_refmsgid": f"{self.area}{stamp}{self._number():010d}",
            "refmsg_time": f"{stamp}000",
            "respond_time": f"{stamp}001",
            "err_msg": why,
            "output": dict(output),
        }

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _visit(self, data: Mapping[str, Any]) -> Visit:
        visit = self.visits.get(data["mdtrt_id"])
        if visit is None or visit.psn_no != data["psn_no"]:
            raise Faulty("就诊信息不存在")
        return visit

    def _member(self, data: Mapping[str, Any]) -> Member:
        kind, number = data["mdtrt_cert_type"], data["mdtrt_cert_no"]
        for member in self._members.values():
            if (
                number
                and number == {"01": f"token-{member.psn_no}", "02": member.id_number, "03": member.card_number}[kind]
            ):
                return member
        raise Faulty("未查询到参保人")

    def sign_in(self, _input: Mapping[str, Any]) -> dict[str, Any]:
        """9001."""
        self._sign_no = f"S{self._number():09d}"
        return {"signinoutb": {"sign_no": self._sign_no, "sign_time": f"{self._now():%Y-%m-%d %H:%M:%S}"}}

    def person(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """1101."""
        member = self._member(asked["data"])
        base = {"psn_no": member.psn_no, "psn_name": member.name, "gend": member.gender, "brdy": member.birth_on}
        rows = [
            {"insutype": insutype, "psn_insu_stas": state, "insuplc_admdvs": member.area, "balc": float(member.balance)}
            | {"psn_type": "11", "emp_name": "", "cvlserv_flag": "0"}
            for insutype, state in member.covers
        ]
        return {"baseinfo": base | {"certno": member.id_number}, "insuinfo": rows, "idetinfo": []}

    def entitled(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2001."""
        member = self._members[asked["data"]["psn_no"]]
        return {"trtinfo": [{"fund_pay_type": "390100", "fund_pay_frzn_flag": "1" if member.frozen else "0"}]}

    def register(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2401: one stay of a person at a time."""
        info = asked["mdtrtinfo"]
        member = self._member(info)
        if member.psn_no != info["psn_no"]:
            raise Faulty("凭证与人员不符")
        if any(visit.psn_no == member.psn_no and not visit.settled for visit in self.visits.values()):
            raise Faulty("参保人已在院")
        mdtrt_id = f"{self.area}{self._number():012d}"
        self.visits[mdtrt_id] = Visit(mdtrt_id, member.psn_no, info["insutype"], info["ipt_no"])
        return {"result": {"mdtrt_id": mdtrt_id}}

    def change(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2403."""
        self._visit(asked["adminfo"])
        return {}

    def unregister(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2404: only while nothing else stands."""
        visit = self._visit(asked["data"])
        if visit.fees or visit.discharged or visit.settled:
            raise Faulty("请先撤销后续业务")
        del self.visits[visit.mdtrt_id]
        return {}

    def upload(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2301: whole or not at all."""
        answers = []
        for row in asked["feedetail"]:
            visit = self._visit(row)
            if visit.discharged or visit.settled:
                raise Faulty("已出院或已结算")
            if any(row["feedetl_sn"] in other.fees for other in self.visits.values()):
                raise Faulty("费用明细流水号重复")
            amount, count, price = (Decimal(row[name]) for name in ("det_item_fee_sumamt", "cnt", "pric"))
            if amount != cents(count * price) or amount <= 0 or len(row["feedetl_sn"]) > 30:
                raise Faulty("数量乘单价不等于金额")
            item = self._items.get(row["med_list_codg"], Item("03"))
            kept = {
                "feedetl_sn": row["feedetl_sn"],
                "det_item_fee_sumamt": f"{amount:.2f}",
                **line(item, amount, count),
            }
            answers.append((visit, kept))
        if len({kept["feedetl_sn"] for _visit, kept in answers}) != len(answers):
            raise Faulty("费用明细流水号重复")
        for visit, kept in answers:
            visit.fees[kept["feedetl_sn"]] = kept
        return {"result": [kept for _visit, kept in answers]}

    def withdraw(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2302: 0000 means all lines."""
        for row in asked["data"]:
            visit = self._visit(row)
            if visit.settled or visit.discharged or row["feedetl_sn"] != "0000":
                raise Faulty("不能撤销明细")
            visit.fees.clear()
        return {}

    def discharge(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2402."""
        visit = self._visit(asked["dscginfo"])
        if visit.discharged or (visit.settled is None) == (not self._discharge_first):
            raise Faulty("出院顺序不符")
        visit.discharged = True
        return {}

    def undischarge(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2405."""
        visit = self._visit(asked["data"])
        if not visit.discharged or (visit.settled is not None and self._discharge_first):
            raise Faulty("未出院或已结算")
        visit.discharged = False
        return {}

    def presettle(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2303."""
        return {"setlinfo": self._settlement(asked["data"]), "setldetail": []}

    def settle(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2304: a stay is settled once."""
        visit = self._visit(asked["data"])
        setl_id = f"SETL{self._number():012d}"
        visit.settled = {"setl_id": setl_id, **self._settlement(asked["data"])}
        visit.settled["setl_time"] = f"{self._now():%Y-%m-%d %H:%M:%S}"
        self.settlements.append(setl_id)
        return {"setlinfo": visit.settled, "setldetail": []}

    def _settlement(self, data: Mapping[str, Any]) -> dict[str, str]:
        visit = self._visit(data)
        if visit.settled:
            raise Faulty("已结算，不能重复结算")
        if visit.discharged != self._discharge_first:
            raise Faulty("出院顺序不符")
        if self._member(data).psn_no != visit.psn_no or data["insutype"] != visit.insutype:
            raise Faulty("凭证或险种不符")
        found = settle(self._members[visit.psn_no], list(visit.fees.values()), data["acct_used_flag"] == "1")
        for name in ("medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"):
            if data[name] != found[name]:
                raise Faulty(f"{name} 与明细合计不符")
        return found

    def unsettle(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2305."""
        visit = self._visit(asked["data"])
        if visit.settled is None or visit.settled["setl_id"] != asked["data"]["setl_id"]:
            raise Faulty("结算信息不存在")
        if visit.discharged and not self._discharge_first:
            raise Faulty("请先撤销出院")
        visit.settled = None
        return {}

    def settled(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """5203."""
        visit = self._visit(asked["data"])
        return {"setlinfo": visit.settled or {}, "setldetail": []}

    def account(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """3201: the sums of what stands of a day."""
        data = asked["data"]
        stand = self._of_day(data)
        sums = {name: sum((Decimal(row[name]) for row in stand), Decimal(0)) for name in _COMPARED}
        agrees = len(stand) == int(data["fixmedins_setl_cnt"]) and all(
            sums[name] == Decimal(data[name]) for name in _COMPARED
        )
        words = "" if agrees else f"中心 {len(stand)} 笔，费用 {sums['medfee_sumamt']:.2f} 元"
        return {"stmtinfo": {"stmt_rslt": "0" if agrees else "1", "stmt_rslt_dscr": words}}

    def account_lines(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """3202: which of the settlements of a day are not the same on both sides."""
        ours = {row["setl_id"]: row for row in self._of_day(asked["data"])}
        theirs = {row["setl_id"]: row for row in asked["detail"]}
        result = []
        for setl_id in sorted(ours.keys() | theirs.keys()):
            one, other = ours.get(setl_id), theirs.get(setl_id)
            if one is None or other is None:
                memo = "机构无此结算" if other is None else "中心无此结算"
            elif all(Decimal(one[name]) == Decimal(other[name]) for name in _COMPARED):
                continue
            else:
                memo = "金额不一致"
            shown = one or other or {}
            result.append({"setl_id": setl_id, "memo": memo, **{name: shown[name] for name in _COMPARED}})
        return {"result": result}

    def _of_day(self, data: Mapping[str, Any]) -> list[dict[str, str]]:
        return [
            visit.settled
            for visit in self.visits.values()
            if visit.settled is not None
            and visit.insutype == data["insutype"]
            and data["stmt_begndate"] <= visit.settled["setl_time"][:10] <= data["stmt_enddate"]
        ]

    def reverse(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """2601: a message that was done is undone; one that has not come will be refused when it does."""
        msgid = asked["data"]["omsgid"]
        if msgid in self._seen:
            if msgid not in self._reversed:
                for name, visit in self._before[msgid].items():
                    self._put_back(name, visit)
        elif not self._knows_unseen:
            raise Faulty("原交易不存在")
        self._reversed.add(msgid)
        return {}

    def _put_back(self, name: str, visit: Visit | None) -> None:
        if visit is None:
            del self.visits[name]
        else:
            self.visits[name] = visit


_COMPARED = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")

_ACTS: Mapping[str, Callable[[Platform, Mapping[str, Any]], dict[str, Any]]] = {
    "9001": Platform.sign_in,
    "1101": Platform.person,
    "2001": Platform.entitled,
    "2401": Platform.register,
    "2402": Platform.discharge,
    "2403": Platform.change,
    "2404": Platform.unregister,
    "2405": Platform.undischarge,
    "2301": Platform.upload,
    "2302": Platform.withdraw,
    "2303": Platform.presettle,
    "2304": Platform.settle,
    "2305": Platform.unsettle,
    "2601": Platform.reverse,
    "3201": Platform.account,
    "3202": Platform.account_lines,
    "5203": Platform.settled,
}
