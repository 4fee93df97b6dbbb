"""What people sign in with beside a password: codes of an app (RFC 6238), a security key."""

import base64
import hashlib
import hmac
import struct
import time

from playwright.async_api import CDPSession, Page

_STEP_SECONDS = 30
_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code(secret: str, ahead: int = 0) -> str:
    """What an app with this secret shows now, or `ahead` steps of 30 s later."""
    key = base64.b32decode(secret.replace(" ", ""), casefold=True)
    counter = struct.pack(">Q", int(time.time()) // _STEP_SECONDS + ahead)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


async def plug_in(page: Page) -> tuple[CDPSession, str]:
    """A security key in the browser of this page; by session and id it can be pulled out again."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})
    return session, str(made["authenticatorId"])


async def pull_out(key: tuple[CDPSession, str]) -> None:
    """Take the key away, with what it knows."""
    session, authenticator = key
    await session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
