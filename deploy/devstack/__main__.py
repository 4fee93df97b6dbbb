"""The commands behind `make up`, `make down`, `make status` and `make logs`.

In: `python -m deploy.devstack up|down|status|logs|reset|train` and a deployment's name. Out:
progress with elapsed seconds, a table or log lines; exit code 0 when all that was asked for is so.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from deploy.devstack.deployment import DEPLOYMENTS, Deployment, Places
from deploy.devstack.provisioning import ProvisioningError
from deploy.devstack.service_plan import addresses
from deploy.devstack.stack import reset, start, stop
from deploy.devstack.status import log_files, show_status
from marktbund.testing.engines.archive import train
from marktbund.testing.engines.errors import EngineError

_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.devstack")
    parser.add_argument("command", choices=["up", "down", "status", "logs", "reset", "train"])
    names = {deployment.name: deployment for deployment in DEPLOYMENTS}
    parser.add_argument("--deployment", choices=sorted(names), default="main")
    parser.add_argument("--only", help="logs: one program")
    parser.add_argument("--follow", action="store_true", help="logs: go on until Ctrl-C")
    parser.add_argument("--seconds", type=float, default=1.0, help="status: how long to measure")
    asked = parser.parse_args(arguments)
    console = Console()
    try:
        return _run(asked, names[asked.deployment], console)
    except (EngineError, ProvisioningError) as error:
        console.print(f"[red]failed:[/red] {escape(str(error))}")
        return 1
    except KeyboardInterrupt:
        console.print("interrupted; run the command again to go on")
        return _INTERRUPTED


def _run(asked: argparse.Namespace, deployment: Deployment, console: Console) -> int:
    places = Places()
    progress = _progress(console)
    if asked.command == "up":
        start(deployment, places, progress)
        for name, url in addresses(deployment, places).items():
            console.print(f"  {name:<18} {url}")
        progress("up")
    elif asked.command == "down":
        for ended in DEPLOYMENTS if asked.deployment == "main" else (deployment,):
            stop(ended, places, progress)
    elif asked.command == "reset":
        reset(deployment, places, progress)
    elif asked.command == "train":
        progress("training Java's start archive for Kafka, once per machine")
        progress("trained" if train(places.cache) else "it is there already")
    elif asked.command == "logs":
        _logs(log_files(places, asked.only), console, follow=asked.follow)
    else:
        return 0 if show_status(places, console, asked.seconds) else 1
    return 0


def _progress(console: Console) -> Callable[[str], None]:
    begun = time.monotonic()

    def progress(step: str) -> None:
        console.print(f"[dim]{time.monotonic() - begun:6.2f} s[/dim]  {escape(step)}")

    return progress


def _logs(files: list[Path], console: Console, *, follow: bool, last: int = 20) -> None:
    positions: dict[Path, int] = {}
    for file in files:
        if file.exists():
            text = file.read_text(errors="replace")
            positions[file] = len(text.encode())
            for line in text.splitlines()[-last:]:
                console.print(f"{file.stem:<18} {line}", markup=False, highlight=False)
    while follow:
        for file in files:
            with file.open("rb") if file.exists() else Path("/dev/null").open("rb") as stream:
                stream.seek(positions.get(file, 0))
                fresh = stream.read()
            positions[file] = positions.get(file, 0) + len(fresh)
            for line in fresh.decode(errors="replace").splitlines():
                console.print(f"{file.stem:<18} {line}", markup=False, highlight=False)
        time.sleep(0.3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
