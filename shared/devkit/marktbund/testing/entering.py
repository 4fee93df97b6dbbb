"""Whether a broker lets an account in."""

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

from marktbund.kafka_access import KafkaAccess


async def enters(access: KafkaAccess, request_timeout_ms: int = 40_000) -> bool:
    """True when a producer with this access gets in."""
    producer = AIOKafkaProducer(**access.aiokafka(), request_timeout_ms=request_timeout_ms)
    try:
        await producer.start()
    except KafkaConnectionError:
        return False
    finally:
        await producer.stop()
    return True
