"""Reviewed corrections of comparable groups, and where an article belongs once they are applied.

A correction leads from a source, which is a group or `article:<article_id>`, to a group. The
correction of one article beats that of its group; corrections follow each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class HeardCorrection:
    """A reviewer's word on one source.

    resolved: the group where its articles end, None for their own. pending: articles are still
    to follow.
    """

    source: str
    to_group: str
    status: Literal["active", "withdrawn"]
    version: int
    resolved: str | None = None
    pending: bool = False


def resolved(source: str, steps: Mapping[str, str]) -> str | None:
    """Where a source ends when active corrections (source -> group) are followed.

    None for a source without correction, and for one that leads into a circle: corrections of
    different sources arrive in any order, and a circle must move nothing.
    """
    met = {source}
    end = source
    while end in steps:
        end = steps[end]
        if end in met:
            return None
        met.add(end)
    return None if end == source else end


def followed(
    known: Iterable[HeardCorrection], heard: Iterable[HeardCorrection]
) -> list[HeardCorrection]:
    """The corrections that change when news is heard: new words, and those that end elsewhere now.

    Older versions change nothing.
    """
    before = {correction.source: correction for correction in known}
    after = dict(before)
    for news in heard:
        old = after.get(news.source)
        if old is None or old.version < news.version:
            kept = old or news
            after[news.source] = replace(news, resolved=kept.resolved, pending=kept.pending)
    steps = {c.source: c.to_group for c in after.values() if c.status == "active"}
    changed = []
    for correction in after.values():
        end = resolved(correction.source, steps)
        moves = correction.pending or end != correction.resolved
        now = replace(correction, resolved=end, pending=moves)
        if now != before.get(now.source):
            changed.append(now)
    return changed
