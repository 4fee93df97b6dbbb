"""Small changes to a module that its tests should notice: where each is, what stands there instead.

Compared, connected and calculated otherwise; another number; another answer; a refusal or a
condition gone. Left out is what no test could notice or what changes no behaviour: docstrings and
sentences, annotations, decorators, defaults of types, `strict=` and what stands inside f-strings.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
CALCULATED: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
}
_PASSED_BY = {"strict", "maxsize", "title", "description", "message"}


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One change: bytes `start` to `end` of a file become `after`. path: from the tree's root."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str

    @property
    def service(self) -> str:
        """The folder of the service it belongs to."""
        return self.path.split("/")[1]

    @property
    def key(self) -> str:
        """What names it in a tree."""
        return f"{self.path}:{self.start}-{self.end}:{self.after}"

    def applied(self, text: str) -> str:
        """The file with the change in it."""
        raw = text.encode()
        return (raw[: self.start] + self.after.encode() + raw[self.end :]).decode()


def mutants(path: str, text: str) -> list[Mutant]:
    """Every change to a file, in the order of the file. Each leaves a file that can be parsed."""
    source = _Source(path, text)
    changes = set(source.changes(ast.parse(text)))
    # A change that changes nothing, or that no interpreter reads, proves nothing.
    return sorted(c for c in changes if c.before != c.after and _parses(c.applied(text)))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Source:
    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._raw = text.encode()
        self._starts = [0]
        for line in self._raw.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def changes(self, node: ast.AST) -> Iterator[Mutant]:
        yield from self._of(node)
        for child in _looked_into(node):
            yield from self.changes(child)

    def _of(self, node: ast.AST) -> Iterator[Mutant]:
        yield from self._operators(node)
        yield from self._constants(node)
        yield from self._statements(node)

    def _operators(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                yield from self._between(left, right, COMPARED.get(type(operator)), node)
            case ast.BinOp(left=left, op=operator, right=right) if not _is_text(left, right):
                yield from self._between(left, right, CALCULATED.get(type(operator)), node)
            case ast.BoolOp(op=operator, values=values):
                other = "or" if isinstance(operator, ast.And) else "and"
                for before, after in pairwise(values):
                    yield from self._between(before, after, other, node)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self._replaced(node, self._segment(operand))

    def _constants(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.Constant(value=bool() as truth):
                yield self._replaced(node, str(not truth))
            case ast.Constant(value=int() as number):
                yield self._replaced(node, str(number + 1))
            case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str())]):
                yield self._replaced(node, f"({self._segment(node)} + 1)")

    def _statements(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.Return(value=ast.expr() as answer) if not _is_none(answer):
                yield self._replaced(answer, _empty(answer))
            case ast.Raise():
                yield self._replaced(node, "pass")
            case ast.If(test=test) | ast.IfExp(test=test):
                yield self._replaced(test, "True")
                yield self._replaced(test, "False")

    def _between(
        self, left: ast.expr, right: ast.expr, other: str | None, whole: ast.expr
    ) -> Iterator[Mutant]:
        # Parentheses around the operands stand between them as well and have to stay.
        if other is None:
            return
        start, end = self._span(left)[1], self._span(right)[0]
        gap = self._raw[start:end].decode()
        sign = gap.strip(" \n()\t")
        if "#" in gap or not sign:
            return
        whole_start, whole_end = self._span(whole)
        parts = (self._raw[whole_start:start], self._raw[end:whole_end])
        change = gap.replace(sign, other, 1)
        yield self._replaced(whole, f"{parts[0].decode()}{change}{parts[1].decode()}")

    def _replaced(self, node: ast.expr | ast.stmt, after: str) -> Mutant:
        start, end = self._span(node)
        return Mutant(self._path, node.lineno, start, end, self._segment(node), after)

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def _segment(self, node: ast.expr | ast.stmt) -> str:
        start, end = self._span(node)
        return self._raw[start:end].decode()


def _looked_into(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases"}:
            continue
        children: Sequence[object] = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST) and not _left_out(child):
                yield child


def _left_out(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg=str() as name):
            return name in _PASSED_BY
        case (
            ast.JoinedStr()
            | ast.Import()
            | ast.ImportFrom()
            | ast.Assert()
            | ast.Expr(value=ast.Constant())
            | ast.Call(func=ast.Name(id="Field" | "ConfigDict" | "TypeVar" | "NewType"))
            | ast.Assign(targets=[ast.Name(id="__all__" | "model_config")])
            | ast.Assign(value=ast.Subscript() | ast.BinOp(op=ast.BitOr()))
            | ast.AnnAssign(annotation=ast.Name(id="TypeAlias"))
        ):
            return True
    return False


def _is_text(*operands: ast.expr) -> bool:
    return any(
        isinstance(operand, ast.JoinedStr)
        or (isinstance(operand, ast.Constant) and isinstance(operand.value, str | bytes))
        for operand in operands
    )


def _is_none(answer: ast.expr) -> bool:
    return isinstance(answer, ast.Constant) and (
        answer.value is None or isinstance(answer.value, bool | int)
    )


def _empty(answer: ast.expr) -> str:
    match answer:
        case ast.List() | ast.ListComp():
            return "[]"
        case ast.Dict() | ast.DictComp():
            return "{}"
        case ast.Set() | ast.SetComp():
            return "set()"
        case ast.Tuple():
            return "()"
    return "None"
