"""The gate of a process: shut until the topics were looked at, and while they are ahead."""

import asyncio
from collections.abc import Mapping

import structlog
from sqlalchemy import text
from starlette.types import ASGIApp, Receive, Scope, Send

from marktbund.ahead.finding import look
from marktbund.ahead.owned import Owned
from marktbund.contracts.base import Topic
from marktbund.errors import TemporarilyUnavailable
from marktbund.http import problem
from marktbund.kafka_access import KafkaAccess
from marktbund.unit_of_work import Database

LOOK_EVERY = 2.0
"""Seconds between questions to the database whether an operator has decided."""
_DECISIONS = text("SELECT coalesce(max(seq), 0) FROM reconciliation")
_log = structlog.get_logger(__name__)


class Gate:
    """Open from the start for a service that announces nothing."""

    def __init__(
        self, database: Database, kafka: KafkaAccess, prefix: str, owned: Mapping[Topic, Owned]
    ) -> None:
        self._database = database
        self._kafka = kafka
        self._prefix = prefix
        self._owned = owned
        self._open = asyncio.Event()
        self._looked = False
        self.ahead: Mapping[str, int] = dict.fromkeys((topic.name for topic in owned), 0)
        if not owned:
            self.open()

    @property
    def is_open(self) -> bool:
        """Whether this process may work."""
        return self._open.is_set()

    def open(self) -> None:
        """Let work begin; for whoever knows that nothing is ahead."""
        self._open.set()

    async def opened(self) -> None:
        """Return once the process may work."""
        await self._open.wait()

    async def watch(self) -> None:
        """Look until the gate is open; while topics are ahead, again after each decision."""
        decided = -1
        while not self.is_open:
            try:
                async with self._database.reading() as connection:
                    now = int(await connection.scalar(_DECISIONS))
                if now != decided:
                    await self._look()
                    decided = now
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may work
                _log.warning("topics_not_looked_at", error=type(error).__name__, exc_info=error)
            if not self.is_open:
                await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> None:
        survey = await look(self._database, self._kafka, self._prefix, self._owned)
        self._looked = True
        self.ahead = {**dict.fromkeys(self.ahead, 0), **survey.keys}
        if survey.ahead:
            _log.critical("topics_ahead", keys=survey.keys)
        else:
            self.open()

    def trouble(self) -> Mapping[str, str]:
        """For readiness: why the gate is shut, empty when it is open."""
        if self.is_open:
            return {}
        if not self._looked:
            return {"topics": "not looked at yet"}
        named = ", ".join(f"{topic}: {keys}" for topic, keys in self.ahead.items() if keys)
        return {"topics": f"ahead of the database, keys: {named}"}

    def refusal(self) -> TemporarilyUnavailable:
        """What a door says while the gate is shut."""
        if not self._looked:
            return TemporarilyUnavailable(
                "topics_not_looked_at",
                "Der Dienst läuft gerade an",
                "Der Abgleich mit Kafka steht noch aus.",
                way_out="Bitte gleich noch einmal versuchen.",
            )
        ahead = {topic: keys for topic, keys in self.ahead.items() if keys}
        named = ", ".join(f"{topic} ({keys})" for topic, keys in ahead.items())
        return TemporarilyUnavailable(
            "topics_ahead",
            "Der Dienst wartet auf eine Entscheidung des Betriebs",
            f"Seine Datenbank ist auf einem älteren Stand als Kafka. Schlüssel voraus: {named}.",
            way_out="Der Betrieb gleicht beide ab: Befehl reconcile, docs/runbooks/restore.md.",
            extra={"topics": [{"topic": topic, "keys": keys} for topic, keys in ahead.items()]},
        )


class Closed:
    """ASGI middleware: 503 at every door while the gate is shut; operators may look."""

    def __init__(self, app: ASGIApp, *, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http" or self._gate.is_open or _always(scope):
            await self._app(scope, receive, send)
            return
        answer = problem(self._gate.refusal())
        answer.headers["Retry-After"] = "2"
        await answer(scope, receive, send)


def _always(scope: Scope) -> bool:
    path, reads = scope["path"], scope["method"] in {"GET", "HEAD"}
    return not path.startswith("/api/") or (reads and "/v1/operations/" in path)
