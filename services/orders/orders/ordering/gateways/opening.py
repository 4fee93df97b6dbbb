"""Opens a stranger's document, in a process of its own with little to lose.

In: `python -m orders.ordering.gateways.opening MEDIA_TYPE MEMORY_BYTES CPU_SECONDS < document`.
Out: exit code 0 when it opens, 3 when it does not; ended by a signal, it took more than it may; any
other code says that this program could not look.
"""

import io
import resource
import sys
import warnings

from PIL import Image
from pypdf import PdfReader

MAX_PIXELS = 100_000_000
"""A page of A3 at 600 dots per inch has 70 million."""


def opens(content: bytes, media_type: str) -> bool:
    """Whether a document is what it says: a PDF with a page, an image whose pixels can be read."""
    if media_type == "application/pdf":
        start = content.find(b"%PDF-")
        return _is_pdf(content[start:]) or _is_pdf(content)
    return _is_image(content, media_type.partition("/")[2].upper())


def _is_pdf(content: bytes) -> bool:
    try:
        first = PdfReader(io.BytesIO(content)).pages[0]
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes make a parser raise
        return False
    return bool(first.mediabox.width)


def _is_image(content: bytes, form: str) -> bool:
    try:
        image = Image.open(io.BytesIO(content), formats=[form])
        if image.width * image.height > MAX_PIXELS:
            return False
        image.load()
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _bound(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    _bound(int(sys.argv[2]), int(sys.argv[3]))
    sys.exit(0 if opens(sys.stdin.buffer.read(), sys.argv[1]) else 3)
