"""Golden files: `python -m tests.contracts.golden` writes those that are missing, never others.

A golden file that exists is what the world already reads: it is not written anew but compared.
"""

from pathlib import Path

from marktbund.contracts.base import Message
from tests.contracts.samples import SAMPLES

FOLDER = Path(__file__).parent / "golden"


def path_of(kind: str) -> Path:
    """The golden file of a CloudEvents type."""
    return FOLDER / f"{kind}.json"


def value_of(message: Message) -> bytes:
    """The value of a record, as the outbox and the state feeds write it."""
    return message.model_dump_json().encode()


if __name__ == "__main__":
    for kind, sample in SAMPLES.items():
        if not path_of(kind).exists():
            path_of(kind).write_bytes(value_of(sample))
            print(path_of(kind).name)
