"""`check_keyboard(page)`: the whole page can be walked by Tab, and one always sees where one is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_ALL = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
_START = """(all) => {
  // Radios of one name are one stop.
  const all_radios = [...document.querySelectorAll("input[type=radio]")];
  const radios = (name) => all_radios.filter((radio) => radio.name === name);
  const stop = (name) => radios(name).find((one) => one.checked) ?? radios(name)[0];
  const reachable = [...document.querySelectorAll(all)].filter((element) =>
    element.checkVisibility() && !element.disabled &&
      (element.type !== "radio" || element === stop(element.name)));
  reachable[0].focus();
  return reachable.length;
}"""
_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body || element.dataset.walked) return null;
  element.dataset.walked = "yes";
  const box = element.getBoundingClientRect();
  const at = (x, y) => document.elementFromPoint(
    Math.min(Math.max(box.left + box.width * x, 0), innerWidth - 1),
    Math.min(Math.max(box.top + box.height * y, 0), innerHeight - 1));
  const around = element.closest(".ds-field:has(:focus-visible)") ?? element;
  const marks = [getComputedStyle(element), getComputedStyle(around)];
  return {
    name: element.outerHTML.slice(0, 120),
    shown: [[.5, .5], [.1, .5], [.5, .1], [.9, .9]].some(([x, y]) => {
      const there = at(x, y);
      const around = there?.contains(element) && !there.closest(".kelmu-banner");
      return Boolean(there) && (element.contains(there) || around);
    }),
    marked: marks.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    inside: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""


def check_keyboard(page: Page, name: str = "") -> None:
    """Walk the page that is loaded now by Tab, from its beginning to its end.

    Raises:
        AssertionError: something cannot be reached, or its focus is not seen: without a mark, outside the
            window, or under the client banner (WCAG 2.1.1, 2.4.7, 2.4.11).
    """
    reachable = page.evaluate(_START, _ALL)
    walked, findings = 0, []
    for step in range(reachable + 1):
        if step:
            page.keyboard.press("Tab")
        focused: dict[str, Any] | None = page.evaluate(_FOCUSED)
        if focused is None:
            break
        walked += 1
        findings += [
            f"{what}: {focused['name']}"
            for what, wrong in (
                ("focus has no mark", not focused["marked"]),
                ("focus is outside the window", not focused["inside"]),
                ("focus is covered", not focused["shown"]),
            )
            if wrong
        ]
    if walked < reachable:
        findings.append(f"only {walked} of {reachable} can be reached by Tab")
    assert not findings, "\n".join([f"page {name or page.url}:", *findings])
