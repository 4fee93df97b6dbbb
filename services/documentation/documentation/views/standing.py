"""What a scrape wants to know: is the file signed, found unaltered, and anchored outside?"""

from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.store import anchors, audits, checkpoints, passes, signing
from marktbund import clock


async def gauges(connection: AsyncConnection) -> list[Metric]:
    """Everything that is asked of the database on a scrape."""
    return [
        await _stopped(connection),
        *await _anchors(connection),
        *await _audits(connection),
    ]


async def _stopped(connection: AsyncConnection) -> Metric:
    stopped = GaugeMetricFamily(
        "marktbund_signing_stopped_seconds",
        "Since when no checkpoint is signed although one is due; no sample: all is well",
        labels=["state", "reason"],
    )
    noted = await signing.noted(connection)
    if noted is not None and noted.note.state != "signing":
        stopped.add_metric([noted.note.state, noted.note.reason], _since(noted.since))
    return stopped


async def _anchors(connection: AsyncConnection) -> list[Metric]:
    standing = await anchors.standing(connection)
    begun = standing.last or await checkpoints.first_time(connection)
    return [
        GaugeMetricFamily(
            "marktbund_anchor_age_seconds",
            "Since the last anchor was made, or the first checkpoint signed; 0: there is none",
            value=_since(begun),
        ),
        GaugeMetricFamily(
            "marktbund_anchor_waiting_seconds",
            "Age of the oldest anchor that a channel has not taken; 0: none waits",
            value=_since(standing.waiting),
        ),
    ]


async def _audits(connection: AsyncConnection) -> list[Metric]:
    findings = GaugeMetricFamily(
        "marktbund_audit_findings",
        "What the scheduled audits know: chains, anchor (last checkpoint), checkpoints, log",
        labels=["audit"],
    )
    age = GaugeMetricFamily(
        "marktbund_audit_age_seconds",
        "Since an audit last came to its end, or began if it never did; chains: the oldest",
        labels=["audit"],
    )
    chains = await audits.summed(connection)
    findings.add_metric(["chains"], chains.findings)
    age.add_metric(["chains"], _since(chains.oldest))
    for walked in await passes.all_of_them(connection):
        findings.add_metric([walked.name], walked.findings)
        age.add_metric([walked.name], _since(walked.finished_at or walked.begun_at))
    return [findings, age]


def _since(moment: datetime | None) -> float:
    return 0.0 if moment is None else max((clock.now() - moment).total_seconds(), 0.0)
