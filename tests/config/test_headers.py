"""What every answer tells the browser, and what cookies are like over HTTPS and over plain HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kelmu.config.request_log import RequestLogMiddleware
from kelmu.config.security_headers import SecurityHeadersMiddleware, content_security_policy


def answer(response: HttpResponse | None = None) -> HttpResponse:
    """An answer of ours to a plain request."""
    middleware = SecurityHeadersMiddleware(lambda _request: response or HttpResponse("page"))
    return middleware(RequestFactory().get("/"))


def policy_of(response: HttpResponse) -> dict[str, list[str]]:
    directives = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in directives}


def test_a_page_may_load_only_its_own_files_and_run_nothing_inline() -> None:
    policy = policy_of(answer())

    assert policy["default-src"] == ["'none'"]
    for kind in ("style-src", "script-src", "font-src", "connect-src"):
        assert policy[kind] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert "unsafe" not in json.dumps(policy)


def test_forms_may_lead_only_to_us_and_to_the_services_that_sign_people_in() -> None:
    policy = content_security_policy(
        settings.KELMU.model_copy(
            update={
                "oidc_issuer": "https://id.example/op",
                "mandates_url": "https://mandates.example:8443/api",
                "sign_in_origins": ("https://pages.example",),
            }
        )
    )

    assert (
        "form-action 'self' https://id.example https://mandates.example:8443 https://pages.example;" in policy
    )


def test_no_page_is_stored_and_no_other_site_gets_hold_of_it() -> None:
    headers = answer().headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert settings.SECURE_CROSS_ORIGIN_OPENER_POLICY == "same-origin"
    assert settings.SECURE_REFERRER_POLICY == "same-origin"


def test_static_files_keep_their_own_caching() -> None:
    response = HttpResponse("css", headers={"Cache-Control": "max-age=315360000, immutable"})

    assert answer(response).headers["Cache-Control"] == "max-age=315360000, immutable"


def settings_of(**variables: str) -> dict[str, object]:
    """Django's settings in a process of its own with that environment."""
    program = (
        "import json; import kelmu.config.settings as s;"
        "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper() and isinstance(getattr(s, n),"
        " (bool, int, str, list, tuple))}, default=str))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    settings_there: dict[str, object] = json.loads(done.stdout)
    return settings_there


def test_over_https_cookies_are_secure_and_bound_to_the_host(production: pytest.MonkeyPatch) -> None:
    there = settings_of()

    for cookie in ("SESSION", "CSRF"):
        name = there[f"{cookie}_COOKIE_NAME"]
        assert isinstance(name, str)
        assert name.startswith("__Host-")
        assert there[f"{cookie}_COOKIE_SECURE"] is True
        assert there[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert there[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert there["SECURE_HSTS_SECONDS"] == 63072000
    assert there["SECURE_SSL_REDIRECT"] is True
    assert there["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert there["ALLOWED_HOSTS"] == ["kelmu.example"]
    assert there["DEBUG"] is False


def test_over_plain_http_cookies_can_be_sent_back() -> None:
    there = settings_of()

    for cookie in ("SESSION", "CSRF"):
        assert there[f"{cookie}_COOKIE_SECURE"] is False
        assert "__Host-" not in str(there[f"{cookie}_COOKIE_NAME"])
        assert there[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert there["SECURE_HSTS_SECONDS"] == 0
    assert there["SECURE_SSL_REDIRECT"] is False


def test_a_proxys_word_on_tls_counts_only_where_there_is_one(production: pytest.MonkeyPatch) -> None:
    production.setenv("KELMU_BEHIND_TLS_PROXY", "false")
    production.setenv("KELMU_ENVIRONMENT", "test")

    assert settings_of().get("SECURE_PROXY_SSL_HEADER") is None


def test_a_request_is_logged_by_route_and_never_by_path(capsys: pytest.CaptureFixture[str]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("page", status=422)

    response = RequestLogMiddleware(view)(
        RequestFactory().post("/clients/?q=010190-912A", {"code": "010190-912A"})
    )

    (line,) = capsys.readouterr().err.splitlines()
    logged = json.loads(line)
    assert "010190-" not in line
    assert "/clients" not in line
    assert (logged["route"], logged["method"], logged["status"]) == ("none", "POST", 422)
    assert logged["request_id"] == response.headers["X-Request-Id"]
