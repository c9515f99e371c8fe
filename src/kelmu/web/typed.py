"""What came in a form or an address, made usable."""

from __future__ import annotations

_MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """A number written in digits alone, its first 18 of them; None: it is none."""
    return int(text[:_MOST_DIGITS]) if text.isascii() and text.isdigit() else None


def clean(text: str) -> str:
    """What was typed: line ends as one character, no NUL, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
