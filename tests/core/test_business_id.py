"""Promises of the business id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.business_id import BusinessId, BusinessIdError, BusinessIdFault

WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def fault(text: str) -> BusinessIdFault:
    with pytest.raises(BusinessIdError) as raised:
        BusinessId.parse(text)
    return raised.value.reason


@pytest.mark.parametrize("text", ["0246246-0", "0245437-2", "1927556-5", "7769480-5"])
def test_known_ids_are_valid(text: str) -> None:
    assert str(BusinessId.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("02462460", "0246246-0"), (" 0246246 - 0 ", "0246246-0"), ("246246-0", "0246246-0")],
)
def test_usual_ways_of_writing_are_read(text: str, value: str) -> None:
    assert BusinessId.parse(text).value == value


@given(st.integers(0, 9_999_999), st.integers(0, 9))
def test_exactly_the_right_check_digit_is_accepted(number: int, check: int) -> None:
    digits = f"{number:07d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11
    right = rest != 1 and check == (0 if rest == 0 else 11 - rest)
    text = f"{digits}-{check}"
    if right:
        assert BusinessId.parse(text).value == text
    else:
        assert fault(text) is BusinessIdFault.CHECK_DIGIT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", BusinessIdFault.EMPTY),
        ("   ", BusinessIdFault.EMPTY),
        ("1" * 10_000, BusinessIdFault.TOO_LONG),
        ("FI02462460", BusinessIdFault.TOO_LONG),
        ("0246246_0", BusinessIdFault.SHAPE),
        ("abc", BusinessIdFault.SHAPE),
        ("٠٢٤٦٢٤٦-٠", BusinessIdFault.SHAPE),
    ],
)
def test_each_fault_is_named(text: str, expected: BusinessIdFault) -> None:
    assert fault(text) is expected
