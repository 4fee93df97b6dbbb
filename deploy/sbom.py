"""What the platform is made of, as CycloneDX 1.6: `python -m deploy.sbom [file]`.

In: the locks that everything is installed by: requirements, the jars' list, npm's lock, the images.
Out: one JSON file (`.local/sbom.cdx.json`), the same for the same locks but for time and number.
"""

import base64
import json
import re
import sys
from pathlib import Path
from uuid import uuid4

from pydantic import JsonValue

from deploy.devstack.deployment import REPOSITORY
from deploy.images import images
from marktbund import clock
from marktbund.testing.engines.pinned import pins
from marktbund.testing.engines.records import write_record

_REQUIRED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)
_NPM_LOCKS = ("services/portal/npm/package-lock.json",)
_RUNS, _BESIDE = "required", "excluded"
Component = dict[str, JsonValue]
"""A part in CycloneDX's own form."""


def parts() -> list[Component]:
    """Everything it is made of, one entry per package URL."""
    listed = (*_tools(), *_python(), *_jars(), *_npm(), *_images())
    by_purl = {str(component["purl"]): component for component in listed}
    return [by_purl[purl] for purl in sorted(by_purl)]


def bill() -> Component:
    """The whole bill of materials, CycloneDX 1.6."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": clock.now().isoformat(timespec="seconds"),
            "component": {"type": "application", "name": "marktbund", "bom-ref": "marktbund"},
        },
        "components": [*parts()],
    }


def _component(purl: str, name: str, version: str, **further: JsonValue) -> Component:
    known: Component = {
        "type": "library",
        "bom-ref": purl,
        "purl": purl,
        "name": name,
        "version": version,
    }
    return known | {"scope": _RUNS} | further


def _requirements(name: str, scope: str) -> list[Component]:
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text()
    return [
        _component(f"pkg:pypi/{package.lower()}@{version}", package, version, scope=scope)
        for package, version in _REQUIRED.findall(text)
    ]


def _tools() -> list[Component]:
    """What only builds, tests or starts a local stack; first, so that what runs takes its place."""
    return [*_requirements("dev", _BESIDE), *_requirements("local", _BESIDE)]


def _python() -> list[Component]:
    return _requirements("main", _RUNS)


def _jars() -> list[Component]:
    components = []
    for path, digest in pins().items():
        *group, artifact, version, file = path.split("/")
        purl = f"pkg:maven/{'.'.join(group)}/{artifact}@{version}?type={Path(file).suffix[1:]}"
        hashes: list[JsonValue] = [{"alg": "SHA-256", "content": digest}]
        components.append(
            _component(purl, artifact, version, group=".".join(group), hashes=hashes),
        )
    return components


def _npm() -> list[Component]:
    components = []
    for lock in _NPM_LOCKS:
        packages = json.loads((REPOSITORY / lock).read_text())["packages"]
        for path, package in packages.items():
            if path:
                name = path.rpartition("node_modules/")[2]
                purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
                algorithm, _, digest = package["integrity"].partition("-")
                content = base64.b64decode(digest).hex()
                hashes: list[JsonValue] = [
                    {"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}
                ]
                components.append(_component(purl, name, package["version"], hashes=hashes))
    return components


def _images() -> list[Component]:
    components = []
    for at in images().values():
        name, _, tag = at["name"].partition(":")
        version = at["digest"].replace(":", "%3A") or tag
        purl = f"pkg:docker/{name}@{version}"
        hashes: list[JsonValue] = [
            {"alg": "SHA-256", "content": at["digest"].removeprefix("sha256:")}
        ]
        pinned: Component = {"hashes": hashes} if at["digest"] else {}
        components.append(_component(purl, name, tag, type="container", **pinned))
    return components


def main(arguments: list[str]) -> int:
    """Write the bill; says where."""
    file = Path(arguments[0]) if arguments else REPOSITORY / ".local" / "sbom.cdx.json"
    write_record(file, bill())
    print(f"{len(parts())} components in {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
