"""What a form that was read sends to a service."""

from typing import Any

from marktbund.jsons import loads
from portal.clients.bodies import Body
from portal.domain.problems import Problem


def sent(read: Body | list[Problem]) -> Any:
    """The JSON of a form that could be read."""
    assert isinstance(read, Body), read
    return loads(read.as_json())
