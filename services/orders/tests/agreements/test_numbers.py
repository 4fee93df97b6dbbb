"""A number typed by hand never meets one that is drawn, and no award waits for it."""

import pytest
from sqlalchemy import text


@pytest.mark.parametrize("number", ["RV-2026-0001", "rv-2026-9999", " RV-2031-12345 "])
async def test_the_form_of_drawn_numbers_is_not_typed(desk, office, number: str):
    before = await desk.standing()
    answer = await office.post("/agreements", office.terms(number=number))
    assert (answer.status_code, answer.json()["code"]) == (422, "agreement_number_reserved")
    assert answer.json()["field"] == "number"
    assert answer.json()["way_out"]
    assert await desk.standing() == before


async def test_a_number_of_the_houses_own_is_taken(office):
    assert (await office.drafted(number="LV-2026-17"))["number"] == "LV-2026-17"
    again = await office.post("/agreements", office.terms(number="LV-2026-17"))
    assert (again.status_code, again.json()["code"]) == (422, "agreement_number_taken")


async def test_numbers_typed_before_are_passed_over(desk, office):
    """As they stand in databases of before there was a form of its own."""
    drawn = [(await office.drafted())["number"] for _ in range(2)]
    last = int(drawn[-1].rsplit("-", 1)[1])
    ahead = f"RV-2026-{last + 1:04d}"
    renamed = text("UPDATE agreement SET number = :ahead WHERE number = :first")
    await desk.uow.connection.execute(renamed, {"ahead": ahead, "first": drawn[0]})
    assert (await office.drafted())["number"] == f"RV-2026-{last + 2:04d}"
