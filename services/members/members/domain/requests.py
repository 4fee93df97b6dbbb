"""Roles with four eyes: asked for by one person, confirmed or refused by another."""

from dataclasses import dataclass, replace
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.members import Grant
from marktbund.errors import Conflict, Forbidden, Invalid, NotFound
from members.domain.granting import SECOND_PERSON, Granter


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """A role that somebody asked for and nobody else has decided about yet, or has."""

    request_id: UUID
    person_id: UUID
    grant: Grant
    requested_by: UUID
    state: Literal["waiting", "confirmed", "refused"] = "waiting"
    decided_by: UUID | None = None
    comment: str = ""

    def confirm(self, by: Granter, comment: str) -> Self:
        """Say yes. Raises NotFound (`request_unknown`), Conflict (`request_decided`) and Forbidden
        (`own_roles`, `second_person_needed`).
        """
        self._require_open(by)
        if by.person_id == self.person_id:
            raise Forbidden(
                "own_roles", "Die eigenen Rollen bestätigt niemand selbst", way_out=SECOND_PERSON
            )
        if by.person_id == self.requested_by:
            raise Forbidden(
                "second_person_needed",
                "Wer eine Rolle beantragt, bestätigt sie nicht",
                way_out=SECOND_PERSON,
            )
        return replace(self, state="confirmed", decided_by=by.person_id, comment=comment)

    def refuse(self, by: Granter, comment: str) -> Self:
        """Say no; whoever asked may take it back so. Raises NotFound (`request_unknown`), Conflict
        (`request_decided`) and Invalid (`comment_missing`).
        """
        self._require_open(by)
        if not comment:
            raise Invalid(
                "comment_missing", "Zur Ablehnung gehört eine Begründung", field="comment"
            )
        return replace(self, state="refused", decided_by=by.person_id, comment=comment)

    def _require_open(self, by: Granter) -> None:
        if not by.may_give(self.grant):
            raise request_unknown()
        if self.state != "waiting":
            raise Conflict(
                "request_decided",
                "Über diesen Antrag ist schon entschieden",
                way_out="Bitte laden Sie die Liste neu.",
            )


def request_unknown() -> NotFound:
    """The refusal of a request that there is not, or not for whoever asks."""
    return NotFound("request_unknown", "Diesen Antrag gibt es nicht")
