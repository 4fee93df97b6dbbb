"""Uploaded quotes over HTTP: what is taken, whose it is, and that nobody else sees it."""

import hashlib

import pytest
from sqlalchemy import text

from marktbund.contracts.members import Role
from orders.domain.attachments import MAX_BYTES

PDF = b"%PDF-1.7\nAngebot 4711\n%%EOF"
SHA256 = hashlib.sha256(PDF).hexdigest()


async def uploaded(desk, content: bytes = PDF):
    return await desk.doors.client.post("/attachments", content=content, headers=desk.headers())


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 300_000, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"0" * 100, "image/jpeg"),
        (b"\xff\xd8\xff", "image/jpeg"),
    ],
)
async def test_a_document_is_kept_and_fetched_again(desk, content: bytes, media_type: str):
    kept = await uploaded(desk, content)
    sha256 = hashlib.sha256(content).hexdigest()
    expected = {"sha256": sha256, "media_type": media_type, "size_bytes": len(content)}
    assert (kept.status_code, kept.json()) == (200, expected)
    found = await desk.get(f"/attachments/{sha256}")
    assert (found.status_code, found.content) == (200, content)
    assert found.headers["content-type"] == media_type
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["x-content-type-options"] == "nosniff"


async def test_the_same_document_again_is_the_same(desk):
    first, second = await uploaded(desk), await uploaded(desk)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    query = text("SELECT count(*) FROM attachment")
    assert await desk.uow.connection.scalar(query) == 1


@pytest.mark.parametrize(
    "content", [b"", b"%PD", b"PK\x03\x04 a zip", b"<html>%PDF-1.7", b"GIF89a" + b"0" * 50]
)
async def test_other_kinds_are_refused_whatever_they_are_called(desk, content: bytes):
    headers = desk.headers(Content_Type="application/pdf")
    answer = await desk.doors.client.post("/attachments", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_kind_refused")
    assert answer.json()["way_out"] != ""
    missing = await desk.get(f"/attachments/{hashlib.sha256(content).hexdigest()}")
    assert missing.status_code == 404


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 413)])
async def test_a_document_has_a_largest_size(desk, size: int, status: int):
    answer = await uploaded(desk, PDF + b"0" * (size - len(PDF)))
    assert answer.status_code == status, answer.text
    if status == 413:
        assert (answer.json()["code"], answer.json()["field"]) == ("document_too_large", "body")


@pytest.mark.parametrize("role", ["requester", "approver", "award_office", "auditor"])
async def test_whoever_reads_the_members_orders_reads_its_documents(desk, role: Role):
    await uploaded(desk)
    desk.token = await desk.doors.account((role, desk.member_id))
    assert (await desk.get(f"/attachments/{SHA256}")).content == PDF


async def test_another_members_document_is_like_an_unknown_one(desk):
    await uploaded(desk)
    other = await desk.market.member(official_key="05999998")
    desk.token, desk.member_id = await desk.doors.account(("requester", other)), other
    foreign = await desk.get(f"/attachments/{SHA256}")
    unknown = await desk.get(f"/attachments/{'0' * 64}")
    assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    assert (await uploaded(desk)).status_code == 200
    assert (await desk.get(f"/attachments/{SHA256}")).content == PDF


async def test_an_approver_uploads_nothing(desk):
    desk.token = await desk.doors.account(("approver", desk.member_id))
    assert (await uploaded(desk)).status_code == 403
