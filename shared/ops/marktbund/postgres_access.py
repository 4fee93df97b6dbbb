"""Where a PostgreSQL is and who its superuser is: all that roles and databases are made with."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL and its superuser."""

    host: str
    port: int
    superuser: str
    password: str

    def url(self, database: str = "postgres", *, driver: str = "postgresql") -> str:
        """The superuser's address of a database, e.g. with driver `postgresql+asyncpg`."""
        login = f"{quote(self.superuser, safe='')}:{quote(self.password, safe='')}"
        return f"{driver}://{login}@{self.host}:{self.port}/{database}"
