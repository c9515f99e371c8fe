"""What the register writes in Finnish, in the page's language where there is a translation.

Offices, names of attachments and grounds of decisions come from Kela's systems as Finnish text. The ones in
the table beside this module have a Swedish and an English form; any other is shown as it came, marked as
Finnish, so that a screen reader reads it right.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from django.utils.html import format_html
from django.utils.safestring import SafeString

SOURCE_LANGUAGE = "fi"


@cache
def known_words() -> Mapping[str, Mapping[str, str]]:
    """Each Finnish text of the table with its forms by language."""
    file = files("kelmu.web.presentation") / "data" / "register_words.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines(), strict=True)
    return {row["fi"]: row for row in rows}


def in_language(text: str, language: str) -> str | SafeString:
    """A text of the register in `language`, else as it came within an element that says it is Finnish."""
    if language == SOURCE_LANGUAGE or not text:
        return text
    known = known_words().get(text)
    if known is not None:
        return known[language]
    return format_html('<span lang="{}">{}</span>', SOURCE_LANGUAGE, text)
