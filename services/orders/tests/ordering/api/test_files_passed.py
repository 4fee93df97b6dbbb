"""How many files of the house an order passes between request and answer."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[5]
LIST = ROOT / ".local" / "figures" / "post_orders.txt"
MOST = 49
"""May only fall."""


@contextmanager
def noting(files: set[str]) -> Iterator[None]:
    """Note the file of every function that is called or goes on."""

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            files.add(frame.f_code.co_filename)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def first_party(files: set[str]) -> list[str]:
    """Those of services and shared, relative to the root; what serves tests alone is none."""
    inside = (Path(name) for name in files if name.startswith(str(ROOT)))
    named = (path.relative_to(ROOT) for path in inside if ".venv" not in path.parts)
    return sorted(str(path) for path in named if not {"tests", "testing"} & set(path.parts))


async def test_an_order_passes_few_files(desk):
    await desk.ordered()  # whatever is imported late is imported now
    files: set[str] = set()
    with noting(files):
        receipt = await desk.ordered()
    assert receipt["status"] == "placed"
    passed = first_party(files)
    LIST.parent.mkdir(parents=True, exist_ok=True)
    LIST.write_text("\n".join(passed) + "\n")
    assert "services/orders/orders/ordering/api/orders.py" in passed
    assert len(passed) <= MOST, passed
