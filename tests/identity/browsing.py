"""An official at her browser: Kelmu by the test client, Suomi.fi by the visitor, as real redirects lead."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from kelmu.core.personal_id import PersonalId
from kelmu.identity.browser import BrowserSession
from kelmu.identity.configuration import identity
from kelmu.identity.pseudonym import official_pseudonym
from tests.simulators import Visitor
from tools.cast import Official, Organisation, load_cast

HOST = "127.0.0.1:8000"


def official(key: str) -> Official:
    """An official of the cast."""
    return next(one for one in load_cast().officials if one.key == key)


def organisation(key: str) -> Organisation:
    """An organisation of the cast."""
    return next(one for one in load_cast().organisations if one.key == key)


def pseudonym(key: str) -> str:
    """The name an official of the cast has in the log."""
    code = PersonalId.parse(official(key).personal_id or "")
    return official_pseudonym(code, identity().pseudonym_key)


class Desk:
    """One browser of one official."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.client = Client(headers={"host": HOST})

    def get(self, path: str) -> HttpResponse:
        return cast("HttpResponse", self.client.get(path))

    def post(self, path: str, **form: str) -> HttpResponse:
        return cast("HttpResponse", self.client.post(path, form))

    def to_provider(self, next_path: str = "") -> str:
        """Begin to sign in; the address at the provider."""
        answer = self.post("/sign-in/", next=next_path)
        assert answer.status_code == 303
        return answer.headers["Location"]

    def back(self, address: str) -> HttpResponse:
        """Follow one redirect back into Kelmu."""
        parts = urlsplit(address)
        assert parts.netloc == HOST
        return self.get(f"{parts.path}?{parts.query}")

    def identify(self, person: str, next_path: str = "") -> HttpResponse:
        """Sign in as a person of the cast; the answer to the provider's return."""
        return self.back(self.visitor.identify(self.to_provider(next_path), person))

    def select(self, answer: HttpResponse, organisations: Collection[str] | None = None) -> HttpResponse:
        """Choose in Suomi.fi, where ``answer`` has sent the browser; the answer to the return."""
        chosen = None if organisations is None else [organisation(key).business_id for key in organisations]
        return self.back(self.visitor.select(answer.headers["Location"], chosen))

    def sign_in(
        self, person: str, organisations: Collection[str] | None = None, next_path: str = ""
    ) -> HttpResponse:
        """Sign in and choose; the answer to the return from the choice."""
        return self.select(self.identify(person, next_path), organisations)

    @property
    def kept(self) -> BrowserSession:
        """What Kelmu keeps of this browser."""
        return BrowserSession(self.client.session, identity().seal_key)


def text_of(answer: HttpResponse) -> str:
    """The page as HTML."""
    return answer.content.decode()
