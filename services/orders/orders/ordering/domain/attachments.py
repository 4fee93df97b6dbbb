"""Uploaded documents: which kinds are taken, told by their first bytes, never by their names."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn
from uuid import UUID

from marktbund.errors import Invalid, TooMany

MAX_BYTES = 10 * 1024 * 1024
"""Largest document: a scanned quote of some thirty pages."""
PERSON_A_DAY, PERSON_BYTES_A_DAY = 200, 500 * 1024**2
MEMBER_A_DAY, MEMBER_BYTES_A_DAY = 1_000, 2 * 1024**3
"""What may be uploaded in a day of Europe/Berlin (system time): documents, and their bytes."""
SNIFFED_BYTES = 1024
"""Within these a PDF says that it is one: scanners and mail programs put bytes before its sign."""
_PDF_SIGN = b"%PDF-"
_KINDS = (
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


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a member uploaded today, and one of its people of it."""

    documents: int
    size_bytes: int
    own_documents: int
    own_bytes: int


def refuse_beyond_quota(sofar: Uploaded, size_bytes: int, left: timedelta) -> None:
    """Refuse a further document of this size; left: until the next day.

    Raises TooMany (`upload_quota_reached`).
    """
    own = sofar.own_documents >= PERSON_A_DAY or sofar.own_bytes + size_bytes > PERSON_BYTES_A_DAY
    all_of = sofar.documents >= MEMBER_A_DAY or sofar.size_bytes + size_bytes > MEMBER_BYTES_A_DAY
    if own or all_of:
        raise TooMany(
            "upload_quota_reached",
            "Für heute sind genug Dokumente hochgeladen",
            f"Eine Person lädt am Tag höchstens {PERSON_A_DAY} Dokumente hoch, "
            f"zusammen {PERSON_BYTES_A_DAY // 1024**2} MB."
            if own
            else f"Ein Mitglied lädt am Tag höchstens {MEMBER_A_DAY} Dokumente hoch, "
            f"zusammen {MEMBER_BYTES_A_DAY // 1024**3} GB.",
            way_out="Bitte laden Sie morgen weitere hoch, oder wenden Sie sich an die "
            "Geschäftsstelle.",
            retry_after=math.ceil(left.total_seconds()),
        )


def media_type_of(first: bytes) -> str:
    """The media type by a document's first bytes. Raises Invalid (`document_kind_refused`)."""
    for sign, media_type in _KINDS:
        if first.startswith(sign):
            return media_type
    if _PDF_SIGN in first[:SNIFFED_BYTES]:
        return "application/pdf"
    raise Invalid(
        "document_kind_refused",
        "Dieses Dateiformat wird nicht angenommen",
        "Angenommen werden PDF, PNG und JPEG.",
        field="body",
        way_out="Bitte laden Sie das Dokument als PDF, PNG oder JPEG hoch.",
    )


def refuse_unreadable(media_type: str) -> NoReturn:
    """Refuse a document that does not open. Raises Invalid (`document_unreadable`)."""
    kind = media_type.rpartition("/")[2].upper()
    raise Invalid(
        "document_unreadable",
        "Das Dokument lässt sich nicht öffnen",
        f"Die Datei beginnt wie {kind}, ist aber beschädigt, zu groß für eine Ansicht oder mit "
        "einem Kennwort geschützt.",
        field="body",
        way_out="Bitte öffnen Sie das Dokument, drucken oder speichern Sie es neu als PDF, und "
        "laden Sie diese Datei hoch.",
    )


def refuse_infected(finding: str) -> NoReturn:
    """Refuse a document the scanner found something in. Raises Invalid (`document_infected`)."""
    raise Invalid(
        "document_infected",
        "In dem Dokument steckt Schadsoftware",
        f"Der Virenscanner meldet: {finding[:100]}. Es wurde nichts gespeichert.",
        field="body",
        way_out="Bitte öffnen Sie die Datei nicht, verständigen Sie Ihre IT, und bitten Sie den "
        "Lieferanten um ein neues Angebot.",
    )
