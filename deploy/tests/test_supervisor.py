"""The supervisor keeps programs running and leaves none behind."""

import json
import os
import signal
import time
from dataclasses import replace

from deploy.devstack.program import Running, read_state, supervisor_of, write_plan
from deploy.devstack.readiness import wait_ready
from deploy.devstack.supervising import end_all, ensure_supervisor, marked_processes
from marktbund.testing.engines.processes import own_identity, terminate


def _up(directory, *programs):
    write_plan(directory, list(programs))
    ensure_supervisor(directory)
    wait_ready(directory, lambda _: None, timeout_seconds=15.0)
    return read_state(directory)


def _until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _is_replaced(directory, name, before: Running):
    now = read_state(directory).get(name)
    return now is not None and now.identity != before.identity and now.identity.alive


def test_a_killed_program_is_started_again_within_a_second(supervised, dummy):
    before = _up(supervised, dummy)["dummy"]
    os.kill(before.identity.pid, signal.SIGKILL)
    begun = time.monotonic()
    _until(lambda: _is_replaced(supervised, "dummy", before))
    assert time.monotonic() - begun < 1.0
    assert read_state(supervised)["dummy"].restarts == 1
    wait_ready(supervised, lambda _: None, timeout_seconds=10.0)


def test_end_all_leaves_no_process(supervised, dummy):
    running = _up(supervised, dummy)["dummy"]
    supervisor = supervisor_of(supervised)
    end_all(supervised)
    assert not running.identity.alive
    assert not supervisor.alive
    assert marked_processes(supervised) == []


def test_end_all_leaves_no_process_after_the_supervisor_was_killed(supervised, dummy):
    running = _up(supervised, dummy)["dummy"]
    supervisor = supervisor_of(supervised)
    terminate(supervisor, first=signal.SIGKILL)
    assert running.identity.alive
    assert end_all(supervised) == 1
    assert not running.identity.alive
    assert marked_processes(supervised) == []


def test_end_all_finds_processes_whose_records_were_deleted(supervised, dummy):
    running = _up(supervised, dummy)["dummy"]
    (supervised / "state.json").unlink()
    (supervised / "plan.json").unlink()
    end_all(supervised)
    assert not running.identity.alive
    assert marked_processes(supervised) == []


def test_a_new_supervisor_adopts_what_a_killed_one_left(supervised, dummy):
    before = _up(supervised, dummy)["dummy"]
    terminate(supervisor_of(supervised), first=signal.SIGKILL)
    after = _up(supervised, dummy)["dummy"]
    assert after.identity == before.identity
    os.kill(after.identity.pid, signal.SIGKILL)
    _until(lambda: _is_replaced(supervised, "dummy", after))


def _with_environment(program, **environment):
    """The program, told something else by its environment."""
    launch = program.launch
    return replace(program, launch=replace(launch, environment=launch.environment | environment))


def test_a_changed_plan_replaces_the_program_and_the_same_plan_does_not(supervised, dummy):
    before = _up(supervised, dummy)["dummy"]
    assert _up(supervised, dummy)["dummy"].identity == before.identity
    # Ready means what is planned now, not what still runs from before.
    after = _up(supervised, _with_environment(dummy, CHANGED="1"))["dummy"]
    assert after.identity != before.identity
    assert not before.identity.alive


def test_another_shell_with_another_path_restarts_nothing(supervised, dummy):
    before = _up(supervised, dummy)["dummy"]
    assert (
        _up(supervised, _with_environment(dummy, PATH="/bin", LANG="C"))["dummy"].identity
        == before.identity
    )


def test_a_supervisor_whose_record_is_of_an_older_form_makes_room(supervised, dummy):
    before = _up(supervised, dummy)["dummy"]
    supervisor = supervisor_of(supervised)
    (supervised / "state.json").write_text(json.dumps({"supervisor": {"pid": supervisor.pid}}))
    after = _up(supervised, dummy)["dummy"]
    assert not supervisor.alive
    assert not before.identity.alive
    assert after.identity.alive


def test_a_pid_that_went_to_another_process_is_left_alone():
    somebody_else = replace(own_identity(), ticks=1)
    assert not somebody_else.alive
    assert terminate(somebody_else)
    of_another_boot = replace(own_identity(), boot="00000000-0000-0000-0000-000000000000")
    assert not of_another_boot.alive
    assert terminate(of_another_boot)


def test_the_age_of_a_process_grows_and_begins_at_its_start(supervised, dummy):
    begun = time.monotonic()
    identity = _up(supervised, dummy)["dummy"].identity
    age = identity.age_seconds
    assert 0.0 <= age <= time.monotonic() - begun + 0.02
    assert identity.age_seconds >= age
