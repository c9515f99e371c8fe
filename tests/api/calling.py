"""An organisation's system in front of the machine interface."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from joserfc.jwk import ECKey

from tests.world import LONG_AGO, Body, Somebody, World
from tools.cast.api_keys import assertion, public_jwk

HOST = "127.0.0.1:8000"
AUDIENCE = f"http://{HOST}/api/v1/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
VIEW = "benefit_view_and_claims"
NOTICES = "social_assistance_and_welfare"
PURPOSE = "social_assistance"


def assert_problem(answer: HttpResponse, status: int, name: str) -> dict[str, Any]:
    """The members of a problem of that status and name."""
    body: dict[str, Any] = json.loads(answer.content)
    assert answer.status_code == status, body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["type"] == f"tag:kelmu,2026:problem:{name}"
    assert body["status"] == status
    return body


@dataclass
class System:
    """A client with a key of its own, registered as the owner would register it."""

    world: World
    body: Body
    client_id: str = field(default_factory=lambda: f"system-{uuid.uuid4().hex[:8]}")
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", private=True))
    http: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000"))

    def register(self, *, mandates: tuple[str, ...] = (VIEW,), **columns: Any) -> System:
        """Put client, key and the agreement's mandates into the tables."""
        self.world.change_agreement(self.body, machine_mandates=list(mandates))
        with self.world.database.connect("kelmu_owner") as owner:
            owner.execute(
                "INSERT INTO organisations.api_client (client_id, agreement_id, name, valid_from, valid_to)"
                " VALUES (%s, %s, 'Koe', %s, %s)",
                [self.client_id, self.body.agreement_id, columns.get("valid_from", LONG_AGO),
                 columns.get("valid_to")],
            )  # fmt: skip
        return self.add_key(self.key, valid_to=columns.get("key_valid_to"))

    def add_key(self, key: ECKey, *, valid_to: Any = None) -> System:
        """Give the client a further key."""
        jwk = public_jwk(key)
        with self.world.database.connect("kelmu_owner") as owner:
            owner.execute(
                "INSERT INTO organisations.api_client_key VALUES (%s, %s, %s, %s, %s)",
                [self.client_id, jwk["kid"], json.dumps(dict(jwk)), LONG_AGO, valid_to],
            )
        return self

    def run(self, query: Any, *values: Any) -> None:
        """Run a statement as the owner."""
        with self.world.database.connect("kelmu_owner") as owner:
            owner.execute(query, values)

    def ask_token(self, signed: str | None = None, **form: str) -> HttpResponse:
        """Post to the token endpoint."""
        told = {
            "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": signed or assertion(self.key, self.client_id, AUDIENCE), **form,
        }  # fmt: skip
        return self.http.post("/api/v1/token", urlencode(told), content_type=FORM)  # type: ignore[return-value] # the test client's

    def token(self) -> str:
        """A fresh access token."""
        answer = self.ask_token()
        assert answer.status_code == 200, answer.content
        return str(json.loads(answer.content)["access_token"])

    def get(self, path: str, token: str | None, **more: str) -> HttpResponse:
        """GET with a token, and further headers."""
        headers = more if token is None else {"Authorization": f"Bearer {token}", **more}
        return self.http.get(path, headers=headers)  # type: ignore[return-value] # the test client's

    def inquire(
        self, client: Somebody | None = None, token: str | None = None, **changes: Any
    ) -> HttpResponse:
        """Make an inquiry; ``changes`` replace members of the body."""
        body = {**inquiry_body(client.personal_id if client else "-"), **changes}
        return self.post(body, token or self.token())

    def post(self, body: Any, token: str | None, path: str = "/api/v1/inquiries") -> HttpResponse:
        """POST a body, to the inquiries unless told."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.http.post(path, text, content_type="application/json", headers=headers)  # type: ignore[return-value] # the test client's


def inquiry_body(personal_id: str) -> dict[str, Any]:
    """A complete inquiry, the official named by an id only."""
    return {
        "personal_id": personal_id, "purpose": PURPOSE, "case_reference": "A-17/2026", "told_client": True,
        "official": {"id": "u-4711"},
    }  # fmt: skip


def seconds_from_now(seconds: int) -> int:
    """A moment as a JWT tells it."""
    return int(time.time()) + seconds
