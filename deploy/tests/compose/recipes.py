"""Dockerfiles as far as tests need them: what they stand on, what they take from the tree."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.deployment import REPOSITORY


@dataclass(frozen=True)
class Recipe:
    """One Dockerfile."""

    file: Path

    @property
    def text(self) -> str:
        """Its lines, continued ones joined."""
        return self.file.read_text(encoding="utf-8").replace("\\\n", "")

    @property
    def sources(self) -> list[str]:
        """What its stages stand on, stages of its own left out."""
        stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", self.text, re.MULTILINE)
        own = {name for _, name in stages}
        return [source for source, _ in stages if source not in own]

    @property
    def stages(self) -> list[str]:
        """The text of each stage, the image's own last."""
        return re.split(r"^FROM ", self.text, flags=re.MULTILINE)[1:]

    def copied(self, stage: int = -1) -> list[tuple[str, str]]:
        """What a stage takes from the tree, and where to."""
        lines = re.findall(r"^COPY (?!--from)(.*)$", self.stages[stage], re.MULTILINE)
        copies = [line.split() for line in lines]
        return [(source, words[-1]) for words in copies for source in words[:-1]]

    def lay_out(self, folder: Path, stage: int = -1) -> None:
        """Put a stage's files where it has them, as `.dockerignore` lets them through."""
        for source, target in self.copied(stage):
            destination = folder / target
            if (REPOSITORY / source).is_dir():
                shutil.copytree(
                    REPOSITORY / source, destination, ignore=ignored, dirs_exist_ok=True
                )
            else:
                destination.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPOSITORY / source, destination)


def ignored(_: str, names: list[str]) -> set[str]:
    """What `.dockerignore` keeps out of every folder."""
    return {name for name in names if name in {"tests", "__pycache__", "build"}}


FILES = (*REPOSITORY.glob("services/*/Dockerfile"), *REPOSITORY.glob("deploy/**/Dockerfile"))
RECIPES = {str(file.relative_to(REPOSITORY)): Recipe(file) for file in sorted(FILES)}
"""Every Dockerfile, by its place."""
