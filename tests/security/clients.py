"""What an account can do on Kafka, found out by doing it."""

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError as AioKafkaError
from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.protocol.fetch import FetchRequest
from confluent_kafka import KafkaException

from marktbund.kafka_access import KafkaAccess

DENIED = "denied"
ALLOWED = "allowed"


async def written(access: KafkaAccess, names: Iterable[str]) -> dict[str, str]:
    """Topic -> whether the account could write a record there."""
    producer = AIOKafkaProducer(**access.aiokafka(), acks="all")
    await producer.start()
    outcomes = {}
    try:
        for name in names:
            try:
                await producer.send_and_wait(name, b"{}", key=b"forged")
                outcomes[name] = ALLOWED
            except TopicAuthorizationFailedError:
                outcomes[name] = DENIED
    finally:
        await producer.stop()
    return outcomes


async def read(access: KafkaAccess, names: Iterable[str]) -> dict[str, str]:
    """Topic -> whether the account could fetch from its first partition.

    Asked by one request of the protocol itself: a client that trusts metadata would not even ask.
    """
    client = AIOKafkaClient(**access.aiokafka())
    await client.bootstrap()
    try:
        node = next(iter(client.cluster.brokers())).nodeId
        asked = [(name, [(0, 0, 1024)]) for name in names]
        answer = await client.send(node, FetchRequest(100, 0, 1_000_000, 0, asked))
    finally:
        await client.close()
    # Per topic its partitions; of each the number of the error, 0 for none.
    codes = {topic: partitions[0][1] for topic, partitions in answer.topics}
    assert set(codes.values()) <= {0, TopicAuthorizationFailedError.errno}
    return {topic: DENIED if code else ALLOWED for topic, code in codes.items()}


async def joined(access: KafkaAccess, group: str, topic: str) -> str:
    """Whether the account could join the group: `allowed`, or what the broker said."""
    consumer = AIOKafkaConsumer(topic, **access.aiokafka(), group_id=group)
    try:
        await consumer.start()
        await consumer.getmany(timeout_ms=500)
    except AioKafkaError as error:
        return type(error).__name__
    finally:
        await consumer.stop()
    return ALLOWED


def refusal(error: KafkaException) -> str:
    """The broker's name for why it refused."""
    return str(error.args[0].name())
