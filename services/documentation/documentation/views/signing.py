"""Are checkpoints signed at the moment, and if not, why?"""

from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.store import checkpoints, signing
from marktbund.contracts.http.documentation import SigningAnswer

SENTENCES = {
    "": "Prüfpunkte werden signiert.",
    "kafka_away": "Kafka antwortet nicht; was dort zuletzt steht, ist nicht bekannt.",
    "not_in_topic": "Der letzte Prüfpunkt steht noch nicht in seinem Topic.",
    "signature_invalid": "Der letzte Prüfpunkt ist nicht mit unserem Schlüssel signiert.",
    "root_mismatch": "Die Stände der Akten passen nicht zum letzten signierten Prüfpunkt.",
    "taken_over_undeclared": "Prüfpunkte gelten als zurückgenommen, ohne dass eine signierte "
    "Erklärung in der Akte das sagt.",
    "ledger_forgot": "Was dieser Prozess zuletzt signiert hat, steht nicht mehr in der Datenbank.",
    "topic_ahead": "Im Topic steht ein späterer Prüfpunkt als in der Datenbank.",
    "topic_differs": "Im Topic steht unter derselben Nummer ein anderer Prüfpunkt.",
    "chain_altered": "Akten halten nicht mehr, was der letzte Prüfpunkt bezeugt.",
    "content_missing": "Inhalte fehlen, ohne dass Datensätze ihre Löschung verzeichnen.",
    "audit_findings": "Die Prüfung der Akten hat Befunde.",
}


async def standing(connection: AsyncConnection) -> SigningAnswer:
    """How signing stands."""
    noted = await signing.noted(connection)
    last = await checkpoints.latest(connection)
    note = signing.Note() if noted is None else noted.note
    return SigningAnswer(
        state=note.state,
        reason=note.reason or None,
        sentence=SENTENCES[note.reason],
        detail=note.detail,
        since=None if noted is None else noted.since,
        number=None if last is None else last.signed.checkpoint.number,
        time=None if last is None else last.signed.checkpoint.time,
    )
