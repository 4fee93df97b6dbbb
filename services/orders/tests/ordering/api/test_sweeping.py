"""Uploads that nothing names go; whatever an order, a draft or another member rests on stays."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund import clock
from marktbund.ids import new_id
from marktbund.testing.documents import pdf
from orders import jobs
from orders.ordering.domain import attachments as domain
from orders.ordering.domain.attachments import Uploaded
from orders.ordering.handlers.attachments import NOBODYS_FOR, UNNAMED_FOR

PDF = pdf("Angebot 4711")
SHA256 = hashlib.sha256(PDF).hexdigest()
LATER = UNNAMED_FOR + timedelta(minutes=1)


async def uploaded(desk, content: bytes = PDF):
    return await desk.doors.client.post("/attachments", content=content, headers=desk.headers())


@pytest.fixture
def sweep(desk, blobs):
    async def made(after: timedelta = LATER) -> int:
        return await jobs.sweep_documents(desk.doors.database, blobs, clock.now() + after)

    return made


@pytest.fixture
async def words(desk):
    """A line in words that rests on a document."""
    supplier_id = await desk.market.supplier(name="Pumpen Voss")

    def made(sha256: str) -> dict[str, Any]:
        line = {
            "supplier_id": str(supplier_id),
            "description": "Umwälzpumpe 20 m³/h, Bronze",
            "cpv": "42122000",
            "order_unit": "H87",
            "unit_price_net": "450.00",
            "vat_rate": "19",
            "document_sha256": sha256,
            "quoted_on": (clock.business_date(clock.now()) - timedelta(days=30)).isoformat(),
        }
        return {"quantity": "2", "free_text": line}

    return made


async def owners(desk) -> int:
    return await desk.uow.connection.scalar(text("SELECT count(*) FROM attachment"))


async def test_what_nothing_names_goes_after_its_time_and_may_come_again(desk, blobs, sweep):
    await uploaded(desk)
    assert await sweep(UNNAMED_FOR - timedelta(minutes=1)) == 0
    assert (await desk.get(f"/attachments/{SHA256}")).content == PDF
    assert await sweep() == 1
    assert (await desk.get(f"/attachments/{SHA256}")).status_code == 404
    with pytest.raises(LookupError):
        await blobs.read(SHA256)
    assert (await uploaded(desk)).status_code == 200
    assert (await desk.get(f"/attachments/{SHA256}")).content == PDF


@pytest.mark.parametrize("draft", [True, False])
async def test_what_an_order_or_a_draft_names_stays(desk, sweep, words, draft: bool):
    await uploaded(desk)
    made = await desk.post("/orders", {"lines": [words(SHA256)], "draft": draft})
    assert made.status_code == 201, made.text
    assert await sweep(timedelta(days=4_000)) == 0
    assert (await desk.get(f"/attachments/{SHA256}")).content == PDF


async def test_an_order_that_was_refused_named_nothing(desk, sweep, words):
    await uploaded(desk)
    refused = await desk.post("/orders", {"lines": [words(SHA256), words("0" * 64)]})
    assert (refused.status_code, refused.json()["code"]) == (422, "document_unknown")
    assert await sweep() == 1


async def test_what_another_member_owns_too_is_not_taken_away(desk, blobs, sweep, words):
    await uploaded(desk)
    made = await desk.post("/orders", {"lines": [words(SHA256)], "draft": True})
    assert made.status_code == 201, made.text
    other = await desk.market.member(official_key="05999998")
    desk.token, desk.member_id = await desk.doors.account(("requester", other)), other
    await uploaded(desk)
    assert (await sweep(), await owners(desk)) == (0, 1)
    assert await blobs.read(SHA256) == PDF


async def test_an_upload_again_starts_its_time_anew(desk, sweep):
    await uploaded(desk)
    old = clock.now() - LATER
    await desk.uow.connection.execute(
        text("UPDATE attachment SET received_at = :old"), {"old": old}
    )
    await uploaded(desk)
    assert (await sweep(timedelta(0)), await owners(desk)) == (0, 1)


async def test_a_content_just_touched_is_being_uploaded(desk, blobs, sweep):
    await uploaded(desk)
    await desk.uow.connection.execute(text("DELETE FROM attachment"))
    assert await sweep(NOBODYS_FOR - timedelta(minutes=1)) == 0
    assert await blobs.read(SHA256) == PDF
    assert await sweep(NOBODYS_FOR + timedelta(minutes=1)) == 1


async def test_a_refused_upload_leaves_nothing_behind_for_long(desk, sweep):
    assert (await uploaded(desk, b"%PDF-")).status_code == 422
    assert await sweep() == 1
    query = text("SELECT count(*) FROM document_content")
    assert await desk.uow.connection.scalar(query) == 0


@pytest.mark.parametrize(
    ("count", "size", "by"),
    [
        (domain.PERSON_A_DAY, 1, "own"),
        (domain.PERSON_BYTES_A_DAY // domain.MAX_BYTES, domain.MAX_BYTES, "own"),
        (domain.MEMBER_A_DAY, 1, "other"),
        (domain.MEMBER_BYTES_A_DAY // domain.MAX_BYTES + 1, domain.MAX_BYTES, "other"),
    ],
)
async def test_a_person_and_a_member_upload_so_much_a_day(desk, count: int, size: int, by: str):
    await uploaded(desk)
    own = await desk.uow.connection.scalar(text("SELECT uploaded_by FROM attachment"))
    add = text("""
        INSERT INTO attachment (member_id, sha256, media_type, size_bytes, uploaded_by, uploaded_at)
        SELECT :member_id, lpad(to_hex(n), 64, '0'), 'image/png', :size, :by, now()
          FROM generate_series(1, :count) AS n
    """)
    person: UUID = own if by == "own" else new_id()
    values = {"member_id": desk.member_id, "size": size, "by": person, "count": count}
    await desk.uow.connection.execute(add, values)
    refused = await uploaded(desk, pdf("ein weiteres"))
    assert (refused.status_code, refused.json()["code"]) == (429, "upload_quota_reached")
    assert 0 < int(refused.headers["retry-after"]) <= 25 * 3600
    assert await owners(desk) == count + 1
    await desk.uow.connection.execute(
        text("UPDATE attachment SET received_at = now() - interval '26 hours'")
    )
    assert (await uploaded(desk, pdf("morgen"))).status_code == 200


def test_the_last_document_of_a_day_is_taken():
    domain.refuse_beyond_quota(Uploaded(199, 0, 199, 0), 1, timedelta(hours=1))
    at_most = domain.PERSON_BYTES_A_DAY - 5
    domain.refuse_beyond_quota(Uploaded(1, at_most, 1, at_most), 5, timedelta(hours=1))
