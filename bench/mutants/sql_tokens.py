"""SQL cut into tokens, with places in the text, as far as mutation needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*)|(?P<string>'(?:[^']|'')*')|(?P<quote>\$\w*\$)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*|\"[^\"]+\")|(?P<operator>[<>=!~|@:+\-*/#&^%?]+)|(?P<mark>[()\[\],;.])|(?P<space>\s+)"
)


@dataclass(frozen=True)
class Token:
    """One token: its kind, its text, where it begins and ends, and how deep in brackets it stands."""

    kind: str
    text: str
    begin: int
    end: int
    depth: int


def tokens(text: str) -> list[Token]:
    """The tokens of a piece of SQL without comments and spaces.

    Raises:
        ValueError: something in the text is no token.
    """
    found: list[Token] = []
    depth = place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"no token at {text[place : place + 30]!r}")
        place = match.end()
        kind = str(match.lastgroup)
        if kind in {"comment", "space"}:
            continue
        depth -= match[0] in {")", "]"}
        found.append(Token(kind, match[0], match.start(), match.end(), depth))
        depth += match[0] in {"(", "["}
    return found
