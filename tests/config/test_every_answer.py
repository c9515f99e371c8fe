"""Every answer carries the headers, and this test sees each of them missing or weakened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.conf import settings
from django.test import Client, override_settings

from kelmu.config import security_headers

HOST = "127.0.0.1:8000"
PAGES = [
    "/",
    "/sign-in/",
    "/help/",
    "/session-ended/",
    "/clients/",
    "/no-such-page/",
    "/health/live",
    "/api/v1/me",
    "/api/no/",
]
SELF_ONLY = ("style-src", "script-src", "font-src", "connect-src")


def weaknesses(headers: Mapping[str, str]) -> set[str]:
    """What a set of headers lets a browser do that it should not."""
    policy = {
        name: values
        for name, *values in (
            part.split() for part in headers.get("Content-Security-Policy", "").split(";") if part
        )
    }
    found = {f"CSP {name}" for name in SELF_ONLY if policy.get(name) != ["'self'"]}
    for name in ("default-src", "frame-ancestors", "base-uri"):
        if policy.get(name) != ["'none'"]:
            found.add(f"CSP {name}")
    if policy.get("img-src") != ["'self'", "data:"]:
        found.add("CSP img-src")
    if policy.get("form-action", [""])[0] != "'self'" or "*" in str(policy.get("form-action")):
        found.add("CSP form-action")
    if set(policy) - {*SELF_ONLY, "default-src", "frame-ancestors", "base-uri", "img-src", "form-action"}:
        found.add("CSP: more than what is known")
    wanted = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        # Not "no-referrer": browsers then hide a form's origin, which the check of forms needs.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }
    found |= {name for name, value in wanted.items() if headers.get(name) != value}
    off = headers.get("Permissions-Policy", "")
    found |= {
        f"Permissions-Policy {name}" for name in ("camera", "geolocation", "usb") if f"{name}=()" not in off
    }
    return found


def answer(path: str = "/help/") -> Mapping[str, str]:
    return dict(Client(headers={"host": HOST}).get(path).items())


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_as_closed_as_can_be(path: str) -> None:
    assert weaknesses(answer(path)) == set()


@pytest.mark.parametrize("name", sorted(security_headers.SecurityHeadersMiddleware(lambda _: None).headers))  # type: ignore[arg-type, return-value] # never called
def test_a_header_left_out_is_seen(name: str) -> None:
    headers = dict(answer())
    del headers[name]
    assert any(found.startswith(("CSP", name)) for found in weaknesses(headers))


@pytest.mark.parametrize(
    "weaken",
    [
        lambda policy: policy.replace("default-src 'none'", "default-src 'self'"),
        lambda policy: policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        lambda policy: policy.replace("script-src 'self'; ", ""),
        lambda policy: policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
        lambda policy: policy.replace("img-src 'self' data:", "img-src 'self' data: https:"),
        lambda policy: policy.replace("font-src 'self'", "font-src 'self' data:"),
        lambda policy: policy.replace("connect-src 'self'", "connect-src *"),
        lambda policy: policy.replace("form-action 'self'", "form-action * 'self'"),
        lambda policy: policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
        lambda policy: policy.replace("; base-uri 'none'", ""),
        lambda policy: policy + "; object-src 'self'",
    ],
)
def test_a_weaker_policy_is_seen(weaken: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    weaker = weaken(security_headers.content_security_policy(settings.KELMU))
    monkeypatch.setattr(security_headers, "content_security_policy", lambda _environment: weaker)
    assert any(found.startswith("CSP") for found in weaknesses(answer()))


@pytest.mark.parametrize(
    ("setting", "value", "header"),
    [
        ("SECURE_CROSS_ORIGIN_OPENER_POLICY", None, "Cross-Origin-Opener-Policy"),
        ("SECURE_REFERRER_POLICY", "unsafe-url", "Referrer-Policy"),
        ("SECURE_CONTENT_TYPE_NOSNIFF", False, "X-Content-Type-Options"),
    ],
)
def test_a_setting_turned_the_other_way_is_seen(setting: str, value: object, header: str) -> None:
    with override_settings(**{setting: value}):
        assert weaknesses(answer()) == {header}
