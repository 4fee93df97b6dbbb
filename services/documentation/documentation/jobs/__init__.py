"""Work on the clock: seal what waits, sign where the chains stand, verify them. By hand: all."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain.anchors import Channel
from documentation.domain.passes import ANEW_AFTER
from documentation.jobs.anchoring import Anchorer, Carrier
from documentation.jobs.auditing import Auditor, CheckpointAuditor, LogAuditor
from documentation.jobs.commands import announce, compare, verify
from documentation.jobs.disposing import dispose
from documentation.jobs.disposing import read as read_disposal
from documentation.jobs.sealing import Sealer
from documentation.jobs.signing import LastPublished, Notary
from documentation.views.log_walk import LogWalk
from marktbund.ahead import Log, Tail
from marktbund.composition import Job
from marktbund.consuming.subscriber import consumer_name
from marktbund.contracts.base import Topic
from marktbund.contracts.documentation import CHECKPOINT_EVENTS
from marktbund.kafka_access import KafkaAccess

__all__ = [
    "ANEW_AFTER",
    "Anchorer",
    "Auditor",
    "CheckpointAuditor",
    "LastPublished",
    "LogAuditor",
    "Notary",
    "Sealer",
    "announce",
    "compare",
    "dispose",
    "read_disposal",
    "verify",
    "working_with",
]

SEAL_EVERY = timedelta(seconds=5)
LOOK_EVERY = timedelta(seconds=2)
AUDIT_EVERY = timedelta(seconds=15)
AUDIT_LOG_EVERY = timedelta(seconds=60)
ANCHOR_EVERY = timedelta(seconds=30)


def working_with(
    key: Ed25519PrivateKey,
    kafka: KafkaAccess,
    channels: Mapping[Channel, Carrier],
    filed: Sequence[Topic],
    *,
    prefix: str,
    demo: bool,
) -> tuple[Job, ...]:
    """The jobs of a worker that signs with this key; prefix: of the deployment's topics. channels:
    by which anchors go outside, beside the mail that members sends. filed: topics whose events
    are in the file.
    """
    tail = Tail(kafka, f"{prefix}documentation-notary", prefix, CHECKPOINT_EVENTS)
    log = Log(kafka, f"{prefix}documentation-audit", prefix)
    walk = partial(LogWalk, log, consumer_name(prefix, "documentation"), prefix, filed)
    notary = Notary(key, LastPublished(tail, key.public_key()), demo=demo)
    return (
        Job("sealer", SEAL_EVERY, Sealer(), after_commits=True),
        Job("notary", LOOK_EVERY, notary, after_commits=True, close=tail.close),
        Job("auditor", AUDIT_EVERY, Auditor(key.public_key())),
        Job("checkpoint_auditor", AUDIT_EVERY, CheckpointAuditor(key.public_key())),
        Job("log_auditor", AUDIT_LOG_EVERY, LogAuditor(walk)),
        Job("anchorer", ANCHOR_EVERY, Anchorer(key.public_key(), channels, demo=demo)),
    )
