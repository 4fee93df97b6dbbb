"""Topics: made from the contracts' list in one step; ids for consumers' stored offsets.

Command line: `python -m marktbund.topics create | delete`, with MARKTBUND_PREFIX and the
MARKTBUND_KAFKA_* of an account that may: the services' own may not.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from marktbund.contracts import TOPICS
from marktbund.contracts.base import Topic
from marktbund.kafka_access import KafkaAccess

PARTITIONS = 12
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """Which cluster, and which incarnation of each topic: offsets mean nothing elsewhere."""

    cluster_id: str
    topic_ids: dict[str, str]


def configuration(topic: Topic) -> Mapping[str, str]:
    """What Kafka is told about a topic: facts are kept for ever, states are compacted."""
    if topic.kind == "state":
        return {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.5"}
    return {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}


def create(
    kafka: KafkaAccess,
    prefix: str,
    *,
    wanted: Iterable[Topic] = tuple(TOPICS.values()),
    replicas: int = 1,
) -> list[str]:
    """Make every wanted topic that is missing; returns the names made. Raises KafkaException."""
    admin = AdminClient(kafka.librdkafka())  # held by name: futures die with their client
    futures = admin.create_topics(
        [
            NewTopic(prefix + topic.name, PARTITIONS, replicas, config=dict(configuration(topic)))
            for topic in wanted
        ],
        operation_timeout=_TIMEOUT,
    )
    made = []
    for name, future in futures.items():
        try:
            future.result()
            made.append(name)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return made


def delete(kafka: KafkaAccess, prefix: str) -> list[str]:
    """Delete a prefixed deployment's topics; returns the names deleted.

    Raises ValueError without a prefix: the unprefixed topics are a deployment's real data.
    """
    if not prefix:
        raise ValueError("topics without a prefix are never deleted")
    admin = AdminClient(kafka.librdkafka())
    there = [name for name in admin.list_topics(timeout=_TIMEOUT).topics if name.startswith(prefix)]
    if there:
        for future in admin.delete_topics(there, operation_timeout=_TIMEOUT).values():
            future.result()
    return there


def identify(kafka: KafkaAccess, names: Iterable[str]) -> LogIdentity:
    """Cluster id and topic ids. Raises KafkaException when the broker or a topic is missing."""
    admin = AdminClient(kafka.librdkafka())
    described = admin.describe_topics(TopicCollection(sorted(names)), request_timeout=_TIMEOUT)
    cluster = admin.describe_cluster(request_timeout=_TIMEOUT)
    return LogIdentity(
        cluster_id=str(cluster.result().cluster_id),
        topic_ids={name: str(future.result().topic_id) for name, future in described.items()},
    )


if __name__ == "__main__":
    action = {"create": create, "delete": delete}[sys.argv[1]]
    access = KafkaAccess.from_environment(os.environ)
    changed = action(access, os.environ.get("MARKTBUND_PREFIX", ""))
    sys.stdout.write(f"{sys.argv[1]}: {len(changed)}\n")
