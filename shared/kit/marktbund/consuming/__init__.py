"""The one consuming policy: every Kafka subscriber of every service goes through here.

One database transaction holds inbox rows, effects, dead letters and the next offset of each
partition; the Kafka commit that follows is only information. Why: docs/decisions/0002-delivery.md
"""

from marktbund.consuming.batches import Batches, Handler, Hearing, one_by_one
from marktbund.consuming.inbox import Inbox
from marktbund.consuming.subscriber import Consumer

__all__ = [
    "Batches",
    "Consumer",
    "Handler",
    "Hearing",
    "Inbox",
    "one_by_one",
]
