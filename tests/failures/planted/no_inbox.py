"""A build of tender-planning that forgets what it has seen. Only tests can make one."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.composition import run
from marktbund.consuming import Hearing, Inbox
from marktbund.envelope import Received
from tender_planning.main import SERVICE
from tender_planning.settings import Settings


class NoInbox(Inbox):
    """Lets every record pass, repeated or not."""

    async def enter(
        self, connection: AsyncConnection, received: Sequence[Received]
    ) -> list[Received]:
        return list(received)


if __name__ == "__main__":
    settings = Settings()
    inbox = NoInbox(f"{settings.prefix}tender-planning.v1")
    assert SERVICE.hearing is not None
    run(replace(SERVICE, hearing=Hearing(SERVICE.hearing.handlers, inbox)), settings)
