"""The hospital's drug dictionary as orders need it. Until a hospital brings its own, it is the sample."""

from __future__ import annotations

from wardlink.clinical.drugs import Drug, sample_drugs
from wardlink.errors import NotFound
from wardlink.messages.orders import OrderedDrug, OrderItem


def drug_called(code: str) -> Drug:
    """A drug by its code.

    Raises:
        NotFound: the dictionary does not have it.
    """
    found = sample_drugs().get(code)
    if found is None:
        raise NotFound(what="drug", name=code)
    return found


def ordered(item: OrderItem) -> OrderedDrug:
    """An item of an order with what the dictionary knows of its drug now."""
    drug = drug_called(item.drug)
    return OrderedDrug(
        **item.model_dump(),
        name_zh=drug.name_zh,
        name_en=drug.name_en,
        ingredient=drug.ingredient,
        classes=tuple(sorted(drug.classes)),
        strength=drug.strength,
        high_alert=drug.high_alert,
        skin_test=drug.skin_test,
        analgesic=drug.analgesic,
        gtins=drug.gtins,
    )
