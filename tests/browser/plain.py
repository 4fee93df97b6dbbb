"""What stands on a page for people to read: no name of a program's, no id.

In: a page. Out: identifiers with an underscore and UUIDs in its text. The evidence part, which is
there to be compared by programs, is left out; attributes such as href are no text.
"""

import re

from playwright.async_api import Page

_IDENTIFIER = re.compile(
    r"\b[0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}\b|\b\w*[A-Za-z0-9]_[A-Za-z0-9]\w*\b"
)
_TEXT = """() => {
  const page = document.body.cloneNode(true);
  page.querySelectorAll("script, style, .evidence").forEach(part => part.remove());
  const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const lines = [document.title];
  while (texts.nextNode()) lines.push(texts.currentNode.data);
  return lines.join("\\n");
}"""


def identifiers_in(text: str) -> list[str]:
    """The identifiers in a text, each as often as it stands there."""
    return _IDENTIFIER.findall(text)


async def identifiers(page: Page) -> list[str]:
    """What people would have to read on a page that only programs understand."""
    return identifiers_in(await page.evaluate(_TEXT))
