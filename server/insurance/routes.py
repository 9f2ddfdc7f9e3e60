"""Insurance over HTTP: how a stay is insured, what is expected, and who has shown a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection

from server.http import CoreOf, StaffOf, language_of, staff_with
from server.identity import audit
from server.identity.roles import EVERYWHERE
from server.identity.staff import Person
from server.insurance import eligibility, keeping
from server.insurance.journal import open_messages
from server.insurance.port import Card, Cover, Insured
from server.insurance.service import Insurance
from server.insurance.views import (
    CoverView,
    DecideRequest,
    EstimateView,
    InsuredView,
    InsureRequest,
    PersonRequest,
    PersonView,
)
from server.patients.routes import known
from server.patients.service import encounter_view
from wardlink.clinical.names import masked_name
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain, speaking
from wardlink.ids import Id

_ = domain("server").gettext

router = APIRouter(prefix="/api/v1", tags=["insurance"])

Asker = Annotated[Person, Depends(staff_with("insurance.write"))]

SENTENCES: Mapping[str, str] = {
    "found": N_("This person lies here."),
    "unsure": N_("It is not certain that this is the patient. Compare the ID card with the wristband."),
    "other-ward": N_("This person lies in another ward."),
    "not-here": N_("This person does not lie in this hospital, or was admitted under another name."),
}


def insurance_of(request: Request) -> Insurance:
    """The insurance of this server."""
    found: Insurance = request.app.state.insurance
    return found


InsuranceOf = Annotated[Insurance, Depends(insurance_of)]
LanguageOf = Annotated[str, Depends(language_of)]


@router.get("/encounters/{encounter}/insurance", summary="How a stay is insured")
def one(core: CoreOf, reader: StaffOf, encounter: Id) -> InsuredView:
    """With what the platform has settled, where that is not what was expected, and what got no answer yet."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "insurance.read")
        view = _view(conn, encounter)
    core.audit("view", actor=str(reader.actor), what="insurance", encounter=encounter)
    return view


@router.put("/encounters/{encounter}/insurance", summary="Say how a stay is insured")
def insure(core: CoreOf, insurance: InsuranceOf, writer: StaffOf, encounter: Id, body: InsureRequest) -> InsuredView:
    """By hand, where no card can be read, or for what the card does not say. Not once the platform has the stay."""
    values = body.model_dump(mode="json")
    with core.db.write() as conn:
        known(conn, encounter, writer, "insurance.write")
        insurance.insure(conn, encounter, values, actor=str(writer.actor))
        audit.note(core, conn, writer, "insure", "insurance of a stay", encounter=encounter, scheme=body.scheme.value)
        return _view(conn, encounter)


@router.post("/encounters/{encounter}/insurance/messages/{no}/decide", summary="Say whether a message was done")
def decide(
    core: CoreOf, insurance: InsuranceOf, writer: StaffOf, encounter: Id, no: int, body: DecideRequest
) -> InsuredView:
    """For what the platform neither answers nor takes back: somebody has looked at its own pages."""
    with core.db.read() as conn:
        known(conn, encounter, writer, "insurance.write")
    insurance.dealings.decide(encounter, no, done=body.done, actor=str(writer.actor), mdtrt_id=body.mdtrt_id)
    said = {"done": body.done}
    core.audit("insurance-decide", actor=str(writer.actor), what=f"message {no}", encounter=encounter, detail=said)
    with core.db.read() as conn:
        return _view(conn, encounter)


@router.get("/encounters/{encounter}/insurance/estimate", summary="What the insurance is expected to pay")
def expected(
    core: CoreOf, insurance: InsuranceOf, reader: StaffOf, language: LanguageOf, encounter: Id
) -> EstimateView:
    """Step by step, for what the stay costs so far. An estimate: the platform's answer decides."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "insurance.read")
        found = insurance.expected(conn, encounter)
    core.audit("view", actor=str(reader.actor), what="insurance estimate", encounter=encounter)
    with speaking(language):
        return EstimateView.of(found)


@router.post("/insurance/persons", summary="Find the stay of who has shown a card")
def person(core: CoreOf, insurance: InsuranceOf, asker: Asker, language: LanguageOf, body: PersonRequest) -> PersonView:
    """By the token of an e-voucher, an ID number or a social-security card, asked of the platform."""
    shown = insurance.dealings.person(Card(body.kind, body.number), actor=str(asker.actor))
    wards = None if asker.role in EVERYWHERE else asker.wards
    cover = eligibility.choose(shown.covers, body.insutype)
    with core.db.write() as conn:
        match = eligibility.find(conn, shown, wards)
        taken = None
        if body.take_over and match.outcome == "found" and cover is not None:
            taken = match.encounters[0]
            insurance.insure(conn, taken, _insured_by(shown, cover), actor=str(asker.actor))
        found = match.encounters[0] if match.outcome == "found" else None
        audit.note(
            core, conn, asker, "insurance-card", f"card of kind {body.kind.value}", encounter=found,
            outcome=match.outcome, taken_over=taken is not None, candidates=list(match.encounters),
        )  # fmt: skip
        views = [view for id in match.encounters if (view := encounter_view(conn, id)) is not None]
    with speaking(language):
        sentence = _(SENTENCES[match.outcome])
    return PersonView(
        outcome=match.outcome,
        sentence=sentence,
        name=masked_name(shown.name),
        by=match.by,
        encounters=views,
        covers=[CoverView.of(each) for each in shown.covers],
        cover=None if cover is None else CoverView.of(cover),
        taken_over=taken,
    )


def _view(conn: Connection, encounter: str) -> InsuredView:
    row = keeping.insured_stay(conn, encounter)
    if row is None:
        raise NotFound(what="insurance", name=encounter)
    return InsuredView.of(row, keeping.standing(conn, encounter), open_messages(conn, encounter))


def _insured_by(shown: Insured, cover: Cover) -> dict[str, object]:
    scheme = next(name for name, insutype in keeping.INSUTYPES.items() if insutype == cover.insutype)
    status = eligibility.status_of(cover, scheme)
    return {
        "scheme": scheme,
        "status": status.value,
        "area": cover.area,
        "psn_no": shown.psn_no,
        "balance_fen": cover.balance_fen,
    }
