"""Rules over one file's source: what is wrong with it, each as a sentence. Tried on plants too."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import lru_cache

MAX_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_COMMENT_SHARE = 0.08
PLATFORM = ("shared/kit/", "shared/ops/", "shared/devkit/")
CONSUMING = "shared/kit/marktbund/consuming/"
CLOCK = "shared/kit/marktbund/clock.py"
_PRODUCERS = {"aiokafka.AIOKafkaProducer", "confluent_kafka.Producer"}
_MOCKS = {"unittest.mock", "mock"}
_CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


@lru_cache(maxsize=1)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


@lru_cache(maxsize=1)
def _nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(source)))


def too_long(source: str) -> list[str]:
    """Files and functions above their ceilings."""
    lines = len(source.splitlines())
    wrong = [f"{lines} lines"] if lines > MAX_LINES else []
    for node in _nodes(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                wrong.append(f"{node.name} has {length} lines")
    return wrong


def chatty(source: str) -> list[str]:
    """More comment lines than a file that explains itself needs; directives do not count."""
    comments = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and not token.string.startswith(("# noqa", "# type:"))
    ]
    lines = len(source.splitlines())
    allowed = max(2.0, lines * MAX_COMMENT_SHARE)
    return [f"{len(comments)} comments in {lines} lines"] if len(comments) > allowed else []


def undocumented(source: str) -> list[str]:
    """A module that does not say what it is."""
    module = _tree(source)
    return ["no module docstring"] if module.body and not ast.get_docstring(module) else []


def mocked(source: str) -> list[str]:
    """Anything patched in place of being passed in."""
    wrong = [f"imports {name}" for name in _imports(source) if name in _MOCKS]
    return wrong + [
        f"calls {call}" for call in _calls(source) if call == ("monkeypatch", "setattr")
    ]


def evaded(source: str) -> list[str]:
    """Tests that do not run, and code that is not there; a dated reason excuses a condition."""
    names = {"skip", "skipif", "xfail", "importorskip", "NotImplementedError"}
    excused = {
        id(call.func)
        for call in _nodes(source)
        if isinstance(call, ast.Call)
        and any(keyword.arg == "reason" and _dated(keyword.value) for keyword in call.keywords)
    }
    wrong = []
    for node in _nodes(source):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if name == "skipif" and id(node) in excused:
            continue
        if name in names and (isinstance(node, ast.Name) or _is_pytest(node.value)):
            wrong.append(name)
    return wrong


def _dated(reason: ast.expr) -> bool:
    return bool(re.search(r"\b20\d\d-\d\d-\d\d\b", ast.unparse(reason)))


def _is_pytest(node: ast.expr) -> bool:
    return ast.unparse(node) in {"pytest", "pytest.mark"}


def outside_platform(name: str, source: str) -> list[str]:
    """What only marktbund may do, done elsewhere: commit, produce, subscribe, read the clock."""
    return _calls_outside(name, source) + _imports_outside(name, source)


def _calls_outside(name: str, source: str) -> list[str]:
    banned = {"publish_batch"}
    banned |= set() if name.startswith(PLATFORM) else {"commit"}
    banned |= set() if name.startswith(CONSUMING) else {"publisher", "subscriber"}
    return [
        f"{owner}.{called}()"
        for owner, called in _calls(source)
        if called in banned or ((owner, called) in _CLOCKS and name != CLOCK)
    ]


def _imports_outside(name: str, source: str) -> list[str]:
    banned = set() if name.startswith(PLATFORM) else _PRODUCERS
    return [
        imported
        for imported in _imports(source)
        if imported in banned
        or (imported.split(".")[0] == "faststream" and not name.startswith(CONSUMING))
    ]


def _imports(source: str) -> Iterator[str]:
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _calls(source: str) -> Iterator[tuple[str, str]]:
    """Last name of the owner and name of every method called."""
    for node in _nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name):
                yield owner.id, node.func.attr
            else:
                yield getattr(owner, "attr", ""), node.func.attr
