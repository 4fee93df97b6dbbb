"""Reviewed corrections of comparable groups: merges of two groups, splits of one article.

catalog applies them and publishes its articles again; planning only decides and remembers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from marktbund.contracts.tender_planning import (
    CorrectionStatus,
    GroupCorrected,
    GroupCorrectionWithdrawn,
)
from marktbund.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands on one source: a group or `article:<article_id>`. version: words said on it."""

    correction_id: UUID
    source: str
    to_group: str
    reason: str
    reviewed_by: UUID
    reviewed_at: datetime
    status: CorrectionStatus
    version: int

    def withdraw(
        self, reason: str, by: UUID, at: datetime
    ) -> tuple[Self, GroupCorrectionWithdrawn]:
        """Let catalog's rule decide again. Raises Conflict (`correction_withdrawn`)."""
        if self.status == "withdrawn":
            raise Conflict("correction_withdrawn", "Diese Berichtigung ist schon zurückgenommen")
        version = self.version + 1
        after = replace(
            self,
            status="withdrawn",
            reason=reason,
            reviewed_by=by,
            reviewed_at=at,
            version=version,
        )
        event = GroupCorrectionWithdrawn(
            version=version,
            correction_id=self.correction_id,
            source=self.source,
            reason=reason,
            reviewed_by=by,
        )
        return after, event


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer says of a source, and when. to_group, correction_id: new ones stand ready."""

    source: str
    to_group: str
    reason: str
    by: UUID
    at: datetime
    correction_id: UUID


def correct(known: Mapping[str, Correction], review: Review) -> tuple[Correction, GroupCorrected]:
    """A reviewer's new word on a source. known: all corrections by source; one source has one.

    Raises Conflict (`correction_circle`) where the group leads back to the source.
    """
    before = known.get(review.source)
    steps = {
        source: step.to_group
        for source, step in known.items()
        if step.status == "active" and source != review.source
    }
    _refuse_circle(review, steps)
    correction = Correction(
        correction_id=before.correction_id if before else review.correction_id,
        source=review.source,
        to_group=review.to_group,
        reason=review.reason,
        reviewed_by=review.by,
        reviewed_at=review.at,
        status="active",
        version=before.version + 1 if before else 1,
    )
    event = GroupCorrected(
        version=correction.version,
        correction_id=correction.correction_id,
        source=correction.source,
        to_group=correction.to_group,
        reason=correction.reason,
        reviewed_by=correction.reviewed_by,
    )
    return correction, event


def require_correction(known: Mapping[str, Correction], correction_id: UUID) -> Correction:
    """The correction of this id. Raises NotFound (`correction_unknown`)."""
    for correction in known.values():
        if correction.correction_id == correction_id:
            return correction
    raise NotFound("correction_unknown", "Diese Berichtigung gibt es nicht")


def _refuse_circle(review: Review, steps: Mapping[str, str]) -> None:
    group = review.to_group
    for _ in range(len(steps) + 1):
        if group == review.source:
            raise Conflict(
                "correction_circle",
                "Diese Berichtigung führt im Kreis",
                "Die Zielgruppe ist ihrerseits in diese Gruppe verschoben worden.",
                field="to_group",
                way_out="Bitte zuerst die andere Berichtigung zurücknehmen.",
            )
        group = steps.get(group, group)
