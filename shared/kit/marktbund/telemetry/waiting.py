"""Where a task waits, for the log when it waits too long: places in the code, never values."""

import asyncio
from types import CoroutineType
from typing import TypeVar

_T = TypeVar("_T")


def places(task: asyncio.Task[_T]) -> str:
    """The frames a suspended task is in, outermost first, in the form the log gives exceptions.

    A generator's steps cannot be looked into: what waits inside an asynchronous context manager
    ends with the manager's own place.
    """
    frames = []
    waiting = [outer for outer in (task.get_coro(),) if isinstance(outer, CoroutineType)]
    for coroutine in waiting:
        frame = coroutine.cr_frame
        if frame is not None:
            frames.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        if isinstance(coroutine.cr_await, CoroutineType):
            waiting.append(coroutine.cr_await)
    return "; ".join(frames)
