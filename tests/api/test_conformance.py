"""The running interface keeps what its committed description promises, whatever is sent to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.calling import ASSERTION_TYPE, NOTICES, VIEW, System
from tests.api.server import serving
from tests.api.test_surface import DESCRIPTION
from tests.databases import Database
from tests.world import World
from tools.cast.api_keys import assertion

EXAMPLES = 40
CHECKS = [
    allow_header_conformance, content_type_conformance, ignored_auth, not_a_server_error,
    response_headers_conformance,
    response_schema_conformance, status_code_conformance, unsupported_method,
]  # fmt: skip
SCHEMA = schemathesis.openapi.from_dict(json.loads(DESCRIPTION.read_text()))
OPERATIONS = {
    result.ok().label: result.ok()  # type: ignore[union-attr] # the description is valid, or this fails
    for result in SCHEMA.get_all_operations()
}
# Nothing can be sent wrong where there is no body.
TRIED = [
    (label, mode)
    for label, operation in OPERATIONS.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.body
]


@pytest.fixture(scope="module")
def known(clean_database: Database) -> list[str]:
    """Identity codes: given, asked about, not available."""
    world = World(clean_database)
    people = [world.person(), world.person(lives_in="853"), world.protect(world.person())]
    world.payment(people[0])
    return [somebody.personal_id for somebody in people]


@pytest.fixture(scope="module")
def address(clean_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(clean_database, tmp_path_factory.mktemp("api") / "server.log") as address:
        yield address


@pytest.fixture(scope="module")
def token(clean_database: Database, address: str) -> str:
    world = World(clean_database)
    system = System(world, world.body(channels=("api",))).register(mandates=(VIEW, NOTICES))
    form = {
        "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(system.key, system.client_id, f"{address}/api/v1/token"),
    }  # fmt: skip
    answer = httpx.post(f"{address}/api/v1/token", data=form, trust_env=False)
    return str(answer.json()["access_token"])


@pytest.mark.parametrize(("label", "mode"), TRIED)
def test_whatever_is_sent_the_answer_is_a_described_one(
    label: str, mode: GenerationMode, address: str, token: str, known: list[str]
) -> None:
    operation = OPERATIONS[label]

    @given(case=operation.as_strategy(generation_mode=mode), code=st.sampled_from(known), swap=st.booleans())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def keeps_its_word(case: Case[Any], code: str, swap: bool) -> None:
        if swap and isinstance(case.body, dict) and "personal_id" in case.body:
            case.body["personal_id"] = code
        answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)

    keeps_its_word()
