"""Where people may be sent after signing in: nowhere but to a page of this portal."""

from urllib.parse import urlsplit

HOME = "/"


def safe_target(asked: str) -> str:
    """`asked` if it is a path of this portal, else the start page.

    Browsers read backslashes as slashes and drop control characters: both are refused.
    """
    if not asked.startswith("/") or asked.startswith("//") or "\\" in asked:
        return HOME
    if len(asked) > 500 or any(ord(letter) <= 32 or ord(letter) == 127 for letter in asked):
        return HOME
    parts = urlsplit(asked)
    if parts.scheme or parts.netloc:
        return HOME
    return asked
