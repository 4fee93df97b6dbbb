"""Nothing endless, no controls and no lax type comes through a door."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from fastapi import Header, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from marktbund.days import Day
from marktbund.money import Price
from marktbund.texts import OneLine
from tests.architecture.inputs import faults
from tests.architecture.test_doors import doors
from tests.architecture.tree import SERVICES

EXCUSED = {"repair.value: a text that takes controls"}
"""A record's content, put right by an operator: it is kept and applied as bytes, whatever it is."""


@pytest.mark.parametrize("folder", SERVICES)
def test_every_input_of_every_door_is_bounded(folder: str):
    unbounded = {
        f"{door.methods} {door.path} {wrong}" for door in doors(folder) for wrong in faults(door)
    }
    assert {fault for fault in unbounded if not fault.endswith(tuple(EXCUSED))} == set()


class Inner(BaseModel):
    """What a planted door takes."""

    day: date
    good_day: Day
    names: tuple[Annotated[str, OneLine(9)], ...] = ()
    good_names: Annotated[tuple[Annotated[str, OneLine(9)], ...], Field(max_length=3)] = ()
    price: Decimal
    good_price: Price
    share: float
    kinds: dict[str, int]


async def planted(
    body: Inner,
    text: str,
    long: Annotated[str, Query(max_length=9)],
    title: Annotated[str, OneLine(9)],
    page: Annotated[int, Query(ge=1)],
    x_sent: Annotated[str | None, Header()] = None,
) -> None:
    """Good and bad inputs side by side."""


def test_planted_inputs_are_judged():
    assert sorted(faults(APIRoute("/planted", planted, methods=["POST"]))) == [
        "body.day: a day that is not of marktbund.days",
        "body.kinds: a dict without a longest length",
        "body.kinds[]: a text that takes controls",
        "body.kinds[]: a text without a longest length",
        "body.kinds[]: a whole number without a highest value",
        "body.names: a tuple without a longest length",
        "body.price: a number that is not of marktbund.money",
        "body.share: a number that is not of marktbund.money",
        "long: a text that takes controls",
        "page: a whole number without a highest value",
        "text: a text that takes controls",
        "text: a text without a longest length",
        "x-sent: a text that takes controls",
        "x-sent: a text without a longest length",
    ]
