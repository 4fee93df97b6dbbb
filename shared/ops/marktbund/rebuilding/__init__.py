"""Read models built a second time from the log, compared with the live ones, and swapped in.

The handlers run unchanged: in the schema `rebuild` stand empty tables of the same names, first in
the search path. Only the owner's role may make and swap tables, so the command runs as it.
"""

from marktbund.rebuilding.read_models import ReadModels

__all__ = ["ReadModels"]
