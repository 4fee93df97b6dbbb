"""A time stamp authority's word, by RFC 3161, that a checkpoint existed at its time."""

import httpx
from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import TimeStampRequest

from documentation.domain.anchors import AnchoredCheckpoint, AnchorOutcome

SECONDS = 20.0
LARGEST = 100_000
"""Bytes of an answer; a token with its certificates has some thousands."""


class TimeStamps:
    """Asks one authority; an answer counts once it verifies against `roots`."""

    def __init__(self, url: str, roots: list[Certificate], *, seconds: float = SECONDS) -> None:
        self._url = url
        self._roots = roots
        self._seconds = seconds

    async def __call__(self, anchored: AnchoredCheckpoint) -> AnchorOutcome:
        """One attempt; every way to fail is an outcome. The receipt is the answer, DER."""
        builder = TimestampRequestBuilder().data(anchored.document)
        request = builder.hash_algorithm(HashAlgorithm.SHA256).build()
        try:
            answer = await self._asked(request.as_bytes())
            response = decode_timestamp_response(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return AnchorOutcome(False, type(error).__name__)
        except _RefusedError as refused:
            return AnchorOutcome(False, str(refused))
        except ValueError:
            return AnchorOutcome(False, "unreadable")
        return self._judged(request, response, anchored.document, answer)

    def _judged(
        self, request: TimeStampRequest, response: TimeStampResponse, data: bytes, answer: bytes
    ) -> AnchorOutcome:
        # Made by hand: the builder's own lists are shared between its copies.
        verifier = VerifierBuilder(nonce=request.nonce, roots=list(self._roots)).build()
        try:
            verifier.verify_message(response, data)
        except (VerificationError, ValueError):
            return AnchorOutcome(False, "not_verified")
        return AnchorOutcome(True, receipt=answer)

    async def _asked(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        async with (
            httpx.AsyncClient(timeout=self._seconds, follow_redirects=False) as client,
            client.stream("POST", self._url, content=query, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise _RefusedError(f"http_{answer.status_code}")
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise _RefusedError("too_large")
            return body


class _RefusedError(Exception):
    """The authority answered, and not with a token."""
