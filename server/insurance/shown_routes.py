"""Cards that are shown to a cart or to the screen at a bed, over HTTP. For devices; the number is never logged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, SecretStr

from server.http import DeviceOf
from server.insurance.shown import Outcome, Shown
from wardlink.codes.cards import CardKind, ShownCard
from wardlink.ids import Slug
from wardlink.messages.encounters import EncounterView

router = APIRouter(prefix="/api/v1", tags=["insurance"])


class CardShown(BaseModel):
    """What was read: an insurance e-voucher's token, or a health card's number."""

    kind: CardKind
    number: SecretStr = Field(min_length=1, max_length=64)

    @property
    def card(self) -> ShownCard:
        """The same."""
        return ShownCard(self.kind, self.number.get_secret_value())


class CardAtCart(CardShown):
    """With who holds the cart."""

    staff: str = Field(min_length=1, max_length=40)


class CardFound(BaseModel):
    """Whose it is; `encounter` only where that is certain and in this ward."""

    outcome: Outcome
    encounter: str | None = None


class CardOpened(BaseModel):
    """The stay in this bed."""

    encounter: EncounterView


def shown_of(request: Request) -> Shown:
    """The cards that are shown to this server's devices."""
    found: Shown = request.app.state.shown
    return found


ShownOf = Annotated[Shown, Depends(shown_of)]


@router.post("/wards/{ward}/cards", summary="Whose card is shown to a cart")
def at_cart(shown: ShownOf, device: DeviceOf, ward: Slug, body: CardAtCart) -> CardFound:
    """For the carts of this ward. 429 with `Retry-After` after wrong ones. Audited."""
    found = shown.at_cart(device, ward, body.staff, body.card)
    return CardFound(outcome=found.outcome, encounter=found.encounter)


@router.post("/wards/{ward}/beds/{bed}/open-by-card", summary="Open the screen at a bed by a card")
def at_bed(shown: ShownOf, device: DeviceOf, ward: Slug, bed: Slug, body: CardShown) -> CardOpened:
    """For the terminal of that bed only, and only the card of who lies there. 429 after wrong ones. Audited."""
    return CardOpened(encounter=shown.at_bed(device, ward, bed, body.card))
