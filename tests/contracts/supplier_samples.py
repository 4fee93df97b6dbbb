"""Samples of what supplier-gateway announces; part of `samples.SAMPLES`."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marktbund.contracts import supplier_gateway
from marktbund.contracts.base import Message


def _id(number: int) -> UUID:
    return UUID(f"01936f2e-7c00-7000-8000-{number:012d}")


MEMBER, PERSON = _id(1), _id(4)
SUPPLIER, ORDER, SUPPLIER_ORDER, RESPONSE, DESPATCH, DELIVERY = (
    _id(n) for n in (11, 13, 14, 15, 16, 17)
)
NOON = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
SHARE: dict[str, Any] = {
    "supplier_order_id": SUPPLIER_ORDER,
    "order_id": ORDER,
    "member_id": MEMBER,
    "supplier_id": SUPPLIER,
}
_DELIVERY: dict[str, Any] = {**SHARE, "delivery_id": DELIVERY, "document": "order"}
SUPPLIERS: tuple[Message, ...] = (
    supplier_gateway.SupplierState(
        version=2,
        supplier_id=SUPPLIER,
        name="Papierkontor Nord GmbH",
        status="active",
        subs=("supplier-17",),
    ),
    supplier_gateway.SupplierRegistered(
        version=1, supplier_id=SUPPLIER, name="Papierkontor Nord GmbH"
    ),
    supplier_gateway.SupplierStatusChanged(version=3, supplier_id=SUPPLIER, status="suspended"),
    supplier_gateway.SupplierCredentialsChanged(
        version=2, supplier_id=SUPPLIER, subs=("supplier-17",)
    ),
    supplier_gateway.OrderResponseReceived(
        version=1,
        response_id=RESPONSE,
        lines=(
            supplier_gateway.ResponseLine(
                line_no=1,
                decision="changed",
                quantity=Decimal("10.000"),
                unit_price_net=Decimal("4.0000"),
                promised_date=date(2026, 3, 18),
            ),
        ),
        **SHARE,
    ),
    supplier_gateway.DespatchAdvised(
        version=2,
        despatch_id=DESPATCH,
        despatched_on=date(2026, 3, 17),
        lines=(supplier_gateway.DespatchLine(line_no=1, quantity=Decimal("10.000")),),
        **SHARE,
    ),
    supplier_gateway.DeliveryQueued(version=1, **_DELIVERY),
    supplier_gateway.DeliveryAcknowledged(version=2, channel="webhook", **_DELIVERY),
    supplier_gateway.DeliveryFailed(
        version=2,
        reason="server_error",
        attempts=1,
        http_status=503,
        next_attempt_at=NOON,
        **_DELIVERY,
    ),
    supplier_gateway.DeliveryAbandoned(version=11, reason="timeout", attempts=10, **_DELIVERY),
    supplier_gateway.DeliveryReplayed(version=12, person_id=PERSON, **_DELIVERY),
    supplier_gateway.ChannelChanged(
        version=4, supplier_id=SUPPLIER, change="registered", host="bestellungen.example.com"
    ),
)
