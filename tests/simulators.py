"""The simulators of identification and mandates in tests, and a visitor who goes through their pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from django.conf import settings

from kelmu.identity.configuration import SELECTION_RETURN, SIGN_IN_RETURN, SIGNED_OUT
from kelmu.identity.oidc.keys import OwnKeys
from tools.cast import Cast
from tools.simulators.starting import (
    MandateClient,
    OidcClient,
    Simulator,
    free_port,
    start_identification,
    start_mandates,
)

TEST_LEVELS = ("http://ftn.ficora.fi/2017/loatest2", "http://ftn.ficora.fi/2017/loatest3")


def own_keys() -> OwnKeys:
    """The service's keys of this test run."""
    given = settings.KELMU
    return OwnKeys.from_files(given.oidc_signing_key_file, given.oidc_encryption_key_file)


def identification_for(
    public_url: str, *, cast: Cast | None = None, dialect: str = "ftn", **client: str
) -> Simulator:
    """An identification provider that knows the service at ``public_url``."""
    known = OidcClient(
        redirect_uris=[public_url + SIGN_IN_RETURN],
        signed_out_uris=[public_url + SIGNED_OUT],
        jwks=own_keys().published,
        client_id=settings.KELMU.oidc_client_id,
        **client,
    )
    return start_identification(free_port(), known, cast=cast, dialect=dialect)


def mandates_for(public_url: str, *, cast: Cast | None = None) -> Simulator:
    """A mandate service that knows the service at ``public_url``."""
    given = settings.KELMU
    known = MandateClient(
        redirect_uris=[public_url + SELECTION_RETURN],
        client_id=given.mandates_client_id,
        api_key=given.mandates_api_key.get_secret_value(),
        oauth_password=given.mandates_oauth_password.get_secret_value(),
    )
    return start_mandates(free_port(), known, cast=cast)


@dataclass(frozen=True)
class Simulators:
    """Both of them, running, and the service's settings pointed at them."""

    identification: Simulator
    mandates: Simulator

    def reset(self) -> None:
        """Turn every switch back."""
        self.identification.control("fault", fault="none")
        self.mandates.control("reset")


@contextmanager
def running(public_url: str, *, cast: Cast | None = None) -> Iterator[Simulators]:
    """Start both and point ``settings.KELMU`` at them for as long as the block lasts."""
    identification = identification_for(public_url, cast=cast)
    try:
        mandates = mandates_for(public_url, cast=cast)
    except BaseException:
        identification.stop()
        raise
    before = settings.KELMU
    settings.KELMU = before.model_copy(
        update={
            "public_url": public_url,
            "oidc_issuer": identification.url,
            "oidc_levels": TEST_LEVELS,
            "mandates_url": mandates.url,
        }
    )
    try:
        yield Simulators(identification, mandates)
    finally:
        settings.KELMU = before
        mandates.stop()
        identification.stop()


class Visitor:
    """A person with a browser of her own at Suomi.fi: follows its pages until it sends her back."""

    def __init__(self) -> None:
        self._http = httpx.Client(follow_redirects=False, timeout=20)

    def close(self) -> None:
        """Close the browser."""
        self._http.close()

    def identify(self, address: str, person: str, method: str = "bank") -> str:
        """Choose a method and a person of the cast (by key); the address she is sent back to."""
        page, html = self._open(address)
        page, html = self._open(urljoin(page, _link(html, f"method={method}")))
        return self._post(urljoin(page, "identify"), {"method": method, "person": person})

    def cancel(self, address: str) -> str:
        """Back out at the first page."""
        page, _html = self._open(address)
        return self._post(urljoin(page, "cancel"), {})

    def select(self, address: str, organisations: Collection[str] | None = None) -> str:
        """Choose organisations by business id (those ticked already, unless told) and go on."""
        page, html = self._open(address)
        fields = [(name, value) for kind, name, value, _ in _inputs(html) if kind == "hidden"]
        boxes = [(value, checked) for kind, _, value, checked in _inputs(html) if kind == "checkbox"]
        ticked = [
            value
            for value, checked in boxes
            if (checked if organisations is None else value in organisations)
        ]
        fields += [("organisation", value) for value in ticked]
        return self._post(urljoin(page, "/oauth/authorize"), [*fields, ("answer", "chosen")])

    def cancel_selection(self, address: str) -> str:
        """Leave the selection without choosing."""
        page, html = self._open(address)
        fields = [(name, value) for kind, name, value, _ in _inputs(html) if kind == "hidden"]
        return self._post(urljoin(page, "/oauth/authorize"), [*fields, ("answer", "cancelled")])

    def open(self, address: str) -> str:
        """The page an address at Suomi.fi leads to, as HTML."""
        return self._open(address)[1]

    def _open(self, address: str) -> tuple[str, str]:
        response = self._http.get(address)
        while response.is_redirect:
            address = urljoin(address, response.headers["location"])
            response = self._http.get(address)
        assert response.status_code == 200, f"{response.status_code} at {urlsplit(address).path}"
        return address, response.text

    def _post(self, address: str, fields: dict[str, str] | list[tuple[str, str]]) -> str:
        """Send a form and follow redirects while they stay at Suomi.fi (``localhost``)."""
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        response = self._http.post(
            address,
            content=urlencode(pairs),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        while response.is_redirect:
            address = urljoin(address, response.headers["location"])
            if urlsplit(address).hostname != "localhost":
                return address
            response = self._http.get(address)
        raise AssertionError(f"not sent back: {response.status_code} at {urlsplit(address).path}")


def _link(html: str, part: str) -> str:
    found = next(link for link in re.findall(r'href="([^"]*)"', html) if part in unescape(link))
    return unescape(str(found))


def _inputs(html: str) -> list[tuple[str, str, str, bool]]:
    found = []
    for tag in re.findall(r"<input ([^>]*)>", html):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        checked = bool(re.search(r"\bchecked\b", tag))
        found.append((attributes.get("type", "text"), attributes.get("name", ""),
                      unescape(attributes.get("value", "")), checked))  # fmt: skip
    return found
