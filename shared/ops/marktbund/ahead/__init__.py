"""When the log knows more of us than our database does: it was put back to an earlier point.

Going on would give versions out twice. So the doors stay closed, relay, consumer and jobs stand
still, and an operator decides. Why, and what else was thought of: docs/decisions/0014-restored.md
"""

from marktbund.ahead.gate import Closed, Gate
from marktbund.ahead.logs import Log
from marktbund.ahead.owned import Owned, counted
from marktbund.ahead.tails import LogAwayError, Tail
from marktbund.ahead.taking_over import TakesOver

__all__ = ["Closed", "Gate", "Log", "LogAwayError", "Owned", "Tail", "TakesOver", "counted"]
