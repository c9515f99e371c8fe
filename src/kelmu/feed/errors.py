"""Why a feed was refused, with the place and never the value."""

from __future__ import annotations


class FeedError(Exception):
    """The feed cannot be loaded; the register is unchanged.

    The message is ``file: line N: column C: what is wrong`` as far as the place is known (the header is
    line 1). It never holds a value of the file, which may be about a person.
    """

    def __init__(
        self, file: str, problem: str, *, line: int | None = None, column: str | None = None
    ) -> None:
        place = [file]
        if line is not None:
            place.append(f"line {line}")
        if column is not None:
            place.append(f"column {column}")
        super().__init__(": ".join([*place, problem]))
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
