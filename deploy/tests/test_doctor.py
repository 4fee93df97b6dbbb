"""What a machine lacks, said before anything is installed."""

import subprocess
import sys
from dataclasses import replace

import pytest

from deploy.doctor import GIB, ROOT, Machine, advise, look, report

WELL = Machine(
    python=(3, 11),
    has_venv=True,
    system="Linux",
    processor="x86_64",
    libc=(2, 36),
    cores=2,
    memory=24 * GIB,
    disk=80 * GIB,
    open_files=65_536,
    writable=(),
    loopback=True,
    registry=True,
    programs=("git", "cc", "chromium"),
    may_install=False,
)
NEEDED = [
    ({"system": "Darwin"}, "programs for Linux"),
    ({"processor": "riscv64"}, "Linux on riscv64"),
    ({"libc": ()}, "glibc 2.28"),
    ({"libc": (2, 17)}, "this is 2.17"),
    ({"python": (3, 9)}, "Python 3.11 or later; this is 3.9"),
    ({"has_venv": False}, "venv"),
    ({"memory": 2 * GIB}, "4 GiB of memory; there are 2.0"),
    ({"disk": GIB}, "5 GiB of free disk; there are 1.0"),
    ({"open_files": 1024}, "4,096 open files"),
    ({"writable": ("/root",)}, "write in /root"),
    ({"loopback": False}, "127.0.0.1"),
    ({"registry": False}, "package registry"),
]
FOR_TESTS = [
    ({"programs": ("cc", "chromium")}, "git"),
    ({"programs": ("git", "chromium")}, "C compiler"),
    ({"programs": ("git", "cc")}, "Chromium"),
    ({"cores": 1}, "second core"),
]


def test_a_machine_that_lacks_nothing_is_told_how_to_go_on():
    assert advise(WELL) == []
    assert "make up" in report([])
    assert advise(replace(WELL, registry=None)) == []


@pytest.mark.parametrize(("facts", "words"), NEEDED)
def test_what_is_needed_is_named_with_a_way_out(facts, words):
    [advice] = advise(replace(WELL, **facts))
    assert (words in advice.lack, advice.needed, bool(advice.way_out)) == (True, True, True)
    assert report([advice]).startswith("lacks: ")


@pytest.mark.parametrize(("facts", "words"), FOR_TESTS)
def test_what_tests_alone_need_stops_nobody(facts, words):
    [advice] = advise(replace(WELL, **facts))
    assert (words in advice.lack, advice.needed) == (True, False)
    assert report([advice]).endswith("make up works\n")


def test_root_with_apt_needs_no_chromium():
    assert advise(replace(WELL, programs=("git", "cc"), may_install=True)) == []


def test_what_is_needed_comes_first():
    advice = advise(replace(WELL, cores=1, loopback=False))
    assert [item.needed for item in advice] == [True, False]


def test_this_machine_runs_the_tests_and_lacks_nothing_needed():
    assert [advice for advice in advise(look()) if advice.needed] == []


def test_it_runs_without_what_is_installed():
    command = [sys.executable, "-I", "-S", str(ROOT / "deploy" / "doctor.py")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
