"""Nothing answers the unknown or a browser's session; everything is described."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from ninja.operation import Operation

from kelmu.api.authentication import ClientToken
from kelmu.api.urls import api
from kelmu.policy import Action
from tests.api.calling import System, assert_problem, inquiry_body
from tests.world import World

DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"
OWN_AUTHENTICATION = {"token"}


def operations() -> Iterator[Operation]:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def described() -> dict[str, object]:
    schema: dict[str, object] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str)
    )
    return schema


def test_every_operation_is_authenticated_and_declares_its_action() -> None:
    found = {operation.view_func.__name__: operation for operation in operations()}
    assert len(found) == 12
    for name, operation in found.items():
        assert isinstance(getattr(operation.view_func, "action", None), Action), name
        kinds = [type(auth) for auth in operation.auth_callbacks]
        assert kinds == ([] if name in OWN_AUTHENTICATION else [ClientToken]), name


def test_every_operation_refuses_whoever_brings_no_token(system: System) -> None:
    for path, methods in described()["paths"].items():  # type: ignore[attr-defined] # JSON
        for method in methods:
            if path.strip("/").rsplit("/", 1)[1] in OWN_AUTHENTICATION:
                continue
            for token in (None, "", "x", "A" * 43, system.token() + "x"):
                headers = {} if token is None else {"Authorization": f"Bearer {token}"}
                address = path.format(notice_id=uuid.uuid4(), place=1)
                answer = system.http.generic(
                    method.upper(),
                    address,
                    json.dumps(inquiry_body("-")),
                    "application/json",
                    headers=headers,
                )
                assert_problem(answer, 401, "not-authenticated")  # type: ignore[arg-type] # the test client's


@pytest.mark.parametrize("scheme", ["Basic {}", "{}", "Token {}", "Bearer  {}"])
def test_a_token_counts_only_as_a_bearer_token(system: System, scheme: str) -> None:
    answer = system.http.get("/api/v1/me", headers={"Authorization": scheme.format(system.token())})
    assert_problem(answer, 401, "not-authenticated")  # type: ignore[arg-type] # the test client's


def test_a_browsers_session_counts_for_nothing(system: System, world: World) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["acting"] = world.begin(system.body, world.person())
    store.save()
    browser = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    browser.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    assert_problem(browser.get("/api/v1/me"), 401, "not-authenticated")  # type: ignore[arg-type] # the test client's
    answer: HttpResponse = system.get("/api/v1/me", system.token())
    assert not answer.cookies


def test_a_client_is_told_who_it_is_and_what_it_may_ask(system: System) -> None:
    told = json.loads(system.get("/api/v1/me", system.token()).content)
    assert told["client_id"] == system.client_id
    assert told["organisation"]["business_id"] == system.body.business_id
    assert told["agreement"]["organisation_type"] == "wellbeing_county"
    assert told["mandates"] == ["benefit_view_and_claims"]
    assert "social_assistance" in told["purposes"]


def test_other_addresses_methods_and_media_types_are_problems_too(system: System) -> None:
    http, token = system.http, f"Bearer {system.token()}"
    for path in ("/api/", "/api/v1/", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/inquiries/1"):
        assert_problem(http.get(path), 404, "not-there")  # type: ignore[arg-type] # the test client's
    answer = http.get("/api/v1/inquiries", headers={"Authorization": token})
    assert_problem(answer, 405, "method-not-allowed")  # type: ignore[arg-type] # the test client's
    assert answer.headers["Allow"] == "POST"
    answer = http.post("/api/v1/inquiries", {"personal_id": "x"}, headers={"Authorization": token})
    assert_problem(answer, 415, "wrong-media-type")  # type: ignore[arg-type] # the test client's


def test_no_address_of_the_interface_lies_elsewhere() -> None:
    ours = [str(p.pattern) for p in get_resolver().url_patterns[0].url_patterns]  # type: ignore[union-attr] # an include
    assert ours == [
        "api/v1/token", "api/v1/me", "api/v1/inquiries", "api/v1/notices", "api/v1/notices/acknowledgement",
        "api/v1/notices/<uuidstr:notice_id>/attachments/<int:place>",
        "api/v1/notices/<uuidstr:notice_id>/transfer", "api/v1/notices/<uuidstr:notice_id>/outcome",
        "api/v1/kela/notices", "api/v1/kela/answers", "api/v1/kela/answers/acknowledgement",
        "api/v1/kela/answers/requests", "^api/",
    ]  # fmt: skip


def test_the_committed_description_is_the_codes() -> None:
    """KELMU_UPDATE=1 writes it anew."""
    text = json.dumps(described(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("KELMU_UPDATE"):
        DESCRIPTION.write_text(text)
    assert text == DESCRIPTION.read_text()
