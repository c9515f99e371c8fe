"""Artificial identity codes stay unique, and run out with an error rather than a repetition."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kelmu.core.personal_id import PersonalId
from tools.cast import load_cast
from tools.population.cast_people import codes_of
from tools.population.days import number
from tools.population.identity_codes import IdentityCodes, OutOfCodesError

LAST_DAY = number(date(2026, 11, 24))


def give(codes: IdentityCodes, birth: date, count: int, *, male: bool = False) -> list[str]:
    random = np.random.default_rng(1)
    days = np.full(count, number(birth), dtype=np.int64)
    return codes.give(random, days, np.full(count, male)).to_list()


def test_three_hundred_women_can_be_born_on_a_day() -> None:
    codes = IdentityCodes(LAST_DAY, [])
    given = give(codes, date(1980, 5, 17), 200) + give(codes, date(1980, 5, 17), 100)
    assert len(set(given)) == 300
    assert {code[6] for code in given} == set("-YXWVU")
    assert all(PersonalId(code).is_artificial and int(code[9]) % 2 == 0 for code in given)
    with pytest.raises(OutOfCodesError):
        give(codes, date(1980, 5, 17), 1)
    assert give(codes, date(1980, 5, 17), 1, male=True)


def test_the_1800s_have_one_sign() -> None:
    given = give(IdentityCodes(LAST_DAY, []), date(1899, 12, 31), 50, male=True)
    assert {code[6] for code in given} == {"+"}


def test_a_taken_code_is_not_given_again() -> None:
    taken = list(codes_of(load_cast()))
    codes = IdentityCodes(LAST_DAY, taken)
    for code in taken:
        birth = PersonalId(code).birth_date
        assert code not in give(codes, birth, 45, male=int(code[9]) % 2 == 1) if code[6] != "+" else True
