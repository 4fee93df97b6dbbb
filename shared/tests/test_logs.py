"""Log lines: joined by ids, without the words of exceptions and without values."""

import io
import logging

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marktbund import logs
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.unit_of_work import Database

CLICK = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_only_ids_join():
    known = str(new_id())
    assert logs.joined(known, CLICK) == {"correlation_id": known, "trace_id": CLICK[3:35]}
    assert logs.joined("Erika Mustermann", "erika@example.org") == {}


def test_a_line_holds_class_and_place_of_an_exception_and_not_its_words(written: io.StringIO):
    known = str(new_id())
    with structlog.contextvars.bound_contextvars(**logs.joined(known, CLICK)):
        error = ValueError("Mustermann")
        error.__cause__ = KeyError("Erika")
        structlog.get_logger("here").error("failed", exc_info=_raised(error))
        logging.getLogger("asyncio").error("never retrieved\nfuture: %r", error, exc_info=error)
    lines = [loads(line) for line in written.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["failed", "never retrieved"]
    for line in lines:
        assert (line["correlation_id"], line["trace_id"]) == (known, CLICK[3:35])
        assert (line["service"], line["role"]) == ("orders", "worker")
        assert [part.split(" at ")[0] for part in line["exception"]] == ["ValueError", "KeyError"]
        assert "test_logs.py" in line["exception"][0]
    assert "Erika" not in written.getvalue()
    assert "Mustermann" not in written.getvalue()


async def test_a_statement_that_fails_does_not_show_its_values(database: Database):
    with pytest.raises(DBAPIError) as caught:
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1 / (length(:name) - 5)"), {"name": "Erika"})
    assert "Erika" not in str(caught.value)
