"""Builds of a service with one part exchanged. Only tests can make them: `python -m ... <package>`.

The product has no switch for any of this: a build puts its own part where the product's module
looks for it, in its own process.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

from marktbund.composition import run


def build(module: ModuleType, name: str, part: Any) -> None:
    """Exchange a part and serve the package named on the command line."""
    setattr(module, name, part)
    package = sys.argv[1]
    service = importlib.import_module(f"{package}.main").SERVICE
    run(service, importlib.import_module(f"{package}.settings").Settings())
