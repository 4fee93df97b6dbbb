"""On uvloop, as services run, sending over a transport that has closed is a broken connection."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvloop
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.admin import ApiVersionRequest

from marktbund import kafka_on_uvloop
from marktbund.testing.engines.selection import KafkaBroker

Send = Callable[[AIOKafkaConnection, Any], Any]


def is_closed(transport: asyncio.WriteTransport) -> bool:
    """Whether writing to it raises already."""
    try:
        transport.write(b"")
    except RuntimeError:
        return True
    return False


async def sent_over_closed(kafka: KafkaBroker, send: Send) -> None:
    """Send where uvloop has closed the transport and aiokafka has not heard of it yet."""
    access = kafka.admin.aiokafka()
    host, _, port = access.pop("bootstrap_servers").partition(":")
    connection = await create_conn(host, int(port), **access)
    transport = connection._writer.transport
    transport.abort()
    while not is_closed(transport):
        await asyncio.sleep(0)
    assert connection._writer is not None
    try:
        await send(connection, ApiVersionRequest())
    finally:
        connection.close()


def test_sending_over_a_closed_transport_is_a_broken_connection(kafka: KafkaBroker):
    with pytest.raises(KafkaConnectionError):
        uvloop.run(sent_over_closed(kafka, kafka_on_uvloop._send_unless_closed))


def test_the_mending_is_still_needed(kafka: KafkaBroker):
    with pytest.raises(RuntimeError, match="the handler is closed"):
        uvloop.run(sent_over_closed(kafka, kafka_on_uvloop._send))
