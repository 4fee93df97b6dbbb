"""Whether a broker lets an account in."""

from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

from marktbund.kafka_access import KafkaAccess


async def enters(access: KafkaAccess, **settings: Any) -> bool:
    """True when a producer with this access gets in; `settings`: more for aiokafka."""
    producer = AIOKafkaProducer(**access.aiokafka(), **settings)
    try:
        await producer.start()
    except KafkaConnectionError:
        return False
    finally:
        await producer.stop()
    return True
