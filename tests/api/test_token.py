"""A token is had only by a client's own valid key, once for each assertion, and not for long."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from kelmu.core import clock
from tests.api.calling import AUDIENCE, System, seconds_from_now
from tests.world import World
from tools.cast.api_keys import assertion, public_jwk

YESTERDAY = clock.today() - timedelta(days=1)


def refused(answer: HttpResponse, status: int = 401, error: str = "invalid_client") -> bool:
    return (answer.status_code, json.loads(answer.content)) == (status, {"error": error})


def test_a_client_with_its_key_gets_a_short_lived_token(system: System, world: World) -> None:
    answer = system.ask_token()
    told = json.loads(answer.content)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 600)
    assert set(told) == {"token_type", "expires_in", "access_token"}
    [entry] = world.entries(organisation_id=system.body.organisation_id, action="api_token")
    assert (entry["detail"], entry["channel"], entry["vouched"]) == (system.client_id, "api", True)


def test_only_the_digest_of_a_token_is_kept(system: System, world: World) -> None:
    token = system.token()
    kept = world.database.run("SELECT token_hash, t::text FROM identity.api_token t")
    assert hashlib.sha256(token.encode()).digest() in [row[0] for row in kept]
    assert token not in str(kept)


def test_an_assertion_is_good_once(system: System) -> None:
    signed = assertion(system.key, system.client_id, AUDIENCE)
    assert system.ask_token(signed).status_code == 200
    assert refused(system.ask_token(signed))


def test_the_same_jti_of_another_client_is_another(system: System, world: World) -> None:
    other = System(world, world.body(channels=("api",))).register()
    for one in (system, other):
        signed = assertion(one.key, one.client_id, AUDIENCE, jti="the-same-jti")
        assert one.ask_token(signed).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "http://127.0.0.1:8000/"},
        {"aud": "https://elsewhere.example/api/v1/token"},
        {"iss": "somebody-else"},
        {"sub": "somebody-else"},
        {"sub": 7},
        {"sub": "x\0y"},
        {"jti": None},
        {"jti": "short"},
        {"jti": 12345678},
        {"jti": "j" * 201},
        {"exp": None},
        {"exp": "soon"},
        {"exp": timedelta(seconds=-3600)},
        {"exp": timedelta(seconds=3600)},
        {"exp": 1e300},
        {"nbf": timedelta(seconds=3600)},
    ],
    ids=lambda claims: ",".join(f"{name}={value}"[:30] for name, value in claims.items()).replace("\0", ""),
)
def test_an_assertion_that_says_anything_else_is_refused(system: System, claims: dict[str, Any]) -> None:
    # Spans count from the test, not from when it was collected: its name stays the same in every process.
    claims = {
        name: seconds_from_now(int(value.total_seconds())) if isinstance(value, timedelta) else value
        for name, value in claims.items()
    }
    told = {
        "iss": system.client_id, "sub": system.client_id, "aud": AUDIENCE, "exp": seconds_from_now(60),
        "jti": "a-jti-of-its-own", **claims,
    }  # fmt: skip
    told = {name: value for name, value in told.items() if value is not None}
    header = {"alg": "ES256", "kid": system.key.thumbprint()}
    assert refused(system.ask_token(jwt.encode(header, told, system.key)))


def test_a_key_that_is_not_the_clients_is_refused(system: System, world: World) -> None:
    other = System(world, system.body).register()
    assert refused(system.ask_token(assertion(other.key, system.client_id, AUDIENCE)))
    stranger = ECKey.generate_key("P-256", private=True)
    assert refused(system.ask_token(assertion(stranger, system.client_id, AUDIENCE)))
    claims = {"iss": system.client_id, "sub": system.client_id, "aud": AUDIENCE, "exp": seconds_from_now(60),
              "jti": "a-jti-of-its-own"}  # fmt: skip
    # Signed with somebody else's key under the name of the client's own.
    header = {"alg": "ES256", "kid": system.key.thumbprint()}
    assert refused(system.ask_token(jwt.encode(header, claims, stranger)))


def test_a_public_key_is_no_shared_secret(system: System) -> None:
    public = json.dumps(dict(public_jwk(system.key))).encode()
    claims = {"iss": system.client_id, "sub": system.client_id, "aud": AUDIENCE, "exp": seconds_from_now(60),
              "jti": "a-jti-of-its-own"}  # fmt: skip
    header = {"alg": "HS256", "kid": system.key.thumbprint()}
    assert refused(system.ask_token(jwt.encode(header, claims, OctKey.import_key(public))))


@pytest.mark.parametrize(
    "signed", ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "..", "eyJhbGciOiJFUzI1NiJ9.W10.AA"]
)
def test_what_is_no_assertion_is_refused(system: System, signed: str) -> None:
    assert refused(system.ask_token(signed or " "))


def test_keys_change_without_a_gap_and_an_old_one_ends(system: System) -> None:
    new = ECKey.generate_key("P-256", private=True)
    system.add_key(new)
    assert system.ask_token(assertion(new, system.client_id, AUDIENCE)).status_code == 200
    assert system.ask_token().status_code == 200
    system.run(
        "UPDATE organisations.api_client_key SET valid_from = %s, valid_to = %s WHERE key_id = %s",
        YESTERDAY, YESTERDAY, system.key.thumbprint(),
    )  # fmt: skip
    assert refused(system.ask_token())
    assert system.ask_token(assertion(new, system.client_id, AUDIENCE)).status_code == 200


def test_a_client_that_has_ended_is_refused(world: World, system: System) -> None:
    ended = System(world, system.body).register(valid_to=YESTERDAY)
    assert refused(ended.ask_token())


@pytest.mark.parametrize("change", [{"channels": ["web"]}, {"valid_to": YESTERDAY}], ids=["channel", "day"])
def test_an_agreement_not_in_force_gives_no_token(
    system: System, world: World, change: dict[str, Any]
) -> None:
    world.change_agreement(system.body, **change)
    assert refused(system.ask_token(), 400, "unauthorized_client")


def test_only_client_credentials_are_served(system: System) -> None:
    assert refused(system.ask_token(grant_type="authorization_code"), 400, "unsupported_grant_type")
    assert refused(system.ask_token(client_assertion_type="urn:other"))
    assert system.http.get("/api/v1/token").status_code == 405
