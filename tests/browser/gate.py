"""The gate every page passes: `check_page(page)`.

One load of the page is looked at light, dark and in forced colours, at 1400 and 390 px (under `make gate`
at 700, as at 200 % zoom, and 320 px too), and with the text spacing a reader may set (WCAG 1.4.12). Promised
are: no finding of axe (WCAG 2.0 to 2.2 A and AA, and best practice) and nothing axe could not judge but text
in SVG; no message on the console (a breach of the content security policy is one); nothing wider than the
window and no text cut off; and valid HTML as served.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Response

from tools.frontend.node import find_node
from tools.setup.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
# At 700 and 320 px, and spaced where there is room to spare, pages are looked at only by `make gate`, which
# holds every page in every state.
_EVERY = bool(os.environ.get("KELMU_GATE"))
WIDTHS = (1400, 700, 390, 320) if _EVERY else (1400, 390)
SPACED_WIDTHS = (1400, 320) if _EVERY else (320,)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# As root Chromium has no sandbox; without the others it looks for its maker's hosts, again and again.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_RUN_AXE = """async ([runOnly, contrast]) => {
  const rules = {"color-contrast": {enabled: contrast}};
  const found = await axe.run(document, {runOnly, rules, resultTypes: ["violations", "incomplete"]});
  const told = (results) => results.flatMap((result) => result.nodes.map((node) => (
    {rule: result.id, help: result.help, target: node.target.join(" "),
     svg: Boolean(document.querySelector(node.target.at(-1))?.closest("svg"))})));
  return {violations: told(found.violations), incomplete: told(found.incomplete)};
}"""
_WIDEST = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return null;
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > room + 0.5);
  const names = wide.map((element) => element.tagName.toLowerCase() + "." + element.className);
  return names.slice(-3).join(", ") || "something";
}"""

# Not a style element, which the content security policy would refuse.
_SPACE = """(on) => {
  const sheet = new CSSStyleSheet();
  if (on) sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
# Text in a box that hides what does not fit; what only a screen reader reads is hidden on purpose.
_CUT = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const hides = style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";
  const seen = element.checkVisibility() && !element.closest(".ds-sr-only, svg") &&
    !["SELECT", "INPUT", "METER"].includes(element.tagName);
  return hides && seen && element.clientWidth > 1 && (
    element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.tagName.toLowerCase() + "." + element.className).slice(0, 3).join(", ")"""


@dataclass
class _Watch:
    """What was heard from a page since it was opened."""

    console: list[str] = field(default_factory=list)
    document: Response | None = None


_watches: WeakKeyDictionary[Page, _Watch] = WeakKeyDictionary()


def launch(playwright: Playwright) -> Browser:
    """The Chromium of the browser tests."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))


def watch(page: Page) -> Page:
    """Begin to listen to a fresh page, before its first load; `check_page` needs it."""
    heard = _watches.setdefault(page, _Watch())

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.console.append(message.text)

    def on_response(response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == page.main_frame:
            heard.document = response

    page.on("console", on_console)
    page.on("pageerror", lambda error: heard.console.append(str(error)))
    page.on("response", on_response)
    return page


def check_page(page: Page, name: str = "", *, expected_status: int = 200, whole: bool = True) -> None:
    """Hold the page that is loaded now against the gate. The page must be watched.

    Of a further state of a page that was held whole, axe judges the wide window and the colours only: not
    ``whole``.

    The window's size, colour scheme and forced colours are as before afterwards. An answer with an error
    status makes Chromium write to the console; `expected_status` says which is meant to be there.

    Raises:
        AssertionError: with every finding, each by what it was found under.
    """
    heard = _watches[page]
    size = page.viewport_size
    findings = [*_status(heard, expected_status), *_console(heard, expected_status)]
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    try:
        findings += _widths(page, whole=whole)
        findings += _spaced(page)
        findings += _colours(page, whole=whole)
    finally:
        page.emulate_media(color_scheme="null", forced_colors="null")
        if size is not None:
            page.set_viewport_size(size)
    if heard.document is not None:
        findings += [f"html: {message}" for message in html_findings(heard.document.text())]
    heard.console.clear()
    assert not findings, "\n".join([f"page {name or page.url}:", *dict.fromkeys(findings)])


def html_findings(html: str) -> list[str]:
    """What html-validate has against a document, as it was served."""
    checker = _checker()
    assert checker.stdin is not None
    assert checker.stdout is not None
    checker.stdin.write(json.dumps(html) + "\n")
    checker.stdin.flush()
    messages: list[str] = json.loads(checker.stdout.readline())
    return messages


def _status(heard: _Watch, expected: int) -> Iterator[str]:
    if heard.document is not None and heard.document.status != expected:
        yield f"status: {heard.document.status}, not {expected}"


def _console(heard: _Watch, expected_status: int) -> Iterator[str]:
    for text in heard.console:
        told_by_status = f"the server responded with a status of {expected_status}" in text
        if not (expected_status >= 400 and told_by_status):
            yield f"console: {text}"


def _widths(page: Page, *, whole: bool) -> Iterator[str]:
    page.emulate_media(color_scheme="light")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate(_WIDEST)
        if wide:
            yield f"{width} px: wider than the window ({wide})"
        if width == 390 and whole:
            yield from _axe(page, f"{width} px")


def _spaced(page: Page) -> Iterator[str]:
    page.evaluate(_SPACE, True)
    for width in SPACED_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for fault, found in (("wider than the window", _WIDEST), ("text is cut off", _CUT)):
            where = page.evaluate(found)
            if where:
                yield f"text spacing, {width} px: {fault} ({where})"
    page.evaluate(_SPACE, False)


def _colours(page: Page, *, whole: bool) -> Iterator[str]:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    yield from _axe(page, "light")
    page.emulate_media(color_scheme="dark")
    # What is not about colour was judged just before.
    yield from _axe(page, "dark", only=_COLOUR_RULES)
    if not whole:
        return
    page.emulate_media(color_scheme="light", forced_colors="active")
    # Forced colours are the person's own: their contrast is not ours to judge.
    yield from _axe(page, "forced colours", contrast=False)


def _axe(page: Page, under: str, *, only: object = TAGS, contrast: bool = True) -> Iterator[str]:
    result: dict[str, list[dict[str, Any]]] = page.evaluate(_RUN_AXE, [only, contrast])
    for one in result["violations"]:
        yield f"axe, {under}: {one['rule']}: {one['help']} ({one['target']})"
    for one in result["incomplete"]:
        if not (one["svg"] and one["rule"] == "color-contrast"):
            yield f"axe cannot judge, {under}: {one['rule']}: {one['help']} ({one['target']})"


@cache
def _checker() -> subprocess.Popen[str]:
    """One html-validate for all pages: starting it takes longer than ten pages."""
    script = Path(__file__).with_name("html_validate.mjs")
    process = subprocess.Popen(
        [*find_node().node, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    atexit.register(process.kill)
    return process
