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
from marktbund.errors import Conflict


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


def correct(correction: Correction, steps: Mapping[str, str]) -> tuple[Correction, GroupCorrected]:
    """A reviewer's new word on a source. steps: all active corrections, source -> group.

    Raises Conflict (`correction_circle`) where the group leads back to the source.
    """
    group = correction.to_group
    for _ in range(len(steps) + 1):
        if group == correction.source:
            raise Conflict(
                "correction_circle",
                "Diese Berichtigung führt im Kreis",
                "Die Zielgruppe ist ihrerseits in diese Gruppe verschoben worden.",
                field="to_group",
                way_out="Bitte zuerst die andere Berichtigung zurücknehmen.",
            )
        group = steps.get(group, group)
    event = GroupCorrected(
        version=correction.version,
        correction_id=correction.correction_id,
        source=correction.source,
        to_group=correction.to_group,
        reason=correction.reason,
        reviewed_by=correction.reviewed_by,
    )
    return correction, event
