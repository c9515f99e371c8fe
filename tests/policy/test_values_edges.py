"""What policy has decided or read cannot be changed afterwards by whoever holds it."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from typing import Any

import pytest

import kelmu.policy
from kelmu.policy import Action, PersonFacts

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


def test_the_refusal_of_incomplete_facts_names_what_is_missing_or_unknown_and_nothing_else() -> None:
    facts: dict[str, object] = {field.name: False for field in dataclasses.fields(PersonFacts)}
    del facts["minor"]
    with pytest.raises(ValueError, match=r": \['known', 'minor'\]$"):
        PersonFacts.from_json({**facts, "known": True})


def test_only_the_front_page_and_signing_in_are_open_to_those_nobody_knows() -> None:
    assert {action for action in Action if not action.needs_identification} == {Action.PUBLIC, Action.SIGN_IN}


def test_whoever_is_asked_for_more_is_asked_for_all_that_comes_before() -> None:
    for action in Action:
        assert not action.needs_purpose or action.opens_inquiry, action
        assert not action.opens_inquiry or action.needs_acting, action
        assert action.feature is None or action.needs_acting, action
        assert not action.needs_acting or action.needs_identification, action
