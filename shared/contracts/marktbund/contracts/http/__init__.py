"""What doors answer, a module per owner: the service answers with it, whoever asks parses with it.

Field names are the JSON's. Money and quantities are strings in JSON, money net in EUR unless a
field says otherwise; times RFC 3339 in UTC. Change is additive: a new field, never another meaning.
"""

import re
from collections.abc import Mapping
from typing import Self
from urllib.parse import parse_qs, quote

from pydantic import BaseModel, ConfigDict, JsonValue


class Answer(BaseModel):
    """What a door answers, or a part of it; also read from a row or a value of the domain.

    A reader ignores fields it does not know: the service that answers may be a release ahead.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class ProblemAnswer(Answer):
    """A refusal as `application/problem+json` (RFC 9457).

    code: stable, snake_case, English. title, detail and way_out: German, for people. field: the
    path of the input it is about, `lines[2].quantity`. status: that of the answer. What a problem
    says beyond these (every bad row of a file) is in `more`.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    field: str = ""
    way_out: str = ""

    @property
    def more(self) -> Mapping[str, JsonValue]:
        """The members of this problem that not every problem has."""
        return self.__pydantic_extra__


class PageAnswer(Answer):
    """A page of a list; next_after: `after` of the next page, null on the last."""

    next_after: int | None


_NEXT = re.compile(r'<\?([^>]*)>; rel="next"')


class NextLink(BaseModel):
    """Where a list of plain rows goes on: header `Link` with relation `next` (RFC 8288).

    after: the last row of this page, as the door takes it. limit: rows of a page.
    """

    model_config = ConfigDict(frozen=True)

    after: str
    limit: int

    @property
    def header(self) -> str:
        """The value of `Link`, relative to the address that was asked."""
        return f'<?after={quote(self.after)}&limit={self.limit}>; rel="next"'

    @classmethod
    def parse(cls, header: str | None) -> Self | None:
        """The link of an answer's header; None on the last page. Raises ValueError."""
        link = _NEXT.search(header or "")
        if link is None:
            return None
        values = parse_qs(link[1], strict_parsing=True)
        return cls.model_validate({name: value[0] for name, value in values.items()})
