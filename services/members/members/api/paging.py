"""Lists in pages: after which row one begins, how long it may be, where the next one begins."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Response
from pydantic import Field

from marktbund.contracts.http import Answer, NextLink

PageSize = Annotated[int, Field(ge=1, le=500)]
Listed = TypeVar("Listed", bound=Answer)


def cut(
    response: Response, rows: Sequence[Listed], limit: int, id_of: Callable[[Listed], UUID]
) -> list[Listed]:
    """The first rows, at most `limit`; where there are more, `Link` names the next page (RFC 8288):
    a list that ends at its limit is not the whole.
    """
    if len(rows) > limit:
        response.headers["Link"] = NextLink(after=str(id_of(rows[limit - 1])), limit=limit).header
    return list(rows[:limit])
