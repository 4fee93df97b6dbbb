"""How many browsers are signed in, for operators alone."""

from marktbund.testing.fixtures import doors_of
from portal.main import SERVICE


async def test_an_operator_reads_how_many_browsers_are_signed_in(visitor, portal_database):
    doors = doors_of(SERVICE, visitor.connection, portal_database.app_url)
    operator = await doors.account(("operator", None))
    assert (await doors.client.get("/sessions", headers=operator)).json() == {"sessions": 0}
    await visitor.person("person-1")
    await visitor.sign_in("person-1")
    assert (await doors.client.get("/sessions", headers=operator)).json() == {"sessions": 1}
    office = await doors.account(("office", None))
    refused = await doors.client.get("/sessions", headers=office)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_authorised")
