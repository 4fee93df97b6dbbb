"""The mail with the day's checkpoint, for auditors to keep where the cooperative cannot reach."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from uuid import UUID, uuid5

from marktbund.contracts.documentation import CHECKPOINT_FORMAT, CheckpointAnchored
from marktbund.german import day_words
from members.domain.mails import NotedMail

KIND: Final = "checkpoint_anchored"
"""The kind of these mails; nobody can do without them, so it is no choice of theirs."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A checkpoint as it was announced; time: the text that was signed."""

    day: date
    number: int
    time: str
    root: str
    previous: str
    signature: str
    key_id: str


def anchored_of(event: CheckpointAnchored) -> Anchored:
    """The checkpoint that an event announces."""
    return Anchored(
        day=event.day,
        number=event.number,
        time=event.time.isoformat().replace("+00:00", "Z"),
        root=event.root,
        previous=event.previous,
        signature=event.signature,
        key_id=event.key_id,
    )


def mails_of(anchor_id: UUID, auditors: Sequence[UUID]) -> tuple[NotedMail, ...]:
    """A mail to every auditor; the ids are the same however often the anchor is heard."""
    return tuple(
        NotedMail(uuid5(anchor_id, str(person_id)), person_id, KIND, anchor_id=anchor_id)
        for person_id in auditors
    )


def written(
    notice_id: UUID, anchored: Anchored, *, sender: str, recipient: str, at: datetime
) -> EmailMessage:
    """The mail: the checkpoint in words, and attached as the file the verifier takes.

    Raises ValueError or IndexError, as the library does, for an address that is none.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Marktbund", addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = f"Prüfpunkt {anchored.number} der Akten, {day_words(anchored.day)}"
    mail["Date"] = at
    mail["Message-ID"] = f"<{notice_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        "Guten Tag,\n\n"
        "bitte bewahren Sie diese Nachricht auf. Mit dem Prüfpunkt lässt sich später nachweisen,\n"
        "dass bis zu diesem Zeitpunkt keine Akte verändert oder gekürzt wurde, auch nicht vom\n"
        "Betreiber.\n\n"
        f"Nummer: {anchored.number}\n"
        f"Zeitpunkt (UTC): {anchored.time}\n"
        f"Wurzel: {anchored.root}\n"
        f"Vorgänger: {anchored.previous}\n"
        f"Signatur (Ed25519): {anchored.signature}\n"
        f"Schlüssel (SHA-256): {anchored.key_id}\n\n"
        "Die angehängte Datei nimmt das Prüfprogramm marktbund_verify.py unter --checkpoint.\n"
        "Diese Nachricht wurde automatisch versandt. Antworten liest niemand.\n",
        cte="quoted-printable",
    )
    name = f"pruefpunkt-{anchored.day.isoformat()}.json"
    content = _document(anchored)
    mail.add_attachment(content, maintype="application", subtype="json", filename=name)
    mail["Content-Language"] = "de"
    return mail


def _document(anchored: Anchored) -> bytes:
    document = {
        "format": CHECKPOINT_FORMAT,
        "number": anchored.number,
        "time": anchored.time,
        "root": anchored.root,
        "previous": anchored.previous,
        "signature": anchored.signature,
    }
    return json.dumps(document).encode()
