"""Every page in each of its states, rendered with invented data, passes the gate in every theme and width.

`make gate` takes every page in every language and density, whole; `make test` takes each once, these in turn:
the first state of a page whole, of the others what differs from state to state.
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route, sync_playwright

from kelmu import web
from tests.browser.gallery import first_states, gallery, templates
from tests.browser.gate import check_page, launch, watch
from tests.browser.keyboard import check_keyboard

pytestmark = pytest.mark.browser

ORIGIN = "http://kelmu.test"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PARTS = 4
"""The pages are dealt out to so many tests, which may run side by side."""
VARIANTS = [(language, density) for language in ("fi", "sv", "en") for density in ("comfortable", "compact")]
EVERY = bool(os.environ.get("KELMU_GATE"))
"""All pages in all languages and densities (`make gate`), or each page once, these in turn."""


@cache
def pages() -> dict[str, str]:
    """The gallery, rendered once: HTML by page, language and density."""
    rendered = {variant: dict(gallery(*variant)) for variant in VARIANTS}
    names = list(rendered[VARIANTS[0]])
    return {
        f"{name}.{language}.{density}": rendered[language, density][name]
        for number, name in enumerate(names)
        for language, density in (VARIANTS if EVERY else [VARIANTS[number % len(VARIANTS)]])
    }


def _answer(route: Route) -> None:
    """Stand in for the server: pages from the gallery, static files from where they lie."""
    path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
    if path.startswith("/static/"):
        file = finders.find(path.removeprefix("/static/"))
        assert isinstance(file, str), f"no static file {path}"
        content_type = mimetypes.guess_type(file)[0] or "application/octet-stream"
        route.fulfill(path=file, content_type=content_type)
    else:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
        route.fulfill(body=pages()[path.strip("/")], headers=headers)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = watch(browser.new_page())
        page.route("**/*", _answer)
        yield page
        browser.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_passes_the_gate(page: Page, part: int, subtests: pytest.Subtests) -> None:
    first = first_states()
    for name in list(pages())[part::PARTS]:
        with subtests.test(name):
            page.goto(f"{ORIGIN}/{name}")
            whole = EVERY or name.partition(".")[0] in first
            check_page(page, name, whole=whole)
            if whole:
                check_keyboard(page, name)


def test_no_name_and_no_code_stands_in_a_title() -> None:
    titles = {name: re.findall("<title>(.*?)</title>", html) for name, html in pages().items()}
    assert all(len(found) == 1 and found[0].strip() for found in titles.values())
    for word in ("Mallikas", "Testi", "010190", "999W"):
        assert not [name for name, found in titles.items() if word in found[0]]


TEMPLATES = Path(web.__file__).parent / "templates"
PARTS_OF_PAGES = re.compile(
    r"kelmu/(parts/|base|errors/base|clients/frame|organisation/(mandate_kinds|select_again))"
)


def test_every_page_is_in_the_gallery() -> None:
    every = {file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.glob("kelmu/**/*.html")}
    assert {name for name in every if not PARTS_OF_PAGES.match(name)} == templates()


@pytest.mark.parametrize("component", sorted(TEMPLATES.glob("cotton/*.html")), ids=lambda file: file.stem)
def test_every_component_is_in_the_style_guide_with_each_of_its_settings(component: Path) -> None:
    guide = (TEMPLATES / "kelmu" / "style_guide.html").read_text(encoding="utf-8")
    name = component.stem.replace("_", "-")
    uses = re.findall(rf"<c-{name}((?:\s[^<>]*)?)>", guide)
    assert uses, f"c-{name} is not in the style guide"
    declared = re.match(r"<c-vars (.*?)/>", component.read_text(encoding="utf-8"))
    for setting in re.findall(r"([a-z_]+)(?:=\"[^\"]*\")?\s", declared[1] if declared else ""):
        assert any(re.search(rf"\s:?{setting}=", use) for use in uses), f"no c-{name} with {setting}"


FAULTY = """<!DOCTYPE html><html lang="fi"><head><title>Vikoja</title></head><body><main><h1>Vikoja</h1>
<p style="color:#999;background:#fff">Liian vaaleaa</p><img src="/static/kelmu/icon.svg"><input>
<div id="a"></div><div id="a"></div><div class="wide" style="width:2000px">Leveä</div>
<div style="width:80px;height:20px;overflow:hidden">Ahdas otsikko</div></main>
<script>console.error("virhe")</script></body></html>"""


@pytest.mark.parametrize(
    "finding",
    [
        "axe, light: image-alt",
        "axe, light: label",
        "html: no-dup-id",
        "320 px: wider",
        "text spacing, 320 px: text is cut off",
        "console: ",
        "status: 500",
    ],
)
def test_the_gate_finds_planted_faults(page: Page, finding: str) -> None:
    answer = {"status": 500, "body": FAULTY, "content_type": "text/html; charset=utf-8"}
    page.route(f"{ORIGIN}/faulty", lambda route: route.fulfill(**answer))
    page.goto(f"{ORIGIN}/faulty")
    with pytest.raises(AssertionError, match=re.escape(finding)):
        check_page(page, "faulty")
