"""aiokafka on uvloop: a closed transport counts as a broken connection.

What is written to a closed transport asyncio's own drops; uvloop's raises RuntimeError, where
aiokafka expects OSError (aio-libs/aiokafka, issue 1038). That ends the task that watches the
cluster, and whoever waits for news of the cluster then waits for ever. Why it is mended here and
not by another loop: docs/decisions/0024-a-dead-kafka-client.md
"""

from functools import wraps
from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason

_send = AIOKafkaConnection.send


@wraps(_send)
def _send_unless_closed(self: AIOKafkaConnection, *args: Any, **kwargs: Any) -> Any:
    if self._writer is not None and self._writer.is_closing():
        self.close(reason=CloseReason.CONNECTION_BROKEN)  # without a writer, sending says so
    return _send(self, *args, **kwargs)


def expect_closed_transports() -> None:
    """Mend the connections of this process: sending raises KafkaConnectionError, as elsewhere."""
    AIOKafkaConnection.send = _send_unless_closed
