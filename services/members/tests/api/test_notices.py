"""People choose which notices come as mail; nobody chooses for somebody else."""

from uuid import UUID

from marktbund.contracts.notices import NoticeGiven
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from marktbund.testing.records import received
from members import consumers

PATH = "/me/notices"


async def person(doors: Doors, sub: str) -> UUID:
    headers = await doors.account(("office", None)) | {"Idempotency-Key": str(new_id())}
    body = {"sub": sub, "email": f"{sub}@stadt.example"}
    answer = await doors.client.post("/persons", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["person_id"])


async def mails_after_hearing(doors: Doors, person_id: UUID) -> list[str]:
    """Hears a notice of two kinds; the kinds of the person's mails ever made."""
    handler = consumers.hearing().handlers[NoticeGiven.topic]
    heard = [
        NoticeGiven(
            version=version,
            notice_id=new_id(),
            person_id=person_id,
            member_id=new_id(),
            kind=kind,
            order_id=new_id(),
        )
        for version, kind in enumerate(("supplier_late", "order_refused"), 1)
    ]
    async with doors.database.begin(Origin(correlation_id="heard")) as uow:
        await handler([received(event) for event in heard], uow)
    rows = await doors.database.connection.exec_driver_sql(
        f"SELECT kind FROM mail WHERE person_id = '{person_id}' ORDER BY noted_at, kind"
    )
    return [row.kind for row in rows]


async def test_what_is_not_wanted_makes_no_mail_and_the_rest_does(doors: Doors):
    erika, other = await person(doors, "erika"), await person(doors, "other")
    mine = doors.token("erika")
    first = await doors.client.get(PATH, headers=mine)
    assert first.json() == {"email": "erika@stadt.example", "unwanted": []}
    chosen = await doors.client.put(PATH, json={"unwanted": ["supplier_late"]}, headers=mine)
    assert (chosen.status_code, chosen.json()["unwanted"]) == (200, ["supplier_late"])
    assert await mails_after_hearing(doors, erika) == ["order_refused"]
    assert await mails_after_hearing(doors, other) == ["order_refused", "supplier_late"]


async def test_a_choice_replaces_the_one_before(doors: Doors):
    erika = await person(doors, "erika")
    mine = doors.token("erika")
    for unwanted in (["supplier_late", "order_refused", "order_refused"], []):
        answer = await doors.client.put(PATH, json={"unwanted": unwanted}, headers=mine)
        assert answer.json()["unwanted"] == sorted(set(unwanted))
    assert await mails_after_hearing(doors, erika) == ["order_refused", "supplier_late"]


async def test_a_kind_that_does_not_exist_is_named_and_changes_nothing(doors: Doors):
    await person(doors, "erika")
    mine = doors.token("erika")
    await doors.client.put(PATH, json={"unwanted": ["supplier_late"]}, headers=mine)
    answer = await doors.client.put(PATH, json={"unwanted": ["weather"]}, headers=mine)
    assert (answer.status_code, answer.json()["field"]) == (422, "unwanted[0]")
    kept = await doors.client.get(PATH, headers=mine)
    assert kept.json()["unwanted"] == ["supplier_late"]


async def test_who_has_no_account_or_none_any_more_is_told_nothing(doors: Doors):
    erika = await person(doors, "erika")
    office = await doors.account(("office", None))
    await doors.client.put(PATH, json={"unwanted": ["supplier_late"]}, headers=doors.token("erika"))
    gone = await doors.client.post(f"/persons/{erika}/deactivation", headers=office)
    assert gone.status_code == 200
    for sub, code in (("erika", (403, "not_authorised")), ("nobody", (404, "person_unknown"))):
        for answer in (
            await doors.client.get("/me", headers=doors.token(sub)),
            await doors.client.get(PATH, headers=doors.token(sub)),
            await doors.client.put(PATH, json={"unwanted": []}, headers=doors.token(sub)),
        ):
            assert (answer.status_code, answer.json()["code"]) == code
    query = "SELECT count(*) FROM unwanted_notice"
    assert (await doors.database.connection.exec_driver_sql(query)).scalar_one() == 0
