"""Who may look, and who may decide: the cooperative's people only, never those of one member."""

from typing import Annotated

from fastapi import Depends

from marktbund.auth import Official, cooperative_role

Planner = Annotated[Official, Depends(cooperative_role("procurement", "office", "auditor"))]
"""Sees the demand of all, proposals and tenders."""
Reviewer = Annotated[Official, Depends(cooperative_role("procurement"))]
"""Decides on proposals, tenders and comparable groups."""
