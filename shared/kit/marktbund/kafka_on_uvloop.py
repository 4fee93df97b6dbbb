"""aiokafka on uvloop: a closed transport counts as a broken connection.

What is written to a closed transport asyncio's own drops; uvloop's raises RuntimeError, where
aiokafka expects OSError (aio-libs/aiokafka, issue 1038). That ends the task that watches the
cluster, and whoever waits for news of the cluster then waits for ever. Why it is mended here and
not by another loop: docs/decisions/0024-a-dead-kafka-client.md
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from aiokafka.conn import AIOKafkaConnection, CloseReason

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Send = Callable[Concatenate[AIOKafkaConnection, _P], _T]


def _unless_closed(send: _Send[_P, _T]) -> _Send[_P, _T]:
    @wraps(send)
    def sending(connection: AIOKafkaConnection, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        writer = connection._writer  # noqa: SLF001 - what it would raise by is only known here
        if writer is not None and writer.is_closing():
            # Without a writer, sending says so.
            connection.close(reason=CloseReason.CONNECTION_BROKEN)
        return send(connection, *args, **kwargs)

    return sending


_send = AIOKafkaConnection.send
_send_unless_closed = _unless_closed(_send)


def expect_closed_transports() -> None:
    """Mend the connections of this process: sending raises KafkaConnectionError, as elsewhere."""
    AIOKafkaConnection.send = _send_unless_closed
