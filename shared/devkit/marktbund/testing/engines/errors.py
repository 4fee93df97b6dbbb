"""What goes wrong with an engine, said with the end of its own log."""

from pathlib import Path


class EngineError(RuntimeError):
    """An engine could not be made, started or reached."""


def log_tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log; a hint when there is none."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return f"(no log at {log})"
