"""What policy has decided or read cannot be changed afterwards by whoever holds it."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from typing import Any

import pytest

import kelmu.policy

VALUES: list[type[Any]] = sorted(
    {
        found
        for module in pkgutil.iter_modules(kelmu.policy.__path__, "kelmu.policy.")
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        if dataclasses.is_dataclass(found) and found.__module__.startswith("kelmu.policy.")
    },
    key=lambda found: found.__qualname__,
)


@pytest.mark.parametrize("value", VALUES)
def test_no_value_of_policy_can_be_changed_in_place(value: type[Any]) -> None:
    instance = object.__new__(value)
    for field in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(instance, field.name, None)


def test_all_of_them_are_looked_at() -> None:
    names = {value.__name__ for value in VALUES}
    assert {
        "ActionRules",
        "Decision",
        "Grant",
        "PersonDecision",
        "PersonFacts",
        "Scope",
        "SqlDecision",
    } <= names
