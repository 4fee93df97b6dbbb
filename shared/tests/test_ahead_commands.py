"""The command line when topics are ahead: what it prints, what it refuses, how it ends."""

from dataclasses import dataclass
from uuid import UUID

import pytest
import structlog

from marktbund.ahead.commands import KeyLine, TopicLine, _carry_out, _lines, _parser, carry_out
from marktbund.ahead.finding import Ahead, Survey
from marktbund.ahead.reconciling import Reconciled, Reconciler
from marktbund.consuming import Hearing
from marktbund.contracts.members import MEMBER_EVENTS, UNIT_EVENTS
from marktbund.errors import Conflict
from marktbund.jsons import loads
from marktbund.kafka_access import KafkaAccess
from marktbund.unit_of_work import Database, create_engine

from .test_health import NOWHERE

BY = UUID("00000000-0000-7000-8000-0000000000b1")
NOTHING = Survey({}, {})
SURVEY = Survey(
    {
        UNIT_EVENTS: Ahead(UNIT_EVENTS, 1, {"u": {4: "Opened"}}),
        MEMBER_EVENTS: Ahead(
            MEMBER_EVENTS, 3, {"m2": {1: "Admitted"}, "m1": {10: "Left", 9: "Renamed"}}
        ),
    },
    {},
)


def test_topics_are_counted_by_keys_and_records():
    assert list(_lines(SURVEY, keys=False)) == [
        TopicLine(UNIT_EVENTS.name, 1, 1),
        TopicLine(MEMBER_EVENTS.name, 2, 3),
    ]
    assert list(_lines(NOTHING, keys=False)) == []


def test_keys_come_in_order_and_their_versions_by_number():
    _, first, second = _lines(SURVEY, keys=True)
    assert isinstance(first, KeyLine)
    assert (first.key, list(first.versions.items())) == ("m1", [("9", "Renamed"), ("10", "Left")])
    assert second == KeyLine(MEMBER_EVENTS.name, "m2", {"1": "Admitted"})


@pytest.mark.parametrize(
    "arguments",
    [[], ["run"], ["run", "--by", "erika"], ["show", "--by", str(BY)], ["open"]],
    ids=["no verb", "nobody", "no person_id", "not to be asked", "unknown"],
)
def test_a_command_that_is_not_whole_is_not_begun(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        _parser("members").parse_args(arguments)
    assert ended.value.code == 2
    assert "members reconcile" in capsys.readouterr().err


def test_without_a_reason_nothing_is_given_up():
    asked = _parser("members").parse_args(["run", "--by", str(BY)])
    assert (asked.by, asked.give_up) == (BY, "")


@dataclass(frozen=True, slots=True)
class PlannedReconciler(Reconciler):
    """A reconciler whose finding and outcome are given."""

    survey: Survey = NOTHING
    outcome: Reconciled | Conflict | None = None

    async def look(self) -> Survey:
        return self.survey

    async def reconcile(self, by: UUID, reason: str) -> Reconciled | None:
        assert (by, reason) == (BY, "backup lost")
        if isinstance(self.outcome, Conflict):
            raise self.outcome
        return self.outcome


def planned(
    survey: Survey = NOTHING, outcome: Reconciled | Conflict | None = None
) -> PlannedReconciler:
    database = Database(create_engine(NOWHERE, application="test"), "members")
    kafka = KafkaAccess("127.0.0.1:1", "x", "x", "SASL_PLAINTEXT")
    return PlannedReconciler(
        database, kafka, "", Hearing({}), {}, (), {}, survey=survey, outcome=outcome
    )


async def done(
    reconciler: PlannedReconciler, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[object], str]:
    """Exit code, lines printed, and what was said of refusals."""
    code = await _carry_out(_parser("members").parse_args(arguments), reconciler)
    printed = capsys.readouterr()
    return code, [loads(line) for line in printed.out.splitlines()], printed.err


async def test_show_ends_with_1_while_anything_is_ahead(capsys: pytest.CaptureFixture[str]):
    assert await done(planned(), capsys, "show") == (0, [], "")
    code, lines, _ = await done(planned(SURVEY), capsys, "show")
    assert (code, len(lines)) == (1, 2)
    assert lines[0] == {"topic": UNIT_EVENTS.name, "keys": 1, "records": 1}
    code, lines, _ = await done(planned(SURVEY), capsys, "show", "--keys")
    assert (code, len(lines)) == (1, 3)
    assert lines[0] == {"topic": UNIT_EVENTS.name, "key": "u", "versions": {"4": "Opened"}}


RUN = ("run", "--by", str(BY), "--give-up", "backup lost")


async def test_run_says_what_it_did(capsys: pytest.CaptureFixture[str]):
    outcome = Reconciled(5, 2, {MEMBER_EVENTS.name: ["m1"]})
    assert await done(planned(SURVEY, outcome), capsys, *RUN) == (
        0,
        [{"taken_over": 5, "repeated": 2, "given_up": {MEMBER_EVENTS.name: ["m1"]}}],
        "",
    )
    assert await done(planned(), capsys, *RUN) == (0, [{"nothing": "ahead"}], "")


async def test_a_refusal_names_its_code_and_the_way_out(capsys: pytest.CaptureFixture[str]):
    refusal = Conflict(
        "facts_would_be_lost", "Nicht alles lässt sich übernehmen", "m1", way_out="Aufgeben."
    )
    code, lines, refusals = await done(planned(SURVEY, refusal), capsys, *RUN)
    assert (code, lines) == (1, [])
    assert refusals == "facts_would_be_lost: Nicht alles lässt sich übernehmen. m1 Aufgeben.\n"


def test_the_whole_command_ends_with_the_same_code(capsys: pytest.CaptureFixture[str]):
    try:
        assert carry_out(["show"], planned(SURVEY)) == 1
        assert carry_out([*RUN], planned()) == 0
    finally:
        structlog.reset_defaults()
    assert loads(capsys.readouterr().out.splitlines()[-1]) == {"nothing": "ahead"}
