"""No English code, no raw id, no English number where people read German."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from structlog.testing import capture_logs

import portal
from marktbund.contracts import agreements, members, notices, order_steps, orders, routes, rule_sets
from marktbund.units import MEASURED
from portal.words import codes
from portal.words import routes as route_words
from portal.words.notices import NOTICES

TEMPLATES = Path(portal.__file__).parent / "templates"
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_FIGURE = re.compile(
    r"\.(\w*(_net|_total|net|quantity|rate|points|score|_at|_on|_from|_to|_date|seconds))\b"
)
_CODE = re.compile(
    r"\.(status|state|kind|outcome|verdict|binding|code|order_unit|source_kind)\b(?!\.)"
)
_FIELDS = ("input(", "choice(", "pick(", "text_area(")
WORDS = {"route.binding"}
"""Words already, made by the domain."""
_ID = re.compile(r"\.\w*_id\b")
EVIDENCE = {"order.order_id", "order.supplier_order_id", "beside.requester_id"}
"""Ids that stand in a fact of their own, never in a sentence, until there are numbers and names."""


def shown(template: str) -> Iterator[str]:
    """The expressions of a template that become text, not part of a tag."""
    for found in _EXPRESSION.finditer(template):
        before = _JINJA.sub("", template[: found.start()])
        if before.rfind("<") <= before.rfind(">"):
            yield found[1].strip()


def faults(template: str) -> list[str]:
    found = []
    for text in shown(template):
        if text.startswith(_FIELDS) or text in WORDS:
            continue
        plain = re.sub(r" if .+? else ", " or ", re.sub(r'"[^"]*"', '""', text))
        if _FIGURE.search(plain) and "|" not in plain and " in " not in plain:
            found.append(f"a figure as computers write it: {text}")
        coded = _CODE.search(re.sub(r"(word|get)\([^()]*\)|\w+\.\w+ (==|!=|in) ", "", plain))
        if coded:
            found.append(f"a code without its word: {text}")
        if _ID.search(re.sub(r"\w+\([^()]*\)", "", plain)) and text not in EVIDENCE:
            found.append(f"an id people cannot read: {text}")
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_a_template_shows_words_names_and_german_figures(name: str):
    assert faults((TEMPLATES / name).read_text()) == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("<p>{{ order.net_total }}</p>", "a figure as computers write it: order.net_total"),
        ("<p>{{ order.status }}</p>", "a code without its word: order.status"),
        ("<p>{{ chain.chain_id }}</p>", "an id people cannot read: chain.chain_id"),
    ],
)
def test_what_people_cannot_read_is_found(planted: str, fault: str):
    assert faults(planted) == [fault]


def codes_of(message: type[BaseModel], field: str) -> tuple[str, ...]:
    return get_args(message.model_fields[field].annotation)


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (codes.ROLES, get_args(members.Role)),
        (codes.CANCEL_REASON, get_args(orders.CancelReason)),
        (codes.NOTICE, get_args(notices.OrderNotice)),
        (NOTICES, get_args(notices.OrderNotice)),
        (codes.BINDING, get_args(agreements.Binding)),
        (codes.RAISE_GROUND, get_args(agreements.RaiseGround)),
        (codes.UNIT, MEASURED),
        (route_words.SOURCE, get_args(rule_sets.SourceKind)),
        (route_words.WAY, get_args(routes.Outcome)),
        (route_words.OCCASION, get_args(order_steps.Occasion)),
        (codes.AGREEMENT, get_args(agreements.AgreementStatus)),
        (codes.DISREGARDED, codes_of(orders.AnswerDisregarded, "reason")),
        (codes.DOCUMENT, codes_of(orders.AnswerDisregarded, "document")),
        (codes.DECISION, codes_of(orders.AnsweredLine, "decision")),
        (route_words.METHOD, get_args(routes.EstimateMethod)),
        (route_words.RELEASE, codes_of(routes.Release, "code")),
        (route_words.OFFER, get_args(routes.OfferKind)),
        (route_words.WAY_OUT, get_args(routes.RefusalCode)),
    ],
)
def test_every_code_of_a_contract_has_its_word(table, codes):
    assert len(codes) > 1
    assert set(codes) <= set(table)


def test_a_code_without_a_word_is_said_neutrally_and_noted_once():
    with capture_logs() as noted:
        said = [codes.word(codes.ORDER, "half_placed") for _ in range(2)]
    assert said == ["nicht näher bezeichnet"] * 2
    assert [(line["event"], line["code"]) for line in noted] == [("word_missing", "half_placed")]
    assert codes.word(codes.UNIT, "X99") == "Einheit"
