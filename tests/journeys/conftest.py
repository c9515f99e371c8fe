"""One running service and one browser for all journeys of a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.gate import launch
from tests.journeys.service import Official, Service, running
from tools.postgres.server import EmbeddedServer

Arrive = Callable[..., Official]


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("journeys")
    with running(data) as service:
        yield service
    EmbeddedServer(data / "postgres").destroy()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def arrive(service: Service, browser: Browser) -> Iterator[Arrive]:
    """Bring an official of the cast to a browser of her own."""
    came: list[Official] = []

    def official(key: str, **context: Any) -> Official:
        came.append(Official(browser, service, key, **context))
        return came[-1]

    yield official
    for one in came:
        one.page.context.close()
