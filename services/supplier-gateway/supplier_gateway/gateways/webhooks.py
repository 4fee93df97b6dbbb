"""Calls to suppliers' endpoints: signed per Standard Webhooks, short, and not led elsewhere.

No redirect is followed, no proxy asked, no body of an answer read. The connection goes to the
address that was checked; Host and TLS name are the supplier's.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from uuid import UUID

import httpx
import structlog
from standardwebhooks import Webhook

from supplier_gateway.domain.deliveries import CallOutcome
from supplier_gateway.gateways.resolving import (
    Resolve,
    Target,
    TargetRefusedError,
    checked_target,
    system_resolver,
)
from supplier_gateway.gateways.vault import Secret

_log = structlog.get_logger(__name__)
CALL_SECONDS = 15.0
"""The whole call: name, connection, TLS, request and the head of the answer."""


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One attempt: where to, under which id, what, and what it is signed with."""

    url: str
    webhook_id: UUID
    body: str
    secrets: Sequence[Secret]


class WebhookCaller(Protocol):
    """Whoever carries calls to suppliers."""

    async def __call__(self, call: WebhookCall) -> CallOutcome:
        """Make one attempt; every way to fail is an outcome."""


def signed_headers(call: WebhookCall, at: datetime) -> httpx.Headers:
    """The three headers of Standard Webhooks 1.0; one signature per secret. at: aware, UTC."""
    webhook_id = str(call.webhook_id)
    signatures = [Webhook(secret.text).sign(webhook_id, at, call.body) for secret in call.secrets]
    return httpx.Headers(
        {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
    )


class HttpCaller:
    """Calls over HTTP.

    now: system time, UTC. private_allowed: calls inside the own network and without TLS; for demo
    and test only.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        private_allowed: bool,
        resolve: Resolve = system_resolver,
        trusted: ssl.SSLContext | None = None,
        seconds: float = CALL_SECONDS,
    ) -> None:
        self._now = now
        self._private_allowed = private_allowed
        self._resolve = resolve
        self._seconds = seconds
        # Connections are not kept: the pool knows addresses only, and two names may share one.
        self._client = httpx.AsyncClient(
            verify=trusted or ssl.create_default_context(),
            follow_redirects=False,
            trust_env=False,
            timeout=seconds,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def __call__(self, call: WebhookCall) -> CallOutcome:
        """One attempt, over after `seconds` whatever the other side does."""
        try:
            async with asyncio.timeout(self._seconds):
                target = await checked_target(
                    call.url, self._resolve, private_allowed=self._private_allowed
                )
                return await self._post(target, call)
        except TargetRefusedError:
            return CallOutcome("target_refused")
        except (TimeoutError, httpx.TimeoutException):
            return CallOutcome("timeout")
        except (httpx.HTTPError, OSError):
            return CallOutcome("unreachable")
        except (httpx.InvalidURL, UnicodeError) as error:
            # An address set before hosts were looked at: no name server and no TLS name takes it.
            return CallOutcome("target_refused", cause=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - whatever it is, this call is over
            _log.exception("webhook_call_failed", webhook_id=str(call.webhook_id))
            return CallOutcome("unreachable", cause=type(error).__name__)

    async def close(self) -> None:
        """Let go of what is open."""
        await self._client.aclose()

    async def _post(self, target: Target, call: WebhookCall) -> CallOutcome:
        at = self._now()
        headers = signed_headers(call, at)
        headers.update(
            {
                "host": _authority(target.host, target),
                "content-type": "application/json",
                "user-agent": "Marktbund/1",
            }
        )
        request = self._client.build_request(
            "POST",
            f"{target.scheme}://{_authority(target.address, target)}{target.path}",
            content=call.body.encode(),
            headers=headers,
            extensions={"sni_hostname": target.host},
        )
        answer = await self._client.send(request, stream=True)
        try:
            pause = _retry_after(answer.headers.get("retry-after"), at)
            return CallOutcome.of(answer.status_code, pause)
        finally:
            await answer.aclose()


def _authority(host: str, target: Target) -> str:
    named = f"[{host}]" if ":" in host else host
    default = {"https": 443, "http": 80}[target.scheme]
    return named if target.port == default else f"{named}:{target.port}"


def _retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 10.2.3); anything else is no wish."""
    if header is None:
        return None
    if header.isascii() and header.isdigit() and len(header) < 10:
        return timedelta(seconds=int(header))
    try:
        return parsedate_to_datetime(header) - now
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
