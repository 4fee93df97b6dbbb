"""The verifier as an auditor gets it: one file, nothing of ours beside it."""

import ast
import gzip
import json
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from documentation.domain import verifier

SOURCE = Path(verifier.__file__)
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path, evidence: Any) -> Path:
    shutil.copy(SOURCE, tmp_path / "marktbund_verify.py")
    (tmp_path / "export.json").write_text(json.dumps(evidence.export), encoding="utf-8")
    (tmp_path / "checkpoint.json").write_text(json.dumps(evidence.checkpoint), encoding="utf-8")
    pem = evidence.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def start(*more: str, export: str = "export.json") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "marktbund_verify.py", "--export", export]
        command += ["--checkpoint", "checkpoint.json", "--public-key", "key.pem", *more]
        return subprocess.run(  # noqa: S603 - our own file, in a folder of its own
            command, cwd=folder, env={}, capture_output=True, encoding="utf-8", check=False
        )

    return start


def test_it_imports_only_the_standard_library_and_cryptography() -> None:
    roots = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            roots |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            roots.add(str(node.module).split(".")[0])
    assert "cryptography" in roots
    assert roots - {"cryptography"} <= sys.stdlib_module_names


def test_alone_it_finds_an_untouched_file_unchanged(run: Run) -> None:
    done = run("--chain", "member:stadt-musterhausen")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ergebnis: Akte unverändert bis Datensatz 950" in done.stdout
    assert "noch nicht abgedeckt: 50" in done.stdout


def test_alone_it_names_every_finding(run: Run, folder: Path, evidence: Any) -> None:
    evidence.rows[16]["meta"]["type"] = "other"
    del evidence.rows[20:22]
    (folder / "export.json").write_text(json.dumps(evidence.export), encoding="utf-8")
    done = run()
    assert done.returncode == 1
    assert "[hash_mismatch] Datensatz 17: Angaben" in done.stdout
    assert "[missing_record] Datensatz 21 bis 22: Fehlt" in done.stdout
    assert "Akte beanstandet, Befunde: 2" in done.stdout
    assert "unverändert" not in done.stdout


def test_gzip_is_read(run: Run, folder: Path) -> None:
    packed = gzip.compress((folder / "export.json").read_bytes())
    (folder / "export.json.gz").write_bytes(packed)
    assert run(export="export.json.gz").returncode == 0
    (folder / "cut.json.gz").write_bytes(packed[:-2000])
    assert run(export="cut.json.gz").returncode == 2


def test_a_gzip_bomb_stops_at_the_limit(run: Run, folder: Path) -> None:
    (folder / "bomb.gz").write_bytes(gzip.compress(bytes(50_000_000)))
    done = run("--max-bytes", "1000000", export="bomb.gz")
    assert done.returncode == 2
    assert "mehr als 1000000 Bytes" in done.stderr


def test_unpacking_takes_no_more_memory_than_the_limit(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(50_000_000)))
    tracemalloc.start()
    with pytest.raises(ValueError, match="mehr als"):
        verifier.load(bomb, 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_field_given_twice_is_refused(run: Run, folder: Path) -> None:
    text = (folder / "export.json").read_text(encoding="utf-8")
    twice = text.replace('"payload": ', '"payload": "Zm9yZ2Vk", "payload": ', 1)
    (folder / "export.json").write_text(twice, encoding="utf-8")
    done = run()
    assert (done.returncode, "doppelt" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        "\x1f\x8bnonsense",
        '{"a": 1, "a": 2}',
        "1" * 5000,
        '{"format": "marktbund-export/2", "chain": "c", "covered": null, "records": []}',
        '{"format": "marktbund-export/1", "chain": 1, "covered": null, "records": []}',
        '{"format": "marktbund-export/1", "chain": "\\ud800", "covered": null, "records": []}',
        '{"format": "marktbund-export/1", "chain": "c", "covered": {}, "records": []}',
        '{"format": "marktbund-export/1", "chain": "c", "covered": null, "records": {}}',
    ],
    ids=range(12),
)
def test_unreadable_input_ends_with_2(run: Run, folder: Path, text: str) -> None:
    (folder / "export.json").write_bytes(text.encode("latin-1"))
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "[unreadable]" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_files_and_foreign_keys_end_with_2(run: Run, folder: Path) -> None:
    assert run(export="absent.json").returncode == 2
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "key.pem").write_bytes(pem)
    assert "kein Ed25519-Schlüssel" in run().stderr
    (folder / "key.pem").write_bytes(b"no key")
    assert run().returncode == 2


def test_a_chain_id_cannot_write_its_own_verdict(evidence: Any) -> None:
    evidence.export["chain"] = "x\nErgebnis: Akte unverändert\x1b[2J"
    lines = str(evidence.report()).splitlines()
    assert lines[0] == "Akte: x?Ergebnis: Akte unverändert?[2J"
    assert lines[-1].startswith("Ergebnis: Akte beanstandet")


def test_every_code_has_its_sentence(evidence: Any) -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    codes = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "Finding"
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(codes) >= 8
    assert codes <= set(verifier.SENTENCES)
    assert "\n".join(str(verifier.Finding(code, 1)) for code in verifier.SENTENCES)
