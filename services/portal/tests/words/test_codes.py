"""No English code, no raw id, no English number where people read German."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from structlog.testing import capture_logs

import portal
from marktbund.contracts import members, notices
from marktbund.contracts.words import NOTICE, ORDER, UNIT
from marktbund.units import MEASURED
from portal.words import codes

TEMPLATES = Path(portal.__file__).parent / "templates"
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_FIGURE = re.compile(
    r"\.(\w*(_net|_total|net|quantity|rate|points|score|_at|_on|_from|_to|_date|seconds))\b"
)
_CODE = re.compile(
    r"\.(status|state|kind|outcome|verdict|binding|code|order_unit|source_kind)\b(?!\.)"
)
_FIELDS = ("input(", "choice(", "pick(", "text_area(", "evidence(")
WORDS = {"route.binding"}
"""Words already, made by the domain."""
_ID = re.compile(r"\.\w*_id\b")


def shown(template: str) -> Iterator[str]:
    """The expressions of a template that become text, not part of a tag."""
    for expression in _EXPRESSION.finditer(template):
        before = _JINJA.sub("", template[: expression.start()])
        if before.rfind("<") <= before.rfind(">"):
            yield expression[1].strip()


def faults(template: str) -> list[str]:
    wrong = []
    for text in shown(template):
        if text.startswith(_FIELDS) or text in WORDS:
            continue
        plain = re.sub(r" if .+? else ", " or ", re.sub(r'"[^"]*"', '""', text))
        if _FIGURE.search(plain) and "|" not in plain and " in " not in plain:
            wrong.append(f"a figure as computers write it: {text}")
        coded = _CODE.search(re.sub(r"(word|get)\([^()]*\)|\w+\.\w+ (==|!=|in) ", "", plain))
        if coded:
            wrong.append(f"a code without its word: {text}")
        if "| called" not in text and _ID.search(re.sub(r"\w+\([^()]*\)", "", plain)):
            wrong.append(f"an id people cannot read: {text}")
    return wrong


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


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (codes.ROLES, get_args(members.Role)),
        (NOTICE, get_args(notices.OrderNotice)),
        (UNIT, MEASURED),
    ],
)
def test_every_code_the_portal_words_itself_has_its_word(table, known):
    assert len(known) > 1
    assert set(known) <= set(table)


def test_a_code_without_a_word_is_said_neutrally_and_noted_once():
    with capture_logs() as noted:
        words = [codes.word(ORDER, "half_placed") for _ in range(2)]
    assert words == ["nicht näher bezeichnet"] * 2
    assert [(line["event"], line["code"]) for line in noted] == [("word_missing", "half_placed")]
    assert codes.word(UNIT, "X99") == "Einheit"
