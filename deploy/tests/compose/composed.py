"""docker-compose.yml as Docker would read it: merged, variables filled in, with its files."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.compose.settings import SiteOptions
from deploy.devstack.deployment import REPOSITORY

FILE = REPOSITORY / "docker-compose.yml"
HOME = ".local/deployments/compose/"
OPTIONS = SiteOptions(
    "https://einkauf.example", "post@einkauf.example", "mail.einkauf.example", "post", "geheim"
)
_VARIABLE = re.compile(r"\$\{(\w+)(?::[?-]([^}]*))?\}")


@dataclass(frozen=True)
class Composed:
    """The file, and the directory that `prepare` filled."""

    document: dict[str, Any]
    directory: Path

    def environment(self, name: str) -> dict[str, str]:
        """What a service's process is told; mounted secrets at their place on this machine."""
        service = self.document["services"][name]
        files = service.get("env_file", [])
        values: dict[str, str] = {}
        for file in [files] if isinstance(files, str) else files:
            values |= variables(self.directory / file.removeprefix(HOME))
        values |= service.get("environment", {})
        return {key: self._here(value) for key, value in values.items()}

    def _here(self, value: str) -> str:
        name = value.removeprefix("/run/secrets/")
        if name == value:
            return value
        file = self.document["secrets"][name]["file"].removeprefix(HOME)
        return str(self.directory / file)


def variables(file: Path) -> dict[str, str]:
    """An environment file."""
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def read(directory: Path) -> Composed:
    """The compose file with the variables of `site.env`. Raises KeyError for one nobody sets."""
    site = variables(directory / "site.env")

    def filled(match: re.Match[str]) -> str:
        return site[match[1]] if match[1] in site else _default(match)

    text = _VARIABLE.sub(filled, FILE.read_text(encoding="utf-8")).replace("$$", "$")
    return Composed(yaml.safe_load(text), directory)


def _default(match: re.Match[str]) -> str:
    if ":-" not in match[0]:
        raise KeyError(match[1])
    return match[2]
