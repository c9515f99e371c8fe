"""Artificial identity codes, unique over a whole run.

Only individual numbers 900 to 999 are given, so one birth date holds 50 men and 50 women for each
century sign. The first sign of a century is preferred, as in life; the others take a share of their
own and what overflows, which is enough for a population of Finland's size.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from tools.population.days import Ints, number, year_of

SIGNS = ("+" * 6, "-YXWVU", "ABCDEF")
"""The century signs of the 1800s (one only), the 1900s and the 2000s."""
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_EACH = 50
_PREFERENCE = (0.85, 0.03, 0.03, 0.03, 0.03, 0.03)
_FIRST_DAY = number(date(1870, 1, 1))


class OutOfCodesError(RuntimeError):
    """More persons were born on a day than artificial codes can hold."""


class IdentityCodes:
    """Gives codes and remembers how many of each day, sign and sex are given.

    Args:
        last_day: on which anybody is born.
        taken: codes not to be given again.
        lane: which share of the codes to give, from 0 on.
        lanes: into how many shares they are divided, 1 or 2.
    """

    def __init__(self, last_day: int, taken: Iterable[str], lane: int = 0, lanes: int = 1) -> None:
        self._lane, self._lanes = lane, lanes
        self._used = np.zeros((last_day - _FIRST_DAY + 1) * 12, dtype=np.int64)
        # The 1800s have one sign only, the other five of their places are closed.
        first_of_1900 = (number(date(1900, 1, 1)) - _FIRST_DAY) * 12
        old = self._used[:first_of_1900].reshape(-1, 6, 2)
        old[:, 1:, :] = _EACH
        for code in taken:
            self._close(code)

    def give(self, random: np.random.Generator, birth: Ints, male: npt.NDArray[np.bool_]) -> pl.Series:
        """A code for each birth day and sex.

        Raises:
            OutOfCodesError: a day has no code left.
        """
        century = np.clip(year_of(birth) // 100 - 18, 0, 2)
        preferred = np.searchsorted(np.cumsum(_PREFERENCE)[:-1], random.random(birth.size), side="right")
        sign = np.where(century == 0, 0, preferred).astype(np.int64)
        individual = np.zeros(birth.size, dtype=np.int64)
        waiting = np.arange(birth.size)
        for _ in range(6):
            if not waiting.size:
                break
            key = ((birth[waiting] - _FIRST_DAY) * 6 + sign[waiting]) * 2 + male[waiting]
            place = self._used[key] + _rank(key)
            given = place < _EACH // self._lanes
            own = place * self._lanes + self._lane
            mixed = (own * 17 + birth[waiting] * 7 + sign[waiting] * 11) % _EACH
            individual[waiting[given]] = (900 + 2 * mixed + male[waiting])[given]
            np.add.at(self._used, key[given], 1)
            waiting = waiting[~given]
            sign[waiting] = (sign[waiting] + 1) % 6
        if waiting.size:
            raise OutOfCodesError("too many persons are born on one day for artificial identity codes")
        return _written(birth, century, sign, individual)

    def _close(self, code: str) -> None:
        """Give no more codes of a taken code's day, sign and sex, so that it is not given again."""
        century = next(place for place, signs in enumerate(SIGNS) if code[6] in signs)
        birth = date(1800 + 100 * century + int(code[4:6]), int(code[2:4]), int(code[:2]))
        sign = 0 if century == 0 else SIGNS[century].index(code[6])
        self._used[((number(birth) - _FIRST_DAY) * 6 + sign) * 2 + int(code[9]) % 2] = _EACH


def _rank(keys: Ints) -> Ints:
    """How many equal keys stand before each key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    first = np.repeat(starts, np.diff(np.r_[starts, ordered.size]))
    rank = np.empty(keys.size, dtype=np.int64)
    rank[order] = np.arange(keys.size) - first
    return rank


def _written(birth: Ints, century: Ints, sign: Ints, individual: Ints) -> pl.Series:
    signs = np.array([list(row) for row in SIGNS])
    frame = pl.DataFrame(
        {
            "day": pl.Series(birth.astype("datetime64[D]")).dt.strftime("%d%m%y"),
            "sign": pl.Series(signs[century, sign]),
            "individual": pl.Series(individual),
        }
    )
    check = (frame["day"].cast(pl.Int64) * 1000 + frame["individual"]) % 31
    characters = np.array(list(CHECK_CHARACTERS))[check.to_numpy()]
    return frame.select(
        pl.concat_str("day", "sign", pl.col("individual").cast(pl.String), pl.Series("check", characters))
    ).to_series()
