"""An event as the platform hands it to a handler, for tests of handlers."""

from dataclasses import replace
from typing import Any

from marktbund import clock
from marktbund.contracts.base import Message
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id


def received(event: Message, **changes: Any) -> Received:
    """A record that carries the event, heard just now; `changes`: fields that are to differ."""
    whole = Received(
        topic=event.topic,
        partition=0,
        offset=0,
        key=event.key,
        event_id=new_id(),
        type=event.type_name(),
        time=clock.now(),
        aggregate_version=event.version,
        origin=Origin(correlation_id="test"),
        event=event,
        value=event.model_dump_json().encode(),
    )
    return replace(whole, **changes)
