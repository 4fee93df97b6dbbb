"""What is counted of calls to suppliers. No label names a supplier: there may be thousands."""

from prometheus_client import Counter, Histogram

from marktbund.telemetry.metrics import REGISTRY

WEBHOOK_ATTEMPTS = Counter(
    "marktbund_webhook_attempts",
    "Calls to suppliers' endpoints that ended, by result",
    ("result",),
    registry=REGISTRY,
)
WEBHOOK_SECONDS = Histogram(
    "marktbund_webhook_seconds",
    "Time one call takes, answered or not",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
    registry=REGISTRY,
)
