"""axe-core from npm, by the committed lock; what it finds on a page, each with its place.

In: npm/package-lock.json and a page. Out: violations of WCAG 2.2 A and AA and of axe's own good
practice, as short lines.
"""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

from tests.npm import installed

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
    sentences: list[str] = await page.evaluate(_RUN)
    return sentences


@cache
def _source() -> str:
    return installed(PACKAGE, SCRIPT).read_text()
