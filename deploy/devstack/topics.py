"""Removes a deployment's topics and consumer groups; making them is the platform's own business.

In: a broker and a prefix. Out: no topic and no group with that prefix.
"""

import time
from collections.abc import Callable

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from marktbund.kafka_access import KafkaAccess

_TIMEOUT_SECONDS = 30.0


def drop_topics(kafka: KafkaAccess, prefix: str, others: tuple[str, ...] = ()) -> list[str]:
    """Delete every topic and group that begins with `prefix` and with none of `others`.

    Kafka's own topics stay. Returns the topics that were deleted, once they are gone; raises
    TimeoutError when they are not within 30 s.
    """
    admin = AdminClient(kafka.librdkafka())

    def ours(name: str) -> bool:
        foreign = any(name.startswith(other) for other in others if other and other != prefix)
        return name.startswith(prefix) and not foreign and not name.startswith("__")

    _drop_groups(admin, ours)
    doomed = [name for name in admin.list_topics(timeout=_TIMEOUT_SECONDS).topics if ours(name)]
    if doomed:
        for future in admin.delete_topics(doomed, operation_timeout=_TIMEOUT_SECONDS).values():
            future.result(_TIMEOUT_SECONDS)
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while any(map(ours, admin.list_topics(timeout=_TIMEOUT_SECONDS).topics)):
        if time.monotonic() > deadline:
            raise TimeoutError("topics are still there after deletion")
        time.sleep(0.1)
    return doomed


def _drop_groups(admin: AdminClient, ours: Callable[[str], bool]) -> None:
    listed = admin.list_consumer_groups(request_timeout=_TIMEOUT_SECONDS).result()
    doomed = [group.group_id for group in listed.valid if ours(group.group_id)]
    if not doomed:
        return
    for future in admin.delete_consumer_groups(doomed).values():
        try:
            future.result(_TIMEOUT_SECONDS)
        except KafkaException as error:
            if error.args[0].name() != "GROUP_ID_NOT_FOUND":
                raise
