"""What only pages need stands before pages and not before the machine interface."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

HOST = "127.0.0.1:8000"
MACHINES = ("/api/v1/me", "/api/v1/inquiries", "/api/no-such-address")


@pytest.mark.parametrize("path", MACHINES)
def test_a_system_is_given_neither_cookie_nor_language_but_a_length(path: str) -> None:
    client = Client(headers={"host": HOST})
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    answer = client.get(path)
    assert not answer.cookies
    assert not {"Content-Language", "Vary"} & set(answer.headers)
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", [*MACHINES, "/help/"])
def test_an_answer_under_a_foreign_name_is_refused(path: str) -> None:
    assert Client(headers={"host": "elsewhere.example"}).get(path).status_code == 400


def test_a_page_has_a_language_and_takes_only_forms_of_our_own() -> None:
    client = Client(headers={"host": HOST}, enforce_csrf_checks=True)
    assert client.get("/help/").headers["Content-Language"] == "fi"
    client.get("/settings/")
    assert client.post("/settings/", {"language": "sv"}).status_code == 403
    own = {"language": "sv", "csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}
    assert client.post("/settings/", own).status_code != 403
