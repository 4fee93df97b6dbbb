"""Small JSON files that are never half written.

In: a path and plain values. Out: the file, replaced in one step, readable by its owner only.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marktbund.jsons import Json


def write_text(file: Path, content: str) -> None:
    """Replace `file` in one step, mode 600, so that a crash leaves the old or the new content."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_record(file: Path, content: Json) -> None:
    """Replace `file` by `content` as indented JSON."""
    write_text(file, json.dumps(content, indent=2) + "\n")


def read_record(file: Path) -> Mapping[str, Any]:
    """The JSON object in `file`; empty when it is missing or unreadable."""
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
