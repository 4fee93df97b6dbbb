"""What doors answer is written and read by the same models, also across releases."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from marktbund.contracts.http import Answer, NextLink, PageAnswer, ProblemAnswer


class PriceAnswer(Answer):
    net: Decimal
    name: str = ""


def test_a_field_of_a_later_release_is_ignored():
    known = PriceAnswer.model_validate_json('{"net": "1.10", "per": "carton"}')
    assert known == PriceAnswer(net=Decimal("1.10"))


def test_a_row_of_the_store_is_an_answer():
    row = SimpleNamespace(net=Decimal("1.10"), name="Papier", secret="no field of it")
    assert PriceAnswer.model_validate(row).model_dump_json() == '{"net":"1.10","name":"Papier"}'


def test_an_answer_is_not_changed():
    with pytest.raises(ValidationError):
        PriceAnswer(net=Decimal(1)).net = Decimal(2)


def test_a_problem_is_read_with_what_only_it_says():
    body = (
        '{"type": "urn:marktbund:problem:rows_invalid", "title": "Zeilen sind ungültig",'
        ' "status": 422, "code": "rows_invalid", "rows": [{"line": 3}]}'
    )
    problem = ProblemAnswer.model_validate_json(body)
    assert (problem.code, problem.detail, problem.way_out) == ("rows_invalid", "", "")
    assert problem.more == {"rows": [{"line": 3}]}


@pytest.mark.parametrize("left_out", ["title", "status", "code"])
def test_a_problem_without_what_every_problem_has_is_none(left_out: str):
    whole = {"title": "Nicht gefunden", "status": 404, "code": "not_found"}
    assert ProblemAnswer.model_validate(whole).type == "about:blank"  # RFC 9457, 4.2.1
    del whole[left_out]
    with pytest.raises(ValidationError):
        ProblemAnswer.model_validate(whole)


def test_a_page_must_say_whether_it_is_the_last():
    assert PageAnswer.model_validate_json('{"next_after": null}').next_after is None
    with pytest.raises(ValidationError):
        PageAnswer.model_validate_json("{}")


def test_a_link_is_written_as_rfc_8288_has_it():
    assert NextLink(after="Stadt X/1", limit=100).header == (
        '<?after=Stadt%20X/1&limit=100>; rel="next"'
    )


@given(after=st.text(min_size=1), limit=st.integers(1, 10_000))
def test_a_link_leads_where_it_was_meant_to(after: str, limit: int):
    link = NextLink(after=after, limit=limit)
    assert NextLink.parse(link.header) == link


@pytest.mark.parametrize("header", [None, "", '<?after=3&limit=10>; rel="prev"'])
def test_the_last_page_has_no_next(header: str | None):
    assert NextLink.parse(header) is None


@pytest.mark.parametrize("header", ['<?after=3>; rel="next"', '<?after=3&limit=x>; rel="next"'])
def test_a_link_that_cannot_be_followed_is_an_error(header: str):
    with pytest.raises(ValueError, match=r"limit"):
        NextLink.parse(header)
