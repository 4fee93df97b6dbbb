"""The first accounts of the office, which no door could let in."""

import pytest

from marktbund.errors import Conflict
from marktbund.testing.fixtures import Doors
from members import jobs
from members.commands import FirstOffice


async def test_the_command_line_makes_two_of_the_office_and_no_third(doors: Doors):
    accounts = [FirstOffice(sub="first", email="first@eg.example"), FirstOffice(sub="second")]
    await jobs.bootstrap(doors.database, accounts)
    with pytest.raises(Conflict) as refused:
        await jobs.bootstrap(doors.database, [FirstOffice(sub="third")])
    assert refused.value.code == "office_exists"
    assert await doors.announced() == ["PersonRegistered"] * 2
    rows = await doors.database.connection.exec_driver_sql(
        "SELECT convert_from(payload, 'UTF8')::jsonb -> 'bootstrap' AS bootstrap FROM outbox"
    )
    assert [row.bootstrap for row in rows] == [True, True]
    people = (await doors.client.get("/persons", headers=doors.token("first"))).json()
    assert [person["sub"] for person in people] == ["first", "second"]
    second = f"/persons/{people[1]['person_id']}/deactivation"
    assert (await doors.client.post(second, headers=doors.token("first"))).status_code == 200
    await jobs.bootstrap(doors.database, [FirstOffice(sub="third")])
    people = (await doors.client.get("/persons", headers=doors.token("third"))).json()
    assert [(person["sub"], person["active"]) for person in people] == [
        ("first", True),
        ("second", False),
        ("third", True),
    ]
