"""The images that containers are built from and run: by name and, once pinned, by digest.

In: `images.json`. Out: what Dockerfiles and compose are told. `python -m deploy.images` asks the
registry for the digests, through Docker, and writes them there; what it does not learn stays as it
is, and is said: `not pinned`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from marktbund.testing.engines.records import write_text

LIST = Path(__file__).with_name("images.json")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_INSPECT = ("docker", "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}")
_PATIENCE_SECONDS = 60
Images = dict[str, dict[str, str]]


def images(file: Path = LIST) -> Images:
    """Part of the platform -> `name` with its tag, and `digest`, empty until it is pinned."""
    read: Images = json.loads(file.read_text())
    return read


def variables(listed: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """What compose is told: one image each, by digest where there is one."""
    return {f"MARKTBUND_IMAGE_{part.upper()}": _reference(at) for part, at in listed.items()}


def not_pinned(listed: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The names of the images whose tag may mean another image tomorrow."""
    return [at["name"] for at in listed.values() if not at["digest"]]


def pin(file: Path = LIST) -> Images:
    """Ask for every digest, write those that came, return all."""
    listed = images(file)
    for at in listed.values():
        at["digest"] = _asked(at["name"]) or at["digest"]
    lines = ",\n".join(f"  {json.dumps(part)}: {json.dumps(at)}" for part, at in listed.items())
    write_text(file, f"{{\n{lines}\n}}\n")
    file.chmod(0o644)
    return listed


def _reference(at: Mapping[str, str]) -> str:
    return f"{at['name']}@{at['digest']}" if at["digest"] else at["name"]


def _asked(name: str) -> str:
    try:
        answer = subprocess.run(
            (*_INSPECT, name), check=True, capture_output=True, text=True, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    digest = answer.stdout.strip()
    return digest if _DIGEST.fullmatch(digest) else ""


def main() -> int:
    """Pin what can be pinned; 1 when something is not."""
    listed = pin()
    for at in listed.values():
        print(_reference(at) if at["digest"] else f"not pinned: {at['name']} (no registry answers)")
    return 1 if not_pinned(listed) else 0


if __name__ == "__main__":
    sys.exit(main())
