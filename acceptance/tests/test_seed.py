"""How failures of the demo's commands are told."""

import io
import json

import pytest
from rich.console import Console

from acceptance.actors.client import ProblemError, UnreachableError
from acceptance.seed import telling_failures


def refused(code):
    return ProblemError(409, json.dumps({"code": code, "title": "Nein"}).encode())


def test_every_failure_is_told_in_a_line_and_the_command_ends_with_1():
    screen = Console(file=io.StringIO(), width=100)
    inner = ExceptionGroup("suppliers", [refused("sub_taken"), UnreachableError("catalog")])
    with pytest.raises(SystemExit) as ended, telling_failures(screen):
        raise ExceptionGroup("all", [refused("member_exists"), inner])
    printed = screen.file.getvalue().splitlines()
    assert ended.value.code == 1
    assert [line.split(":")[0] for line in printed] == ["failed"] * 3
    assert "member_exists" in printed[0]
    assert "sub_taken" in printed[1]


def test_a_single_failure_is_told_too():
    screen = Console(file=io.StringIO())
    with pytest.raises(SystemExit), telling_failures(screen):
        raise UnreachableError("orders")
    assert "orders" in screen.file.getvalue()


def test_an_interruption_goes_on():
    with pytest.raises(KeyboardInterrupt), telling_failures(Console(file=io.StringIO())):
        raise KeyboardInterrupt


def test_a_fault_of_our_own_is_not_hidden():
    with pytest.raises(ExceptionGroup), telling_failures(Console(file=io.StringIO())):
        raise ExceptionGroup("all", [ZeroDivisionError()])
