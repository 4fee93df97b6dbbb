"""Mails to people: what they say, and when one is tried again. Pure; the time is passed in."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal
from uuid import UUID

from marktbund.contracts.notices import NoticeGiven, OrderNotice

RoleNotice = Literal["role_requested", "role_granted"]
"""What the office hears of roles of the cooperative, whoever asked and whoever agreed."""

Ending = Literal["sent", "later", "never"]

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
LIFETIME = timedelta(days=3)
"""After this a mail is given up: what it points to has been seen in the portal, or is history."""


MailKind = OrderNotice | RoleNotice | Literal["checkpoint_anchored"]


@dataclass(frozen=True, slots=True)
class NotedMail:
    """A mail to be sent to a person: about an order, with a checkpoint, or of a role; no address
    and no text, both are made when it is sent.
    """

    notice_id: UUID
    person_id: UUID
    kind: MailKind
    order_id: UUID | None = None
    anchor_id: UUID | None = None


def mails_wanted(
    notices: Iterable[NoticeGiven], unwanted: Collection[tuple[UUID, str]]
) -> tuple[NotedMail, ...]:
    """A mail per notice; unwanted: pairs of a person and a kind that they do without."""
    return tuple(
        NotedMail(notice.notice_id, notice.person_id, notice.kind, order_id=notice.order_id)
        for notice in notices
        if (notice.person_id, notice.kind) not in unwanted
    )


def mails_to_office(
    kinds: Iterable[RoleNotice], office: Iterable[UUID], new_id: Callable[[], UUID]
) -> tuple[NotedMail, ...]:
    """A mail of every kind to everybody of the office, which nobody can do without."""
    people = tuple(office)
    return tuple(NotedMail(new_id(), person_id, kind) for kind in kinds for person_id in people)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; reason: a short code, an SMTP reply code among them, never a text."""

    ending: Ending
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject, what happened, and the page that the link to the order leads to."""

    subject: str
    says: str
    page: Literal["freigaben", "bestellungen", "rollen"] = "bestellungen"


WORDINGS: Mapping[OrderNotice, Wording] = {
    "approval_waiting": Wording(
        "Eine Bestellung wartet auf Ihre Freigabe",
        "eine Bestellung Ihres Hauses wartet auf eine Freigabe. Sie können darüber entscheiden.",
        "freigaben",
    ),
    "order_approved": Wording(
        "Ihre Bestellung ist freigegeben",
        "Ihre Bestellung wurde freigegeben und ist an die Lieferanten gegangen.",
    ),
    "order_refused": Wording(
        "Ihre Bestellung ist abgelehnt",
        "Ihre Bestellung wurde abgelehnt. Die Begründung steht im Portal.",
    ),
    "order_sent_back": Wording(
        "Ihre Bestellung kam zur Überarbeitung zurück",
        "Ihre Bestellung wurde zur Überarbeitung zurückgegeben. Die Anmerkung steht im Portal, "
        "die Zeilen liegen wieder als Entwurf vor.",
    ),
    "supplier_changed": Wording(
        "Ein Lieferant hat Ihre Bestellung geändert bestätigt",
        "ein Lieferant liefert nicht alles wie bestellt. Bitte prüfen Sie seine Antwort.",
    ),
    "supplier_refused": Wording(
        "Ein Lieferant hat Zeilen Ihrer Bestellung abgelehnt",
        "ein Lieferant liefert mindestens eine Zeile Ihrer Bestellung nicht.",
    ),
    "supplier_late": Wording(
        "Eine Lieferung zu Ihrer Bestellung verspätet sich",
        "Ware zu Ihrer Bestellung kommt später als gewünscht oder ist überfällig.",
    ),
}

ROLE_WORDINGS: Mapping[RoleNotice, Wording] = {
    "role_requested": Wording(
        "Eine Rolle der Genossenschaft ist beantragt",
        "für ein Konto ist eine Rolle der Genossenschaft beantragt. Sie gilt erst, wenn eine "
        "zweite Person zustimmt.",
        "rollen",
    ),
    "role_granted": Wording(
        "Eine Rolle der Genossenschaft ist vergeben",
        "ein Konto hat eine Rolle der Genossenschaft erhalten. Wissen Sie davon nichts, sprechen "
        "Sie bitte Ihre Geschäftsstelle an.",
        "rollen",
    ),
}

_WORDINGS: Mapping[str, Wording] = dict([*WORDINGS.items(), *ROLE_WORDINGS.items()])


def written(
    notice_id: UUID,
    kind: OrderNotice | RoleNotice,
    order_id: UUID | None,
    *,
    site: str,
    sender: str,
    recipient: str,
    at: datetime,
) -> EmailMessage:
    """The mail of a notice: plain German text, a link to the order or the page, no name and
    nothing of the order, and where one chooses which mails come.

    The Message-ID is the notice's: a mail sent again is the same mail. Raises ValueError or
    IndexError, as the library does, for an address that is none.
    """
    wording, at_site = _WORDINGS[kind], site.rstrip("/")
    page = f"{at_site}/{wording.page}" + (f"/{order_id}" if order_id is not None else "")
    ending = f"Welche Nachrichten Sie erhalten, wählen Sie hier: {at_site}/benachrichtigungen\n"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Marktbund", addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = wording.subject
    mail["Date"] = at
    mail["Message-ID"] = f"<{notice_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        f"Guten Tag,\n\n{wording.says}\n\n{page}\n\n"
        "Diese Nachricht wurde automatisch versandt. Antworten liest niemand.\n"
        + ("" if order_id is None else ending)
    )
    mail["Content-Language"] = "de"  # a content of its own forgets what was said of one before
    return mail


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """Where a mail stands after an attempt: over (`again` None), or due again then."""

    state: Literal["waiting", "sent", "given_up", "no_address"]
    reason: str = ""
    again: datetime | None = None


NO_ADDRESS = AttemptEnd("no_address")
"""How a mail ends to somebody of whom nobody knows an address."""


def end_of_attempt(
    attempts: int, noted_at: datetime, outcome: Outcome, now: datetime
) -> AttemptEnd:
    """Sent, given up, or waiting for its next attempt. Times are system time, UTC."""
    if outcome.ending == "sent":
        return AttemptEnd("sent", outcome.reason)
    again = next_attempt(attempts, noted_at, now) if outcome.ending == "later" else None
    return AttemptEnd("given_up" if again is None else "waiting", outcome.reason, again)


def next_attempt(attempts: int, noted_at: datetime, now: datetime) -> datetime | None:
    """When a mail that failed is tried again: pauses double, up to 4 h; None: it is given up.

    attempts: those made so far, from 1. Times are system time, UTC.
    """
    if now - noted_at >= LIFETIME:
        return None
    return now + min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
