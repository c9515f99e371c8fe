"""The selection page: plain HTML, whole by keyboard, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from tools.simulators.mandates.cast import Held
from tools.simulators.mandates.texts import LANGUAGE_NAMES, TEXTS

STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def selection(
    language: str, organisations: Sequence[Held], parameters: Mapping[str, str], *, missing: bool = False
) -> str:
    """Choose one or more of the organisations one holds mandates in; the first is ticked."""
    text = TEXTS[language]
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in parameters.items()
    )
    rows = "".join(_row(one, language, checked=number == 0) for number, one in enumerate(organisations))
    fault = f"<p class='fault' role='alert'>{text['missing']}</p>" if missing else ""
    choice = f"<fieldset><legend>{text['legend']}</legend>{fault}{rows}</fieldset>"
    if not organisations:
        choice = f"<p>{text['none']}</p>"
    body = (
        f'<form method="post" action="/oauth/authorize">{hidden}'
        f'{choice}<p class="actions">'
        f'<button type="submit" name="answer" value="chosen">{text["continue"]}</button>'
        '<button type="submit" name="answer" value="cancelled" class="plain">'
        f"{text['cancel']}</button></p></form>"
    )
    return _page(language, text["title"], body, parameters)


def ended(language: str) -> str:
    """The selection is not known (any more), or was asked for by a stranger."""
    return _page(language, TEXTS[language]["ended"], "", None)


def _row(one: Held, language: str, *, checked: bool) -> str:
    text = TEXTS[language]
    represented = f"<br>{text['represented']}" if one.representation else ""
    name = escape(one.names[language])
    return (
        f'<div class="choice"><input type="checkbox" name="organisation" id="o{one.business_id}" '
        f'value="{one.business_id}"{" checked" if checked else ""}><label for="o{one.business_id}">'
        f"<strong>{name}</strong><br>{text['business_id']} {one.business_id}{represented}</label></div>"
    )


def _page(language: str, title: str, body: str, parameters: Mapping[str, str] | None) -> str:
    text = TEXTS[language]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Suomi.fi</title>"
        '<link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head><body>'
        f'<header><div class="width bar"><p class="brand">Suomi.fi <span>{text["service"]}</span></p>'
        f"{_languages(language, parameters)}</div></header>"
        f'<main class="width"><p class="test">{text["test"]}</p>'
        f"<h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _languages(language: str, parameters: Mapping[str, str] | None) -> str:
    if parameters is None:
        return ""
    links = "".join(
        f'<li><a href="/oauth/authorize?{escape(urlencode({**parameters, "lang": code}))}" lang="{code}" '
        f'hreflang="{code}"{" aria-current=true" if code == language else ""}>{name}</a></li>'
        for code, name in LANGUAGE_NAMES.items()
    )
    return f'<nav aria-label="{TEXTS[language]["languages"]}"><ul class="languages">{links}</ul></nav>'
