"""Ceilings: what was taken of them, what is left, and what they refuse. Never exceeded, not even by
the last order: Höchstmenge and Höchstwert bind to the cent (CJEU C-23/20).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.contracts.agreements import Ceiling
from marktbund.errors import Conflict
from marktbund.german import decimal_words, euro_words
from orders.ground.domain.reasons import Reason

NOTHING = Decimal(0)
_WAY_OUT = (
    "Bitte die Menge verringern. Mehr ist nur nach einer Vertragsänderung (§ 132 GWB) möglich."
)


@dataclass(frozen=True, slots=True)
class Draw:
    """What lines take from a lot: net EUR and order units; below 0 gives back."""

    lot_no: int
    value_net: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """One ceiling of a lot and what is taken of it. member_id None: all members together.

    A limit of None is none: what is taken is counted all the same.
    """

    lot_no: int
    member_id: UUID | None
    limit_value_net: Decimal | None = None
    limit_quantity: Decimal | None = None
    used_value_net: Decimal = NOTHING
    used_quantity: Decimal = NOTHING

    @property
    def rest_value_net(self) -> Decimal | None:
        """Net EUR left, None without a limit."""
        return None if self.limit_value_net is None else self.limit_value_net - self.used_value_net

    @property
    def rest_quantity(self) -> Decimal | None:
        """Order units left, None without a limit."""
        return None if self.limit_quantity is None else self.limit_quantity - self.used_quantity

    def take(self, draw: Draw) -> Self:
        """The standing after a draw. Raises ValueError beyond a limit or below nothing."""
        after = replace(
            self,
            used_value_net=self.used_value_net + draw.value_net,
            used_quantity=self.used_quantity + draw.quantity,
        )
        if self.refusals(draw) or min(after.used_value_net, after.used_quantity) < NOTHING:
            raise ValueError(f"lot {self.lot_no} cannot take {draw}")
        return after

    def refusals(self, draw: Draw) -> list[Reason]:
        """Why a draw does not fit, value and quantity apart; it is refused whole."""
        refusals = []
        if draw.value_net > NOTHING and _beyond(self.rest_value_net, draw.value_net):
            refusals.append(self._refusal("value", euro_words(self.rest_value_net or NOTHING)))
        if draw.quantity > NOTHING and _beyond(self.rest_quantity, draw.quantity):
            refusals.append(self._refusal("quantity", decimal_words(self.rest_quantity or NOTHING)))
        return refusals

    def _refusal(self, kind: str, rest: str) -> Reason:
        whole = "Höchstwert" if kind == "value" else "Höchstmenge"
        title = f"Der {whole} reicht nicht" if kind == "value" else f"Die {whole} reicht nicht"
        whose = "" if self.member_id is None else " Ihres Anteils"
        return Reason(
            code=f"{'' if self.member_id is None else 'member_'}ceiling_{kind}",
            title=title,
            detail=f"Los {self.lot_no}: Rest{whose} {rest}.",
            way_out=_WAY_OUT,
            field=f"lot {self.lot_no}",
        )


def _beyond(rest: Decimal | None, wanted: Decimal) -> bool:
    return rest is not None and wanted > rest


def refusals_of(
    draws: Iterable[Draw], standings: Mapping[tuple[int, UUID | None], Standing], member_id: UUID
) -> list[Reason]:
    """Every ceiling that has no room, whole and the member's share."""
    return [
        reason
        for draw in draws
        for whose in (None, member_id)
        if (standing := standings.get((draw.lot_no, whose))) is not None
        for reason in standing.refusals(draw)
    ]


def require_room_for(standing: Standing | None, ceiling: Ceiling) -> None:
    """Raises Conflict (`below_consumption`): a ceiling never drops below what was taken."""
    if standing is None:
        return
    value_short = ceiling.value_net is not None and ceiling.value_net < standing.used_value_net
    quantity_short = ceiling.quantity is not None and ceiling.quantity < standing.used_quantity
    if value_short or quantity_short:
        raise Conflict(
            "below_consumption",
            "Die Obergrenze läge unter dem schon Abgerufenen",
            f"Abgerufen: {euro_words(standing.used_value_net)}, "
            f"Menge {decimal_words(standing.used_quantity)}.",
            field="content.ceiling",
        )
