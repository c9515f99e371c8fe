"""A token of the machine interface for a system of the cast."""

from __future__ import annotations

from pathlib import Path

import httpx

from tools.cast.api_keys import assertion, client_key

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def take_token(http: httpx.Client, address: str, keys: Path, client_id: str) -> httpx.Response:
    """Ask for a token with the system's key from a folder, and send it with every further request.

    The answer is given back as it came: where it is no success, no token is sent.
    """
    told = assertion(client_key(keys, client_id), client_id, f"{address}/api/v1/token")
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": told,
    }
    answer = http.post("/api/v1/token", data=form)
    if answer.is_success:
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return answer
