"""No German sentence of orders holds an English code, an id or a number as machines write it."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import orders
from marktbund.contracts.agreements import AgreementStatus
from marktbund.contracts.routes import Estimate, RouteDecision, RouteInputs
from marktbund.contracts.words import ORDER
from orders.agreements.domain.reasons import not_possible
from orders.awarding.domain.comparing import differences
from orders.ordering.domain.spot_orders import Status

ROOT = Path(orders.__file__).parent
SAYING = {"Reason", "Conflict", "Invalid", "NotFound", "Forbidden", "TooLarge"}
"""Calls whose texts people read: all arguments but the code and the field."""
SENTENCES = (
    "awarding/domain/comparing.py",
    "awarding/domain/deciding.py",
    "awarding/domain/limits.py",
    "awarding/domain/call_offs.py",
    "agreements/domain/partners.py",
)
"""Where other texts for people are made: reasons of a decision."""
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
SHOWN = {
    *("number", "name", "title", "article_number", "reference", "source", "text", "method"),
    *("lot_no", "after_lot_no", "position_no", "months", "cpv_class", "line_no"),
    *("offers", "offers_asked", "offers_received", "evaluator", "reason"),
    *("reason_without_offers", "about", "least", "step", "rest", "whose", "whole", "words", "what"),
    *("basis", "of_window", "sum_of_class", "path", "limit", "MAX_BYTES", "kind"),
}
"""What a sentence may show as it is: words, and small whole numbers."""


def _texts(tree: ast.AST, *, all_of_it: bool) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            if name in SAYING:
                yield from node.args[1:4]
                yield from (
                    keyword.value
                    for keyword in node.keywords
                    if keyword.arg in {"detail", "way_out"}
                )
        elif all_of_it and isinstance(node, ast.JoinedStr):
            yield node


def _raw(text: ast.expr) -> Iterator[str]:
    """The values a text shows without a function that words them."""
    for node in ast.walk(text):
        if not isinstance(node, ast.FormattedValue):
            continue
        shown = node.value
        if isinstance(shown, ast.Call):
            name = getattr(shown.func, "id", getattr(shown.func, "attr", ""))
            if not name.endswith(("_words", "_exceeded", "rstrip", "_rate", "before_in")):
                yield ast.unparse(shown)
        elif isinstance(shown, ast.Subscript | ast.BinOp | ast.IfExp):
            known = {"finding", "WAY", "METHOD", "_WORDS", "ORDER", "AGREEMENT", "MAX_BYTES"}
            names = {node.id for node in ast.walk(shown) if isinstance(node, ast.Name)}
            if not names & known:
                yield ast.unparse(shown)
        else:
            name = getattr(shown, "id", getattr(shown, "attr", ""))
            if name not in SHOWN:
                yield ast.unparse(shown)


def _sentences() -> Iterator[tuple[str, ast.expr]]:
    for path in sorted(ROOT.rglob("*.py")):
        relative = path.relative_to(ROOT).as_posix()
        everything = relative.startswith(SENTENCES)
        for text in _texts(ast.parse(path.read_text()), all_of_it=everything):
            yield relative, text


def test_every_value_in_a_sentence_is_worded():
    raw = {(relative, shown) for relative, text in _sentences() for shown in _raw(text)}
    assert raw == set()


def test_no_sentence_holds_a_code():
    held = {
        (relative, code)
        for relative, text in _sentences()
        for node in ast.walk(text)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for code in CODE.findall(node.value)
    }
    assert held == set()


def test_every_state_has_a_word():
    assert set(ORDER) == set(get_args(Status))
    details = [not_possible(status).detail for status in get_args(AgreementStatus)]
    assert [CODE.findall(detail) for detail in details] == [[]] * len(details)


def test_differences_of_decisions_are_sentences():
    net = Decimal("1234.50")
    decision = RouteDecision(
        outcome="direct",
        binding=True,
        reasons=(),
        decisive_net=net,
        limit_net=Decimal(12_500),
        evaluator=2,
        inputs=RouteInputs(
            contract_kind="supply",
            decided_on=date(2026, 3, 2),
            ordered_net=net,
            side_costs_net=Decimal(0),
            estimate=Estimate(need_kind="one_off", method="sum_of_lines", net=net),
            need_before_net=Decimal(0),
            classes=(),
        ),
    )
    again = decision.model_copy(
        update={"outcome": "use_agreement", "refusal": "use_agreement", "limit_net": None}
    )
    assert differences(decision, again) == (
        "Weg: Direktauftrag, neu Rahmenvertrag nutzen.",
        "Ablehnung: keine, neu Rahmenvertrag nutzen.",
        "Wertgrenze: 12.500,00 EUR, neu keine.",
    )
