"""What a process counts while it works: one registry, counters that cost a dictionary look-up.

What only the database knows is asked for on a scrape: `scraping`. Topics carry no prefix here.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

HTTP_REQUESTS = Counter(
    "marktbund_http_requests",
    "Requests answered, by the route's template; 500 includes what no door caught",
    ("method", "route", "status"),
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "marktbund_http_request_seconds",
    "Time from a request's arrival to its answer",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
RELAY_SENT = Counter(
    "marktbund_relay_sent",
    "Records the broker confirmed, events and states",
    ("topic",),
    registry=REGISTRY,
)
RELAY_FAILURES = Counter(
    "marktbund_relay_failures",
    "Passes of the relay that ended in an error; nothing is lost, the next pass begins again",
    registry=REGISTRY,
)
CONSUMED = Counter(
    "marktbund_consumer_records",
    "Records moved past, by what became of them: applied, duplicate, parked",
    ("topic", "outcome"),
    registry=REGISTRY,
)
BATCH_SECONDS = Histogram(
    "marktbund_consumer_batch_seconds",
    "Time one batch takes, retries included",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
BATCH_FAILURES = Counter(
    "marktbund_consumer_batch_failures",
    "Transactions over records that did not commit: transient (repeated) or permanent (parks)",
    ("kind",),
    registry=REGISTRY,
)
OFFSETS_MOVED = Counter(
    "marktbund_consumer_offsets_moved",
    "Batches given up because the stored offsets were not the expected ones",
    registry=REGISTRY,
)
COMMIT_ERRORS = Counter(
    "marktbund_consumer_commit_errors",
    "Kafka offset commits that failed; the database's own offsets are not concerned",
    registry=REGISTRY,
)
JOB_FAILURES = Counter(
    "marktbund_job_failures",
    "Runs of a job that ended in an error",
    ("task",),
    registry=REGISTRY,
)
