"""What is run with every secret here and is no wheel: each file is known by its SHA-256.

In: files of the local Maven repository. Out: nothing, or an error that names what is not the file
that was tried. The list is `pinned.sha256`, as sha256sum writes it; after a change of version:
`python -m marktbund.testing.engines.pinned` writes it anew from what was resolved.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.records import write_text

LIST = Path(__file__).with_name("pinned.sha256")


def pins() -> Mapping[str, str]:
    """Path inside a Maven repository -> SHA-256."""
    lines = (line.split("  ", 1) for line in LIST.read_text().splitlines())
    return {name: digest for digest, name in lines}


def check(files: Iterable[Path]) -> None:
    """Every file is pinned and is what was pinned. Raises EngineError with the way out."""
    known = pins()
    for file in files:
        path = file.as_posix()
        wanted = next((known[name] for name in known if path.endswith(f"/{name}")), None)
        if wanted is None:
            raise EngineError(f"{file} is not in {LIST.name}: nobody has tried this version")
        if digest_of(file) != wanted:
            raise EngineError(
                f"{file} is not the file that was tried: its SHA-256 differs. Delete it and try "
                "again; if it comes back the same, do not run it"
            )


def digest_of(file: Path) -> str:
    """The file's SHA-256, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write() -> None:
    from marktbund.testing.engines import jars, keycloak  # noqa: PLC0415  they check by this module

    files = [*jars.resolve(), keycloak.resolve()]
    named = {file.as_posix().rpartition("/repository/")[2]: file for file in files}
    lines = [f"{digest_of(named[name])}  {name}\n" for name in sorted(named)]
    write_text(LIST, "".join(lines))
    LIST.chmod(0o644)


if __name__ == "__main__":
    _write()
