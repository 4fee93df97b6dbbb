"""Where a task waits, for the log when it waits too long: places in the code, never values."""

import asyncio
from typing import Any, TypeVar

_T = TypeVar("_T")


def places(task: asyncio.Task[_T]) -> str:
    """The frames a suspended task is in, outermost first, in the form the log gives exceptions.

    A generator's steps cannot be looked into: what waits inside an asynchronous context manager
    ends with the manager's own place.
    """
    frames = []
    inner: Any = task.get_coro()
    while inner is not None:
        frame = getattr(inner, "cr_frame", None)
        if frame is not None:
            frames.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        inner = getattr(inner, "cr_await", None)
    return "; ".join(frames)
