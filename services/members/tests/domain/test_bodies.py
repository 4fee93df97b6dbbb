"""Member bodies and units: where they may go from where they stand, whose values add up where."""

from dataclasses import replace
from uuid import UUID

import pytest

from marktbund.contracts.members import (
    AwardingCategory,
    ContractingAuthoritySet,
    MemberStatusChanged,
    UnitAwardsChanged,
    UnitRegistered,
)
from members.domain import Member, Unit
from members.domain.bodies import require_member, require_new_key
from members.domain.units import require_unit
from services.members.tests.domain.cast import OTHER, TOWN, refusal

STATES = ["active", "suspended", "withdrawn"]
AWARD = AwardingCategory(cpv_prefix="3916", evidence="Beschluss 14", valid_to="2027-12-31")


def body(member_id: UUID = TOWN, form="municipality", **more) -> Member:
    return Member(member_id, "Musterstadt", form, "05999999", "active", 3, **more)


@pytest.mark.parametrize("before", ["active", "suspended"])
@pytest.mark.parametrize("after", STATES)
def test_whoever_has_not_left_may_be_suspended_reinstated_and_let_go(before: str, after: str):
    member = replace(body(), status=before)
    changed, events = member.change_status(after)
    if before == after:
        assert (changed, events) == (member, [])
        return
    assert events == [MemberStatusChanged(version=4, member_id=TOWN, status=after)]
    assert changed == replace(member, status=after, version=4)


@pytest.mark.parametrize("after", STATES)
def test_whoever_left_goes_nowhere(after: str):
    gone = replace(body(), status="withdrawn")
    assert refusal(lambda: gone.change_status(after)) == (409, "member_withdrawn", "")


@pytest.mark.parametrize("form", ["municipality", "district", "university", "state_body", "other"])
def test_whatever_is_no_legal_person_of_its_own_belongs_to_an_authority(form):
    member, [event] = body(form=form).belong_to(body(OTHER))
    assert event == ContractingAuthoritySet(
        version=4, member_id=TOWN, contracting_authority_id=OTHER
    )
    assert (member.contracting_authority_id, member.version) == (OTHER, 4)


def test_a_body_leaves_its_authority_whatever_else_holds():
    member = replace(body(form="company"), contracting_authority_id=OTHER)
    alone, [event] = member.belong_to(None, is_authority=True)
    assert (alone.contracting_authority_id, event.contracting_authority_id) == (None, None)


def test_a_body_moves_from_one_authority_to_another():
    member = replace(body(), contracting_authority_id=OTHER)
    third = body(UUID(int=9))
    assert member.belong_to(third)[0].contracting_authority_id == UUID(int=9)


BELONGING = {
    "a company": (body(form="company"), body(OTHER), False, "own_authority"),
    "itself": (body(), body(), False, "no_authority"),
    "one that belongs": (
        body(),
        body(OTHER, contracting_authority_id=UUID(int=9)),
        False,
        "no_authority",
    ),
    "an authority": (body(), body(OTHER), True, "is_authority"),
    "a company that is an authority": (body(form="company"), body(OTHER), True, "is_authority"),
    "one that belongs to oneself": (
        body(),
        body(OTHER, contracting_authority_id=TOWN),
        True,
        "is_authority",
    ),
}


@pytest.mark.parametrize("who", BELONGING)
def test_values_are_added_up_at_one_body_and_never_along_a_chain(who: str):
    member, authority, is_authority, code = BELONGING[who]
    refused = refusal(lambda: member.belong_to(authority, is_authority=is_authority))
    assert refused == (422, code, "contracting_authority_id")


def test_a_unit_is_announced_with_its_cost_centre():
    unit, [event] = Unit.register(OTHER, TOWN, "Schule", "4711")
    assert event == UnitRegistered(
        version=1, unit_id=OTHER, member_id=TOWN, name="Schule", cost_centre="4711"
    )
    assert (unit.awards, unit.version) == ((), 1)


def test_what_a_unit_awards_is_replaced_whole():
    unit = Unit(OTHER, TOWN, "Schule", "4711", 2, (AWARD,))
    other = AWARD.model_copy(update={"cpv_prefix": "301"})
    changed, [event] = unit.change_awards([other])
    assert event == UnitAwardsChanged(version=3, unit_id=OTHER, member_id=TOWN, awards=(other,))
    assert changed == replace(unit, awards=(other,), version=3)
    assert changed.change_awards([])[0].awards == ()


def test_what_there_is_not_is_named():
    assert refusal(lambda: require_member(None)) == (404, "member_unknown", "member_id")
    assert refusal(lambda: require_unit(None)) == (404, "unit_unknown", "unit_id")
    assert require_member(body()) == body()


def test_an_official_key_is_one_bodys():
    assert refusal(lambda: require_new_key(known=True)) == (409, "member_exists", "official_key")
    require_new_key(known=False)
