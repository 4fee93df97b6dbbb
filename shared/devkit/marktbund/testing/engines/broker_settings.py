"""What Kafka is told: one small node that keeps its data, wakes up rarely and asks who comes.

In: places, addresses, the admin. Out: `server.properties` and the configuration of its log.
"""

from pathlib import Path

from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import scram

LOGGING = """\
status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
"""


def properties(directory: Path, controller_port: int, admin: KafkaAccess) -> dict[str, str]:
    """The broker's whole configuration."""
    broker, controller = admin.bootstrap, f"127.0.0.1:{controller_port}"
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": controller,
        "listeners": f"CLIENTS://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"CLIENTS://{broker}",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(directory / "data"),
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "4",
        "group.initial.rebalance.delay.ms": "0",
        "log.cleaner.dedupe.buffer.size": "16777216",
        **_SMALL_AND_QUICK,
        **scram.security(admin.password),
    }


# A killed broker is let in again only when its old session has run out, so sessions are short; the
# rest keeps one idle node from waking up for nothing.
_SMALL_AND_QUICK = {
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "1000",
    "metadata.max.idle.interval.ms": "2000",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "group.coordinator.threads": "1",
    "share.coordinator.threads": "1",
    "num.recovery.threads.per.data.dir": "2",
}
