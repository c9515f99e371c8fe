"""What a mutant is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    NO_END = "no_end"
    """The tests did not end in time, which a busy machine brings about as well: not counted as killed."""
    UNSETTLED = "unsettled"
    """The tests that take little time passed, the others were not asked (``--quick``): not killed so far."""
    STILLBORN = "stillborn"
    """Neither Python nor PostgreSQL would take it: it counts for nothing."""


@dataclass(frozen=True)
class Mutant:
    """One file with one small fault.

    ``key`` stays the same while the place it describes stays the same: path, place (a function's name, or the
    first words of a statement), the fault, and which of its like in that place. ``text`` is the whole
    changed file. ``function`` is the changed function as SQL, where the fault is within one. ``swappable``:
    the fault is in the body of a function of Python, and so can be put into a process that has loaded it.
    """

    key: str
    package: str
    path: str
    place: str
    text: str
    function: str | None = None
    original_function: str | None = None
    swappable: bool = False

    @property
    def in_header(self) -> bool:
        """Whether it changes as whom and with which search path a function of the database runs."""
        return ": dropped: SECURITY DEFINER" in self.key or ": dropped: SET search_path" in self.key


def numbered(keys: Iterable[str]) -> list[str]:
    """Keys made different by a number at their end, in order, from 1."""
    seen: Counter[str] = Counter()
    answer = []
    for key in keys:
        seen[key] += 1
        answer.append(f"{key} #{seen[key]}")
    return answer
