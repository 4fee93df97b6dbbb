"""Structured logs: one JSON object a line, joined by correlation id, nothing personal in them.

Of an exception a line holds class and place, never its words: those carry keys, values and names.
"""

import logging
import re
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import Protocol, TextIO, TypedDict

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from marktbund import security_log
from marktbund.telemetry import tracing

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class _Sink(Protocol):
    """Where lines go: a stream, or files by the day."""

    def write(self, text: str, /) -> int | None: ...

    def flush(self) -> None: ...


class _Lines:
    # Past the standard library, whose records cost several times as much as the line itself.
    def __init__(self, out: _Sink, name: str = "") -> None:
        self._out = out
        self.name = name

    def msg(self, line: str) -> None:
        """Write a line, at whatever level."""
        self._out.write(f"{line}\n")
        self._out.flush()

    debug = info = warning = error = critical = msg


def _lines(out: TextIO, security: Path | None, process: str, name: str = "") -> _Lines:
    if security is None or name != security_log.LOGGER:
        return _Lines(out, name)
    return _Lines(security_log.DailyFiles(security, process), name)


class LineIds(TypedDict, total=False):
    """What lines of one request or event have in common."""

    correlation_id: str
    trace_id: str


def joined(correlation_id: str, traceparent: str | None) -> LineIds:
    """What lines of one request or event have in common; only ids, whatever a stranger sent."""
    ids: LineIds = {}
    if _ID.fullmatch(correlation_id):
        ids["correlation_id"] = correlation_id
    if known := tracing.well_formed(traceparent):
        ids["trace_id"] = tracing.trace_id(known)
    return ids


def configure(service: str, role: str, security: Path | None = None) -> None:
    """Send structlog and the standard library's loggers to stdout in one form.

    security: the directory that takes the security log's files; None: its lines go to stdout, too.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_words),
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=_rendered,
            foreign_pre_chain=[_first_line, *shared],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("aiokafka", "uvicorn.access", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, _rendered],
        logger_factory=partial(_lines, sys.stdout, security, f"{service}-{role}"),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, role=role)


def _without_words(exc_info: ExcInfo) -> list[str]:
    chain: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(error.__traceback__)
        places = "; ".join(f"{f.filename}:{f.lineno} {f.name}" for f in frames[-20:])
        chain.append(f"{type(error).__name__} at {places}")
        error = error.__cause__ or error.__context__
    return chain


def _first_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    # asyncio puts the representation of a failed task, words included, on the second line.
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _rendered(_: WrappedLogger, __: str, event: EventDict) -> str:
    return orjson.dumps(event, default=repr).decode()
