"""The official JSON Schema of AsyncAPI 3, from its npm package, checked by the committed lock.

In: npm/package-lock.json. Out: the schema.
"""

import json
from pathlib import Path
from typing import Any

from tests.npm import installed

PACKAGE = Path(__file__).parent / "npm"
SCHEMA = Path("node_modules", "@asyncapi", "specs", "schemas", "3.0.0.json")


def asyncapi_schema() -> dict[str, Any]:
    """The schema of AsyncAPI 3.0.0 documents. Raises RuntimeError when npm cannot install it."""
    schema: dict[str, Any] = json.loads(installed(PACKAGE, SCHEMA).read_bytes())
    return schema
