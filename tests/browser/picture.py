"""Takes the picture of the README, a summary with invented data: ``python -m tests.browser.picture``."""

from __future__ import annotations

import mimetypes
import sys
from pathlib import Path

import django

from tools.setup.test_environment import apply

apply()
django.setup()

from django.contrib.staticfiles import finders  # noqa: E402 - the settings first
from django.utils import translation  # noqa: E402 - the settings first
from playwright.sync_api import Route, sync_playwright  # noqa: E402 - the settings first

from kelmu.policy.loader import policy_data  # noqa: E402 - the settings first
from tests.browser.gallery import gallery  # noqa: E402 - the settings first
from tests.browser.gate import launch  # noqa: E402 - the settings first

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "summary.png"
ORIGIN = "http://kelmu.test"
PAGE, LANGUAGE = "client_summary", "en"
WIDTH, HEIGHT = 1280, 1000


def main() -> int:
    """Render the page as the gallery does, and write the picture."""
    with translation.override(LANGUAGE):
        html = dict(gallery(LANGUAGE))[PAGE]
    # The gallery's inquiry carries the Finnish name of its purpose in every language.
    purpose = policy_data().purposes["social_assistance"]
    html = html.replace(purpose.name("fi"), purpose.name(LANGUAGE))

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if isinstance(file, str):
            kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
            route.fulfill(path=file, content_type=kind)
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.route("**/*", answer)
        page.goto(f"{ORIGIN}/", wait_until="networkidle")
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
