"""Rules of awarding: adopted as a whole, with sources and dates; who is whose authority."""

from dataclasses import replace
from decimal import Decimal

import pytest

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.rule_sets import AwardRule, RouteLimit, RuleSetAdopted
from marktbund.errors import Conflict, Invalid, NotFound
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from members.domain import PRESETS, Member, RuleSet, Unit, preset_rules

BY = new_id()
TOWN = {"name": "Musterstadt", "legal_form": "municipality", "official_key": "05999999"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


def rule(*limits: tuple[str, int], **more: object) -> AwardRule:
    usual = {
        "contract_kinds": ("supply",),
        "limits": tuple(RouteLimit(route=route, up_to_net=Decimal(net)) for route, net in limits),
        "binding": True,
        "source": "Satzung",
        "source_kind": "bylaw",
        "valid_from": "2026-01-01",
    }
    return AwardRule.model_validate(usual | more)


def rule_set() -> RuleSet:
    return RuleSet(new_id(), new_id(), (), ())


def test_the_first_adoption_is_version_one_and_carries_everything():
    adopted, (event,) = rule_set().adopt(preset_rules("hesse-2021"), (), BY, "hesse-2021")
    assert isinstance(event, RuleSetAdopted)
    assert (adopted.version, event.preset, event.rules) == (1, "hesse-2021", adopted.rules)
    again, _ = adopted.adopt(preset_rules("nrw-none"), (), BY)
    assert (again.version, again.rule_set_id) == (2, adopted.rule_set_id)


def test_in_nrw_no_limit_is_set_and_that_is_a_rule_of_its_own():
    (only,) = PRESETS["nrw-none"]
    assert (only.limits, only.binding) == ((), False)
    assert "§ 75a" in only.source


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_adopted_and_says_its_source_and_date(name: str):
    adopted, _ = rule_set().adopt(preset_rules(name), (), BY, name)
    assert all(rule.source and rule.valid_from for rule in adopted.rules)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (rule(("direct", 5000), ("compare", 5000)), "limits_not_ascending"),
        (rule(("compare", 5000), ("direct", 9000)), "limits_not_ascending"),
        (rule(("direct", 5000), valid_to="2025-12-31"), "validity_empty"),
        (rule(("direct", 5000), source_kind="instruction"), "instruction_binds"),
        (rule(("direct", 5000), recommend_request_above_net="9"), "limits_of_advice"),
    ],
)
def test_rules_that_cannot_be_are_refused_and_named(broken: AwardRule, code: str):
    with pytest.raises(Invalid) as refused:
        rule_set().adopt([rule(("direct", 1)), broken], (), BY)
    assert refused.value.code == code
    assert refused.value.field.startswith("rules[1].")


def test_rules_are_withdrawn_once():
    adopted, _ = rule_set().adopt([rule(("direct", 1))], (), BY)
    withdrawn, _ = adopted.withdraw(BY)
    assert (withdrawn.status, withdrawn.version) == ("withdrawn", 2)
    with pytest.raises(Conflict):
        withdrawn.withdraw(BY)


def test_an_unknown_preset_names_the_known_ones():
    with pytest.raises(NotFound, match="preset_unknown") as refused:
        preset_rules("bavaria")
    assert refused.value.detail == (
        "Es gibt: Beispielsatzung (bylaw-example), HVTG 2021 (hesse-2021), "
        "§ 75a Abs. 1 GO NRW, keine Satzung (nrw-none)."
    )


def member(form: str = "municipality") -> Member:
    made, _ = Member.register(new_id(), "Musterstadt", form, "05999999")
    return made


def test_an_eigenbetrieb_shares_its_towns_values_and_a_company_never():
    town, works = member(), member("other")
    belonging, (event,) = works.belong_to(town)
    assert belonging.contracting_authority_id == town.member_id
    assert event.contracting_authority_id == town.member_id
    back, _ = belonging.belong_to(None)
    assert (back.contracting_authority_id, back.version) == (None, 3)
    for who, authority, code in (
        (member("company"), town, "own_authority"),
        (town, town, "no_authority"),
        (works, replace(town, contracting_authority_id=new_id()), "no_authority"),
    ):
        with pytest.raises(Invalid) as refused:
            who.belong_to(authority)
        assert refused.value.code == code


def test_a_unit_awards_by_category_with_evidence_and_end():
    unit, _ = Unit.register(new_id(), new_id(), "Schule", "4711")
    award = AwardingCategory(cpv_prefix="3916", evidence="Beschluss 14", valid_to="2027-12-31")
    changed, (event,) = unit.change_awards([award])
    assert (changed.awards, event.awards, changed.version) == ((award,), (award,), 2)


async def test_the_office_gives_a_member_its_rules_and_they_are_announced(doors: Doors):
    office = await doors.account(("office", None))
    made = await doors.client.post("/members", json=TOWN, headers=office | key())
    path = f"/members/{made.json()['member_id']}/rule-set"
    steps = [{"above_net": "1000"}]
    body = {"preset": "bylaw-example", "approval_steps": steps}
    adopted = await doors.client.put(path, json=body, headers=office)
    assert (adopted.status_code, adopted.json()["version"]) == (200, 1)
    shown = (await doors.client.get(path, headers=office)).json()
    assert [limit["up_to_net"] for limit in shown["rules"][0]["limits"]] == [
        "5000",
        "25000",
        "100000",
    ]
    gone = await doors.client.post(f"{path}/withdrawal", headers=office)
    assert gone.json()["status"] == "withdrawn"
    assert await doors.announced() == ["MemberRegistered", "RuleSetAdopted", "RuleSetWithdrawn"]


async def test_authority_and_awards_are_set_by_the_office(doors: Doors):
    office = await doors.account(("office", None))
    town = (await doors.client.post("/members", json=TOWN, headers=office | key())).json()
    works = TOWN | {"official_key": "05999999-EB", "legal_form": "other"}
    made = (await doors.client.post("/members", json=works, headers=office | key())).json()
    path = f"/members/{made['member_id']}/contracting-authority"
    body = {"contracting_authority_id": town["member_id"]}
    answer = await doors.client.put(path, json=body, headers=office)
    assert answer.json()["contracting_authority_id"] == town["member_id"]
    unit = {"member_id": town["member_id"], "name": "Schule"}
    unit_id = (await doors.client.post("/units", json=unit, headers=office | key())).json()
    award = {"cpv_prefix": "3916", "evidence": "Beschluss 14", "valid_to": "2027-12-31"}
    path = f"/units/{unit_id['unit_id']}/awards"
    answer = await doors.client.put(path, json={"awards": [award]}, headers=office)
    assert answer.json()["awards"] == [award]
    presets = (await doors.client.get("/rule-set-presets", headers=office)).json()
    assert {preset["name"] for preset in presets} == set(PRESETS)
