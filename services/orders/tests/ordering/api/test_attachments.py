"""Uploaded quotes over HTTP: what is taken, whose it is, and that nobody else sees it."""

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from sqlalchemy import text

from marktbund.contracts.members import Role
from marktbund.testing.documents import pdf
from orders.ordering.domain.attachments import MAX_BYTES

PDF = pdf("Angebot 4711")
SHA256 = hashlib.sha256(PDF).hexdigest()


async def uploaded(desk, content: bytes = PDF):
    return await desk.doors.client.post("/attachments", content=content, headers=desk.headers())


def image(form: str, size: int = 20, **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("L", (size, size)).save(written, form, **more)
    return written.getvalue()


def sealed(user_password: str) -> bytes:
    """A PDF as quotes often come: closed against changes, and with a password closed to readers."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt(user_password, "office", algorithm="AES-256")
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\xef\xbb\xbf" + PDF, "application/pdf"),
        (b"\r\n" * 500 + PDF, "application/pdf"),
        (sealed(""), "application/pdf"),
        (image("PNG", 600, compress_level=0), "image/png"),
        (image("JPEG"), "image/jpeg"),
    ],
    ids=["PDF", "byte order mark", "bytes before", "closed to changes", "PNG", "JPEG"],
)
async def test_a_document_is_kept_and_fetched_again(desk, content: bytes, media_type: str):
    kept = await uploaded(desk, content)
    sha256 = hashlib.sha256(content).hexdigest()
    expected = {"sha256": sha256, "media_type": media_type, "size_bytes": len(content)}
    assert (kept.status_code, kept.json()) == (200, expected)
    answer = await desk.get(f"/attachments/{sha256}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_same_document_again_is_the_same(desk):
    first, second = await uploaded(desk), await uploaded(desk)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    query = text("SELECT count(*) FROM attachment")
    assert await desk.uow.connection.scalar(query) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"%PD", b"PK\x03\x04 a zip", b" " * 1020 + PDF, b"GIF89a" + b"0" * 50],
    ids=["nothing", "half a sign", "zip", "a sign too late", "GIF"],
)
async def test_other_kinds_are_refused_whatever_they_are_called(desk, content: bytes):
    headers = desk.headers(Content_Type="application/pdf")
    answer = await desk.doors.client.post("/attachments", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_kind_refused")
    assert answer.json()["way_out"] != ""
    missing = await desk.get(f"/attachments/{hashlib.sha256(content).hexdigest()}")
    assert missing.status_code == 404


def zip_bomb() -> bytes:
    """A PDF whose cross-references unpack to a thousand times what they are."""
    packed = zlib.compress(bytes(400_000_000), 9)
    stream = (
        f"1 0 obj<</Type/XRef/Size 9/W[1 1 1]/Filter/FlateDecode/Length {len(packed)}>>stream\n"
    )
    return b"%PDF-1.7\n" + stream.encode() + packed + b"\nendstream endobj\nstartxref\n9\n%%EOF"


def pixel_bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""
    small = image("PNG")
    head = b"IHDR" + struct.pack(">II", 60_000, 60_000) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-",
        b"%PDF-1.7\nAngebot 4711\n%%EOF",
        b"<html>%PDF-1.7<script>alert(1)</script>",
        PDF[:-200],
        sealed("geheim"),
        zip_bomb(),
        b"\xff\xd8\xff",
        image("JPEG")[:300],
        image("PNG", 600, compress_level=0)[:9_000],
        pixel_bomb(),
    ],
    ids=[
        *("five bytes", "a sign and an end", "HTML", "cut", "closed to readers", "unpacks hugely"),
        *("three bytes", "half a JPEG", "half a PNG", "a bomb of pixels"),
    ],
)
async def test_what_only_begins_like_a_document_is_refused_and_not_kept(
    desk, blobs, content: bytes
):
    answer = await uploaded(desk, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_unreadable")
    assert (answer.json()["field"], answer.json()["way_out"] != "") == ("body", True)
    assert await desk.uow.connection.scalar(text("SELECT count(*) FROM attachment")) == 0
    with pytest.raises(LookupError):
        await blobs.read(hashlib.sha256(content).hexdigest())


async def test_an_image_may_say_anything_of_itself(desk):
    spoken = PngImagePlugin.PngInfo()
    spoken.add_itxt("Comment", "x" * 60_000_000, zip=True)
    answer = await uploaded(desk, image("PNG", pnginfo=spoken))
    assert answer.status_code in (200, 422)
    assert (await uploaded(desk)).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 413)])
async def test_a_document_has_a_largest_size(desk, size: int, status: int):
    blank = b"%" + b"0" * (size - len(PDF) - 2) + b"\n"
    answer = await uploaded(desk, PDF + blank)
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
