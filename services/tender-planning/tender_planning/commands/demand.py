"""Questions on demand."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from marktbund.days import Day

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

Strength = Literal["score", "members", "regularity", "value"]


class Question(BaseModel):
    """Unknown parameters are refused, so that a misspelt filter is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)


class Months(Question):
    """Which months: those that `from` and `to` fall in, both inclusive; none given means all."""

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


class DemandFilter(Months):
    """Which part of the demand: a CPV class as 8 digits ending in 0000, a member, months."""

    cpv_class: Annotated[str | None, Field(alias="class", pattern="^[0-9]{4}0000$")] = None
    member_id: UUID | None = None


class ListDemand(DemandFilter):
    """A page of cells; `after` is the last `cell` of the page before."""

    after: Annotated[
        str | None, Field(pattern=f"^[0-9]{{8}}:{UUID_PATTERN}:[12][0-9]{{3}}-(0[1-9]|1[0-2])$")
    ] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class FindStrongest(Months):
    """The strongest demand, by the mixed score or by one of its parts."""

    by: Strength = "score"
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class ListOrderLines(Question):
    """A page of order lines; `after` is the last `line` of the page before."""

    after: Annotated[str | None, Field(pattern=f"^{UUID_PATTERN}:[0-9]{{1,9}}$")] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
