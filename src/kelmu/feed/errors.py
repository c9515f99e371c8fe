"""Why a feed was refused, with the places and never the values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CAP = 10_000
"""So many faults are kept for the report; more are counted only."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong, as far as the place is known.

    ``line``: of a CSV the line in the file (the header is line 1), of a Parquet file the row (the first
    is 1). ``found``: of what class the value is. It never holds a value of the file, which may be about
    a person.
    """

    file: str
    line: int | None
    column: str | None
    problem: str
    found: str | None = None

    def __str__(self) -> str:
        place = [self.file]
        if self.line is not None:
            place.append(f"line {self.line}")
        if self.column is not None:
            place.append(f"column {self.column}")
        found = f" (there is: {self.found})" if self.found is not None else ""
        return ": ".join([*place, self.problem]) + found


class FeedError(Exception):
    """The feed cannot be loaded; the register is unchanged.

    ``faults`` are all that were found, at most ``CAP`` of them; ``total`` counts the others too. The
    message is the first of them.
    """

    def __init__(self, faults: Iterable[Fault], total: int | None = None) -> None:
        self.faults = tuple(faults)
        self.total = len(self.faults) if total is None else total
        more = f", and {self.total - 1:,} more" if self.total > 1 else ""
        super().__init__(f"{self.faults[0]}{more}")

    @classmethod
    def of(cls, file: str, problem: str) -> FeedError:
        """One fault of a whole file."""
        return cls([Fault(file, None, None, problem)])


class Faults:
    """Collects faults up to the cap and counts all of them; a place is told once for each column."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.total = 0
        self._places: set[tuple[str, int | None, str | None]] = set()

    def __bool__(self) -> bool:
        return self.total > 0

    def add(self, fault: Fault) -> None:
        """Keep a fault, or count it only."""
        place = (fault.file, fault.line, fault.column)
        if fault.line is not None and place in self._places:
            return
        self.total += 1
        if len(self.kept) < CAP:
            self.kept.append(fault)
            self._places.add(place)

    def count(self, more: int) -> None:
        """Count faults whose places are not kept."""
        self.total += more

    def extend(self, faults: Iterable[Fault]) -> None:
        """Keep or count several."""
        for fault in faults:
            self.add(fault)

    def refuse(self) -> None:
        """Refuse the feed if there is any fault.

        Raises:
            FeedError: with the faults kept, in the order of places.
        """
        if self.total:
            kept = sorted(self.kept, key=lambda each: (each.file, each.line or 0, each.column or ""))
            raise FeedError(kept, self.total)
