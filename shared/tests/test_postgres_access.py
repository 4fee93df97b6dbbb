"""The superuser's address of a database, whatever stands in names and passwords."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from marktbund.postgres_access import PostgresServer

SERVER = PostgresServer("127.0.0.1", 5433, "postgres", "secret")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


def test_an_address_names_the_database_and_the_driver():
    assert SERVER.url() == "postgresql://postgres:secret@127.0.0.1:5433/postgres"
    url = SERVER.url("orders", driver="postgresql+asyncpg")
    assert url == "postgresql+asyncpg://postgres:secret@127.0.0.1:5433/orders"


def test_signs_that_divide_an_address_are_written_out():
    server = PostgresServer("db.example", 5432, "a@b", "p:/?#[]@%")
    assert server.url() == ("postgresql://a%40b:p%3A%2F%3F%23%5B%5D%40%25@db.example:5432/postgres")


@given(WORDS, WORDS)
def test_who_reads_the_address_gets_the_same_name_and_password(user: str, password: str):
    url = make_url(PostgresServer("127.0.0.1", 5433, user, password).url())
    assert (url.username, url.password, url.host, url.port) == (user, password, "127.0.0.1", 5433)
