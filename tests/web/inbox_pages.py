"""An official at the pages of notices: a real session in the database, without the way through Suomi.fi."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import identity
from tests.world import Body, Somebody, World, make_personal_id, pseudonym_of

MANDATES = ("social_assistance_and_welfare", "benefit_view_and_claims")


class InboxDesk:
    """One browser of one official who acts for a body."""

    def __init__(
        self, world: World, body: Body, official: Somebody | None = None, mandates: tuple[str, ...] = MANDATES
    ) -> None:
        code = official.personal_id if official else make_personal_id(date(1971, 1, 1))
        self.pseudonym = pseudonym_of(code)
        self.secret = world.begin(body, official, mandates=mandates, pseudonym=self.pseudonym)
        store = SessionStore()
        store.create()
        browser = BrowserSession(store, identity().seal_key)
        browser.sign_in(
            Official(PersonalId.parse(code), "Aino Virkanen", self.pseudonym, "loatest3", clock.now())
        )
        browser.acting_secret = self.secret
        browser.save()
        self.client = Client(headers={"host": "127.0.0.1:8000"})
        self.client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""

    def get(self, query: str = "", path: str = "/notices/") -> HttpResponse:
        return cast("HttpResponse", self.client.get(f"{path}{query}"))

    def html(self, query: str = "", path: str = "/notices/", status: int = 200) -> str:
        answer = self.get(query, path)
        assert answer.status_code == status, answer.status_code
        return answer.content.decode()

    def post(self, path: str, **form: str | list[str]) -> HttpResponse:
        return cast("HttpResponse", self.client.post(path, form))

    def follow(self, answer: HttpResponse) -> str:
        assert answer.status_code == 303, (answer.status_code, answer.content.decode()[:2000])
        return self.html(path=answer.headers["Location"].partition("#")[0])

    @property
    def kept(self) -> BrowserSession:
        """What Kelmu keeps of this browser."""
        return BrowserSession(self.client.session, identity().seal_key)


def numbers(html: str) -> list[int]:
    """The rows of a page, in its order."""
    return [int(found) for found in re.findall(r'id="notice-(\d+)"', html)]


def text_of(html: str) -> str:
    """What one reads on the page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])).split())


def picked(row: dict[str, object]) -> str:
    """The value of a row's box."""
    return f"{UUID(str(row['notice_id']))}:{row['version']}:{row['number']}"
