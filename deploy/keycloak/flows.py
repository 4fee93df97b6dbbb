"""Flows of sign-in as code: how Keycloak asks, step by step, for what it needs to know.

In: `flows.json` and Keycloak's administration. Out: flows whose names carry a digest of what the
file says. A flow is never changed under somebody who signs in: a new one is built beside it.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import httpx

from deploy.keycloak.answers import done

_FILE = Path(__file__).parent / "flows.json"
_AT = "/authentication"


class FlowStep(TypedDict, total=False):
    """A step of a flow: an authenticator with its options, or a flow with steps of its own."""

    authenticator: str
    config: dict[str, str]
    flow: str
    steps: list["FlowStep"]
    requirement: str


def keep_flows(admin: httpx.Client) -> Mapping[str, str]:
    """Build the flows that are missing; returns their names, by the keys of the file.

    Raises httpx.HTTPError when Keycloak refuses.
    """
    wanted = json.loads(_FILE.read_text())
    known = {flow["alias"]: flow["id"] for flow in done(admin.get(f"{_AT}/flows")).json()}
    return {key: _keep(admin, key, steps, known) for key, steps in wanted.items()}


def _keep(admin: httpx.Client, key: str, steps: list[FlowStep], known: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(steps).encode()).hexdigest()[:8]
    name = f"{key}-{digest}"
    if name in known:
        return name
    # A flow under its own name is complete: whoever was interrupted begins again.
    begun = f"{name}-unfinished"
    if begun in known:
        done(admin.delete(f"{_AT}/flows/{known[begun]}"))
    flow = {"alias": begun, "providerId": "basic-flow", "topLevel": True, "builtIn": False}
    location = done(admin.post(f"{_AT}/flows", json=flow)).headers["location"]
    for step in steps:
        _add(admin, name, begun, step)
    flow_id = location.rpartition("/")[2]
    done(admin.put(f"{_AT}/flows/{flow_id}", json={**flow, "id": flow_id, "alias": name}))
    return name


def _add(admin: httpx.Client, name: str, parent: str, step: FlowStep) -> None:
    inner = "flow" in step
    body = (
        {"alias": f"{name}-{step['flow']}", "type": "basic-flow", "provider": "", "description": ""}
        if inner
        else {"provider": step["authenticator"]}
    )
    executions = f"{_AT}/flows/{quote(parent)}/executions"
    made = done(admin.post(f"{executions}/{'flow' if inner else 'execution'}", json=body))
    # A flow's address is that of the flow; the step that holds it is the last of its level.
    level = [
        execution for execution in done(admin.get(executions)).json() if execution["level"] == 0
    ]
    execution = level[-1]
    require = {**execution, "requirement": step["requirement"]}
    done(admin.put(executions, json=require))
    if inner:
        for further in step["steps"]:
            _add(admin, name, body["alias"], further)
    if config := step.get("config"):
        options = {option: value.replace("$flow", name) for option, value in config.items()}
        execution_id = made.headers["location"].rpartition("/")[2]
        config_of = {"alias": f"{name}-{execution_id[:8]}", "config": options}
        done(admin.post(f"{_AT}/executions/{execution_id}/config", json=config_of))
