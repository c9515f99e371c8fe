"""The whole service, running as `make demo` runs it, and an official at her browser in front of it."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, Page

from kelmu.core.personal_id import PersonalId
from tests.browser.gate import check_page, watch
from tools.cast import load_cast
from tools.postgres.server import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
START_S = 120


@dataclass
class Service:
    """Where the service answers, and its log as the auditor reads it."""

    address: str
    data: Path

    def entries(self, **wanted: Any) -> list[dict[str, Any]]:
        """Entries of the log, oldest first."""
        conditions: list[psycopg.sql.Composable] = [psycopg.sql.SQL("true")]
        conditions += [psycopg.sql.SQL("{} = %s").format(psycopg.sql.Identifier(name)) for name in wanted]
        query = psycopg.sql.SQL("SELECT to_jsonb(e) FROM audit.entry e WHERE {} ORDER BY entry_id").format(
            psycopg.sql.SQL(" AND ").join(conditions)
        )
        with self.connect("kelmu_auditor") as connection:
            return [row[0] for row in connection.execute(query, list(wanted.values())).fetchall()]

    def connect(self, role: str) -> psycopg.Connection:
        """A connection as a role."""
        return psycopg.connect(EmbeddedServer(self.data / "postgres").url(role), autocommit=True)

    def outputs(self) -> str:
        """Everything the service and its database have written to their logs."""
        texts = [path.read_text(errors="replace") for path in (self.data / "log").iterdir()]
        return "\n".join([*texts, EmbeddedServer(self.data / "postgres").log()])


@contextlib.contextmanager
def running(data: Path, *, persons: int = 300) -> Iterator[Service]:
    """The demo with a small population, until the block ends."""
    command = [sys.executable, "-m", "tools.demo", "--persons", str(persons), "--data", str(data)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        said, deadline = "", time.monotonic() + START_S
        try:
            for line in process.stderr:
                said += line
                assert time.monotonic() < deadline, said
                if line.startswith("Ctrl-C"):
                    break
            found = re.search(r"Kelmu is at (http://127\.0\.0\.1:\d+)", said)
            assert found, said
            yield Service(found[1], data)
        finally:
            process.terminate()
            process.communicate(timeout=30)


class Official:
    """One official of the cast at a browser of her own."""

    def __init__(self, browser: Browser, service: Service, key: str, **context: Any) -> None:
        self.service = service
        self.person = next(official for official in load_cast().officials if official.key == key)
        self.page: Page = watch(browser.new_context(locale="fi-FI", **context).new_page())
        self.page.set_default_timeout(15_000)
        self._before = max((entry["entry_id"] for entry in service.entries()), default=0)

    def go(self, path: str) -> None:
        """Open a path of the service."""
        self.page.goto(self.service.address + path)

    def identify(self) -> None:
        """From the front page through Suomi.fi identification with bank credentials."""
        self.go("/")
        self.identify_from_here()

    def identify_from_here(self) -> None:
        """The same from any page with a link to the sign-in."""
        self.page.get_by_role("link", name="Kirjaudu").first.click()
        self.page.locator("main .kelmu-actions .ds-button").first.click()
        self.page.get_by_text("Pankkitunnus").click()
        name = f"{self.person.given_names} {self.person.family_name}"
        self.page.get_by_role("button", name=name).click()

    def choose_all(self) -> None:
        """Choose every organisation the mandate service offers."""
        if "/oauth/authorize" in self.page.url:
            for box in self.page.locator("input[type=checkbox]").all():
                box.check()
            self.page.get_by_role("button", name="Jatka asiointiin").click()

    def sign_in(self) -> Official:
        """Identify and act for the only organisation there is."""
        self.identify()
        self.choose_all()
        assert self.page.url == self.service.address + "/desk/", self.page.url
        return self.arrived()

    def arrived(self) -> Official:
        """Let the page a click led to come whole, scripts too: a click waits for its first byte only."""
        self.page.wait_for_load_state()
        return self

    def search(self, personal_id: str, purpose: str | None = None, case_reference: str = "") -> None:
        """Search a client for a purpose (the only one there is, unless told)."""
        self.go("/clients/")
        self.page.get_by_label("Henkilötunnus").fill(personal_id)
        if purpose:
            self.page.locator("[name=purpose]").select_option(purpose)
        self.page.locator("[name=case_reference]").fill(case_reference)
        self.page.locator("[name=told_client]").check()
        with self.page.expect_navigation():
            self.page.locator("form.kelmu-search button[type=submit]").click()

    def give_reason(self, reason: str = "Asiakas on muuttamassa alueellemme") -> None:
        """Answer the interruption card."""
        self.page.locator("[name=reason]").fill(reason)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Jatka").click()

    def tabs(self) -> list[str]:
        """The names of the client's pages."""
        return self.arrived().page.locator(".kelmu-tabs a").all_inner_texts()

    def text(self) -> str:
        """What the page says."""
        return self.arrived().page.locator("main").inner_text()

    def heading(self) -> str:
        """The page's first heading."""
        return self.arrived().page.locator("h1").first.inner_text()

    def check(self, name: str, *, expected_status: int = 200) -> None:
        """Hold the page against the gate; nothing about the client may stand in its address or title."""
        check_page(self.arrived().page, name, expected_status=expected_status)
        for client in load_cast().clients:
            for secret in (client.personal_id, client.family_name):
                assert secret not in self.page.url
                assert secret not in self.page.title()

    @property
    def own_entries(self) -> list[dict[str, Any]]:
        """The log's entries of this official's acting sessions since she came."""
        with self.service.connect("kelmu_owner") as connection:
            connection.execute("SET ROLE kelmu_door")
            rows = connection.execute(
                "SELECT acting_session_id::text FROM identity.acting_session s JOIN register.person p "
                "ON p.person_id = s.official_person_id WHERE p.personal_id = %s",
                [PersonalId.parse(self.person.personal_id or "").value],
            ).fetchall()
        sessions = {row[0] for row in rows}
        return [
            entry
            for entry in self.service.entries()
            if entry["acting_session_id"] in sessions and entry["entry_id"] > self._before
        ]


def client_code(key: str) -> str:
    """The identity code of a demo client."""
    return next(client.personal_id for client in load_cast().clients if client.key == key)
