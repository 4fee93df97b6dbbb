"""Files that never change under their address: styles, fonts, one script."""

from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS = Path(__file__).parents[1] / "assets"
VENDORED = Path(__file__).parents[1] / "static"


class _Kept(StaticFiles):
    """Answers that browsers keep for a year: addresses carry a version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def mount(app: FastAPI) -> None:
    """Serve our own files, and those that npm brought (`python -m deploy.assets`)."""
    app.mount("/static", _Kept(directory=ASSETS), name="static")
    app.mount("/vendor", _Kept(directory=VENDORED, check_dir=False), name="vendor")


def version() -> str:
    """Changes with every change of our own files."""
    digest = sha256()
    for file in sorted(ASSETS.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
