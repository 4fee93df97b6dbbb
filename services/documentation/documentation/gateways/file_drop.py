"""A folder that takes one small file a day; what carries it outside is the operator's choice."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from documentation.domain.anchors import AnchoredCheckpoint, AnchorOutcome


@dataclass(frozen=True, slots=True)
class FileDrop:
    """Writes each anchor once; what stands there is never replaced."""

    folder: Path

    async def __call__(self, anchored: AnchoredCheckpoint) -> AnchorOutcome:
        """One attempt; every way to fail is an outcome."""
        return await asyncio.to_thread(self._write, anchored)

    def _write(self, anchored: AnchoredCheckpoint) -> AnchorOutcome:
        target = self.folder / f"pruefpunkt-{anchored.day.isoformat()}.json"
        draft = target.with_suffix(".part")
        try:
            if target.exists():
                same = target.read_bytes() == anchored.document
                return AnchorOutcome(same, "" if same else "differs")
            with draft.open("wb") as file:
                file.write(anchored.document)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, target)  # unlike a rename it refuses to replace
            draft.unlink()
        except OSError as error:
            return AnchorOutcome(False, type(error).__name__)
        return AnchorOutcome(True)
