"""What supplier-gateway announces: suppliers, deliveries to them and their answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from marktbund.contracts.base import Message, Part, Topic
from marktbund.money import Price

SUPPLIER_STATE = Topic("supplier-gateway", "supplier", "state")
SUPPLIER_EVENTS = Topic("supplier-gateway", "supplier", "events")
RESPONSE_EVENTS = Topic("supplier-gateway", "response", "events")
DELIVERY_EVENTS = Topic("supplier-gateway", "delivery", "events")

SupplierStatus = Literal["active", "suspended", "withdrawn"]
ChannelChange = Literal["registered", "secret_rotated", "disabled", "removed"]
AcknowledgedBy = Literal["pull", "webhook"]
CallFailure = Literal[
    "timeout", "unreachable", "target_refused", "server_error", "throttled", "rejected", "gone"
]
DeliveryTrouble = Literal[CallFailure, "supplier_unreachable", "channel_disabled"]
"""Why a document did not arrive. The last two: no call was made, as others failed before."""
CallResult = Literal["delivered", CallFailure]
"""What became of one call."""
DeliveryDocument = Literal["order", "cancellation"]
DeliveryState = Literal["waiting", "failing", "abandoned", "acknowledged"]
ChannelStatus = Literal["active", "disabled"]
BreakerState = Literal["closed", "open", "half_open"]
LineDecision = Literal["accepted", "changed", "refused"]
LineState = Literal["open", LineDecision]


class SupplierState(Message):
    """A supplier as it is now; `subs` are the token subjects of its credentials."""

    topic: ClassVar = SUPPLIER_STATE
    key_field: ClassVar = "supplier_id"

    supplier_id: UUID
    name: str
    status: SupplierStatus
    subs: tuple[str, ...] = ()


class SupplierRegistered(Message):
    """A supplier was entered in the register."""

    topic: ClassVar = SUPPLIER_EVENTS
    key_field: ClassVar = "supplier_id"

    supplier_id: UUID
    name: str


class SupplierStatusChanged(Message):
    """A supplier was suspended, reinstated or left."""

    topic: ClassVar = SUPPLIER_EVENTS
    key_field: ClassVar = "supplier_id"

    supplier_id: UUID
    status: SupplierStatus


class SupplierCredentialsChanged(Message):
    """The token subjects that may speak for a supplier were replaced."""

    topic: ClassVar = SUPPLIER_EVENTS
    key_field: ClassVar = "supplier_id"

    supplier_id: UUID
    subs: tuple[str, ...]


class ChannelChanged(Message):
    """Where a supplier's documents are pushed to was set, given a new secret, closed or removed.

    host: the machine's name only. disabled: the supplier's endpoint said that it is gone.
    """

    topic: ClassVar = SUPPLIER_EVENTS
    key_field: ClassVar = "supplier_id"

    supplier_id: UUID
    change: ChannelChange
    host: str


class ResponseMessage(Message):
    """What all news a supplier sends about a supplier order share (UBL OrderResponse, Despatch)."""

    topic: ClassVar = RESPONSE_EVENTS
    key_field: ClassVar = "supplier_order_id"

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    supplier_id: UUID


class ResponseLine(Part):
    """The supplier's word on one line; quantity and price are what it will deliver (0 if refused).

    unit_price_net: net EUR per order unit.
    """

    line_no: int
    decision: LineDecision
    quantity: Decimal
    unit_price_net: Price
    promised_date: date | None = None


class OrderResponseReceived(ResponseMessage):
    """A supplier answered lines; each line is answered once."""

    response_id: UUID
    lines: tuple[ResponseLine, ...]


class DespatchLine(Part):
    """How much of a line was sent."""

    line_no: int
    quantity: Decimal


class DespatchAdvised(ResponseMessage):
    """A supplier sent goods off."""

    despatch_id: UUID
    despatched_on: date
    lines: tuple[DespatchLine, ...]


class DeliveryMessage(Message):
    """What all news of a delivery share. One delivery per supplier order and document."""

    topic: ClassVar = DELIVERY_EVENTS
    key_field: ClassVar = "supplier_order_id"

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    supplier_id: UUID
    delivery_id: UUID
    document: DeliveryDocument


class DeliveryQueued(DeliveryMessage):
    """The document waits for the supplier: to fetch it, or to be pushed to its channel."""


class DeliveryAcknowledged(DeliveryMessage):
    """The supplier confirmed that it has the document; webhook: by its answer to a call."""

    channel: AcknowledgedBy = "pull"


class DeliveryFailed(DeliveryMessage):
    """The document did not reach the supplier.

    attempts: calls so far; 0: none was made. next_attempt_at: system time; None: not before the
    channel is set anew, or unknown. The supplier can still fetch the document.
    """

    reason: DeliveryTrouble
    attempts: int
    http_status: int | None = None
    next_attempt_at: datetime | None = None


class DeliveryAbandoned(DeliveryMessage):
    """The schedule is over: nobody will call again until somebody asks for a replay."""

    reason: DeliveryTrouble
    attempts: int
    http_status: int | None = None


class DeliveryReplayed(DeliveryMessage):
    """A person had the document pushed again, from the start of the schedule."""

    person_id: UUID
