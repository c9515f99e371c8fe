"""What came of a bulk change, kept for the page that shows it: numbers and what happened, no client.

It lies in the browser's session on our side under a name of its own, so that two windows show each its own,
and the page can be loaded again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from kelmu.web.access import KelmuRequest

_NAME = "notice_answers"
_KEPT = 3
_CHANGES = 3
"""How many of the changes since are told: the latest."""


@dataclass(frozen=True, slots=True)
class Answers:
    """``rows``: notice_id, number, result, why and changes ([what, by, at]) of each notice."""

    what: str = ""
    rows: Sequence[Mapping[str, Any]] = ()


def keep_answers(
    request: KelmuRequest, what: str, told: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]
) -> str:
    """Keep the answers of ``door.change_notices``; the name they are kept under."""
    name = token_hex(8)
    rows = [
        {
            "notice_id": each["notice_id"],
            "number": numbers[each["notice_id"]],
            "result": each["result"],
            "why": each["why"],
            "changes": [[c["what"], c["by"], c["at"]] for c in each["changes"][-_CHANGES:]],
        }
        for each in told
    ]
    kept = request.session.get(_NAME, [])
    request.session[_NAME] = [*kept, [name, what, rows]][-_KEPT:]
    return name


def kept_answers(request: KelmuRequest) -> Answers:
    """Those the address names, if they are kept."""
    name = request.GET.get("done", "")
    for kept, what, rows in request.session.get(_NAME, []):
        if kept == name:
            return Answers(what, rows)
    return Answers()
