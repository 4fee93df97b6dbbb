"""What Keycloak's administration answers."""

import httpx


def done(answer: httpx.Response) -> httpx.Response:
    """The answer itself. Raises httpx.HTTPStatusError, with Keycloak's words, for a refusal."""
    if answer.is_error:
        text = f"Keycloak refused {answer.request.url.path}: {answer.status_code} {answer.text}"
        raise httpx.HTTPStatusError(text, request=answer.request, response=answer)
    return answer
