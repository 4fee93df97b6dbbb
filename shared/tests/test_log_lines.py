"""Lines of the log and of the security log: which are written, and what they hold."""

import io
import logging
from typing import Any

import pytest
import structlog
from starlette.requests import Request

from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.logs import joined
from marktbund.security_log import note

CLICK = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REFUSED = [401, 403, 421, 429]


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def log(written: io.StringIO) -> structlog.stdlib.BoundLogger:
    structlog.configure(cache_logger_on_first_use=False)
    return structlog.get_logger("marktbund.tests")


@pytest.mark.parametrize("level", ["info", "warning", "error", "critical"])
def test_a_line_is_one_json_object_with_its_level(log, written: io.StringIO, level: str):
    getattr(log, level)("order_placed", number="4711/26", net="12.50")
    [line] = lines(written)
    assert (line["event"], line["level"], line["logger"]) == (
        "order_placed",
        level,
        "marktbund.tests",
    )
    assert (line["number"], line["net"]) == ("4711/26", "12.50")
    assert line["timestamp"].endswith("Z")


def test_what_is_said_for_debugging_is_not_written(log, written: io.StringIO):
    log.debug("seen")
    logging.getLogger("marktbund").debug("seen")
    assert written.getvalue() == ""


def test_a_value_over_several_lines_stays_one_line(log, written: io.StringIO):
    log.info("seen", value="a\nb\r\n\u2028c")
    assert written.getvalue().count("\n") == 1
    assert loads(written.getvalue())["value"] == "a\nb\r\n\u2028c"


class Strange:
    """What no JSON document holds."""

    def __repr__(self) -> str:
        return "<strange>"


def test_a_value_of_no_json_does_not_lose_the_line(log, written: io.StringIO):
    log.info("seen", value=Strange(), many=[Strange()], when=new_id())
    [line] = lines(written)
    assert (line["value"], line["many"]) == ("<strange>", ["<strange>"])


@pytest.mark.parametrize("library", ["aiokafka", "uvicorn.access", "httpx"])
def test_noisy_libraries_are_heard_from_warnings_on(written: io.StringIO, library: str):
    logging.getLogger(f"{library}.client").info("every request")
    assert written.getvalue() == ""
    logging.getLogger(f"{library}.client").warning("once")
    [line] = lines(written)
    assert (line["event"], line["logger"]) == ("once", f"{library}.client")


def raised(depth: int) -> Exception:
    """An error at the end of a chain of causes."""
    error: Exception = ValueError("Mustermann")
    for number in range(depth):
        following = KeyError(f"Erika {number}")
        following.__cause__ = error
        error = following
    return error


@pytest.mark.parametrize(("depth", "shown"), [(0, 1), (3, 4), (4, 5), (9, 5)])
def test_a_chain_of_causes_is_shown_five_deep_without_words(log, written, depth: int, shown: int):
    log.error("failed", exc_info=raised(depth))
    [line] = lines(written)
    assert len(line["exception"]) == shown
    assert "Erika" not in written.getvalue()
    assert "Mustermann" not in written.getvalue()


def mended() -> None:
    raise ValueError("Mustermann")


def twice() -> None:
    try:
        raised_at("Erika")
    except KeyError:
        mended()


def raised_at(name: str) -> None:
    raise KeyError(name)


def test_an_error_while_another_was_handled_is_shown_with_it(log, written: io.StringIO):
    try:
        twice()
    except ValueError:
        log.exception("failed")
    [line] = lines(written)
    assert [part.split(" at ")[0] for part in line["exception"]] == ["ValueError", "KeyError"]


@pytest.mark.parametrize(
    ("correlation", "traceparent", "fields"),
    [
        (str(new_id()), CLICK, {"correlation_id", "trace_id"}),
        (str(new_id()), None, {"correlation_id"}),
        ("4711", CLICK, {"trace_id"}),
        (str(new_id()).upper(), None, set()),
        (f"{new_id()}\n", None, set()),
        ("", "00-0-0-00", set()),
    ],
)
def test_only_what_is_an_id_joins_lines(correlation: str, traceparent: str | None, fields: set):
    assert set(joined(correlation, traceparent)) == fields


def request(**state: Any) -> Request:
    return Request({"type": "http", "headers": [], "client": ("192.0.2.7", 4711), "state": state})


@pytest.fixture
def secured(written: io.StringIO) -> io.StringIO:
    structlog.configure(cache_logger_on_first_use=False)
    return written


@pytest.mark.parametrize(
    "status", [200, 201, 204, 302, 304, 400, 404, 409, 410, 413, 422, 500, 503]
)
def test_what_is_no_refusal_and_no_download_has_no_line(secured: io.StringIO, status: int):
    note(request(account="opaque-1"), status, download=False, method="GET", route="/orders")
    assert secured.getvalue() == ""


@pytest.mark.parametrize("status", REFUSED)
def test_a_refusal_has_a_line_also_of_a_download(secured: io.StringIO, status: int):
    for download in (False, True):
        note(request(), status, download=download, method="GET", route="/orders/{order_id}")
    assert [(line["event"], line["status"]) for line in lines(secured)] == [
        ("access_refused", status)
    ] * 2


@pytest.mark.parametrize("status", [200, 206, 302])
def test_a_download_has_a_line_that_says_who_and_from_where(secured: io.StringIO, status: int):
    note(request(account="opaque-1"), status, download=True, method="GET", route="/files/{id}")
    [line] = lines(secured)
    assert (line["event"], line["account"], line["address"]) == (
        "document_fetched",
        "opaque-1",
        "192.0.2.7",
    )
    assert (line["method"], line["route"]) == ("GET", "/files/{id}")


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_a_download_that_failed_is_none(secured: io.StringIO, status: int):
    note(request(account="opaque-1"), status, download=True, method="GET", route="/files/{id}")
    assert secured.getvalue() == ""


def test_what_is_not_known_is_left_out(secured: io.StringIO):
    note(request(), 401, download=False, method="GET", route="/orders")
    note(request(problem="token_missing"), 401, download=False, method="GET", route="/orders")
    bare, coded = lines(secured)
    assert {"account", "code", "client_request_id"}.isdisjoint(bare)
    assert coded["code"] == "token_missing"
