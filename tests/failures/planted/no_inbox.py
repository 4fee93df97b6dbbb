"""A consumer that forgets what it has seen."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import Inbox, batches
from marktbund.envelope import Received
from tests.failures.planted.building import build


class NoInbox(Inbox):
    """Lets every record pass, repeated or not."""

    async def enter(
        self, connection: AsyncConnection, received: Sequence[Received]
    ) -> list[Received]:
        return list(received)


if __name__ == "__main__":
    build(batches, "Inbox", NoInbox)
