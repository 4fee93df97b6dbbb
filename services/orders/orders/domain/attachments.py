"""Uploaded documents: which kinds are taken, told by their first bytes, never by their names."""

from dataclasses import dataclass
from uuid import UUID

from marktbund.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
"""Largest document: a scanned quote of some thirty pages."""
SNIFFED_BYTES = 8
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document a member uploaded; sha256 names its content."""

    member_id: UUID
    sha256: str
    media_type: str
    size_bytes: int


def media_type_of(first: bytes) -> str:
    """The media type by a document's first bytes. Raises Invalid (`document_kind_refused`)."""
    for sign, media_type in _KINDS:
        if first.startswith(sign):
            return media_type
    raise Invalid(
        "document_kind_refused",
        "Dieses Dateiformat wird nicht angenommen",
        "Angenommen werden PDF, PNG und JPEG.",
        field="body",
        way_out="Bitte laden Sie das Dokument als PDF, PNG oder JPEG hoch.",
    )
