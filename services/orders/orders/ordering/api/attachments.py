"""Doors for documents: upload a quote, fetch it again."""

import hashlib
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Path, Request, Response

from marktbund.auth import within
from marktbund.blobs import Blobs
from marktbund.contracts.http.orders import AttachmentAnswer
from marktbund.errors import TemporarilyUnavailable, TooLarge
from marktbund.http import Reading, origin
from orders.ordering import handlers
from orders.ordering.api.orders import Reader, Requester
from orders.ordering.domain.attachments import (
    MAX_BYTES,
    SNIFFED_BYTES,
    Attachment,
    media_type_of,
    refuse_infected,
    refuse_unreadable,
)
from orders.ordering.gateways import inspecting
from orders.ordering.gateways.scanning import Scan, ScannerAwayError
from orders.ordering.views import attachments as views

router = APIRouter()
_log = structlog.get_logger(__name__)

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_IN_MEMORY = 256 * 1024
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/pdf", "image/png", "image/jpeg")
        },
    }
}


@router.post("/attachments", openapi_extra=_BODY, dependencies=[Depends(within("uploads"))])
async def upload_attachment(request: Request, actor: Requester) -> AttachmentAnswer:
    blobs: Blobs = request.app.state.blobs
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
        sha256, size, media_type = await _received(request, content)
        kept = Attachment(actor.member_id, sha256, media_type, size)
        async with request.app.state.database.begin(await origin(request)) as uow:
            await handlers.expect_attachment(kept, actor, uow)
        await _inspected(content, media_type, getattr(request.app.state, "scan", None))
        content.seek(0)
        await blobs.keep(sha256, content)
    async with request.app.state.database.begin(await origin(request)) as uow:
        request.state.unit = uow
        await handlers.keep_attachment(kept, actor, uow)
    return AttachmentAnswer.model_validate(kept)


async def _received(request: Request, content: IO[bytes]) -> tuple[str, int, str]:
    """SHA-256, bytes and kind of a body, refused as early as it can be told."""
    seen, size, first, media_type = hashlib.sha256(), 0, b"", ""
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge(
                "document_too_large",
                "Das Dokument ist zu groß",
                f"Höchstens {MAX_BYTES // 1024**2} MB.",
                field="body",
                way_out="Bitte laden Sie eine kleinere Fassung hoch.",
            )
        first += chunk[: SNIFFED_BYTES - len(first)]
        if not media_type and len(first) == SNIFFED_BYTES:
            media_type = media_type_of(first)
        seen.update(chunk)
        content.write(chunk)
    return seen.hexdigest(), size, media_type or media_type_of(first)


async def _inspected(
    content: SpooledTemporaryFile[bytes], media_type: str, scan: Scan | None
) -> None:
    """Refused when it does not open or the scanner finds something; nothing is kept of what nobody
    could look at.
    """
    content.rollover()
    try:
        readable = await inspecting.opens(content, media_type)
        finding = await scan(content) if readable and scan is not None else ""
    except (inspecting.NotInspectedError, ScannerAwayError) as error:
        _log.error("upload_not_inspected", error=type(error).__name__, word=str(error))
        raise TemporarilyUnavailable(
            "document_not_inspected",
            "Das Dokument kann gerade nicht geprüft werden",
            "Es wurde nichts gespeichert.",
            field="body",
            way_out="Bitte laden Sie es in einigen Minuten noch einmal hoch.",
        ) from None
    if not readable:
        refuse_unreadable(media_type)
    if finding:
        _log.warning("upload_infected", finding=finding)
        refuse_infected(finding)


@router.get("/attachments/{sha256}", response_class=Response)
async def fetch_attachment(
    request: Request, sha256: Sha256, actor: Reader, reading: Reading
) -> Response:
    attachment = await views.attachment_of(reading, sha256, actor.member_id)
    blobs: Blobs = request.app.state.blobs
    headers = {
        "Content-Disposition": f'attachment; filename="{sha256[:12]}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await blobs.read(sha256), media_type=attachment.media_type, headers=headers)
