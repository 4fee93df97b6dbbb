"""What a requester says about a purchase beside its lines."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace
from marktbund.contracts.routes import GrantCondition, KeptOffer
from orders.awarding.face.values import NeedTerms


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """Neither `need` nor `need_id`: a one-off need worth the lines and their side costs.

    side_costs_net: freight, small-quantity surcharge and the like, net EUR. quotes: offers
    brought along from outside the marketplace, each for the whole order. buyer_reference: what
    suppliers name on despatch and invoice. purpose: what it is bought for.
    """

    need: NeedTerms = field(default_factory=NeedTerms)
    need_id: UUID | None = None
    side_costs_net: Decimal = Decimal(0)
    unit_id: UUID | None = None
    grant: GrantCondition | None = None
    quotes: tuple[KeptOffer, ...] = ()
    reason_beside_agreement: str = ""
    reason_without_offers: str = ""
    account: AccountAssignment | None = None
    delivery: DeliveryPlace | None = None
    buyer_reference: str = ""
    purpose: str = ""

    def revised(self, other: Self, names: Collection[str]) -> Self:
        """These terms with the fields in `names` from others; a need described replaces a known."""
        named = {
            known.name: getattr(other, known.name) for known in fields(self) if known.name in names
        }
        return replace(self, **({"need_id": None} if "need" in names else {}) | named)
