"""Notices to one person each, announced by the service that knows; members sends them as mail."""

from typing import ClassVar, Literal
from uuid import UUID

from marktbund.contracts.base import Message, Topic

ORDER_NOTICES = Topic("orders", "notice", "events")

OrderNotice = Literal[
    "approval_waiting",
    "order_approved",
    "order_refused",
    "order_sent_back",
    "supplier_changed",
    "supplier_refused",
    "supplier_late",
]
"""approval_waiting goes to everybody who may approve, the others to the requester. supplier_late:
a promise after the wanted day, or a day that passed without goods on their way."""


class NoticeGiven(Message):
    """A person should look at an order. Says neither to whom in words, nor what is in the order.

    notice_id: of this notice; whoever passes it on does so once per id. `version` counts the
    notices to this person.
    """

    topic: ClassVar = ORDER_NOTICES
    key_field: ClassVar = "person_id"

    notice_id: UUID
    person_id: UUID
    member_id: UUID
    kind: OrderNotice
    order_id: UUID
