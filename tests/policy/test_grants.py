"""A grant is worth something only as policy minted it, here, for its time."""

from __future__ import annotations

import ast
import copy
import pickle
import subprocess
import sys
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kelmu.core import clock
from kelmu.policy import (
    Action,
    Channel,
    DataGroup,
    Grant,
    GrantRefusedError,
    Outcome,
    Scope,
    decide,
    decide_person,
    require,
)
from kelmu.policy.grants import Terms
from tests.policy.actors import TODAY, acting, facts

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kelmu"


@pytest.fixture
def grant() -> Grant:
    made = decide(acting(), Action.INQUIRE, "client_fees", Channel.WEB, today=TODAY).grant
    assert made is not None
    return made


def changed(grant: Grant) -> dict[str, Any]:
    """Another value for every field."""
    more = Scope(99, DataGroup.CLAIMS, frozenset({"SOC-PER"}), None)
    return {
        "session_id": UUID(int=8),
        "organisation_id": 12,
        "agreement_id": 14,
        "mandates": (*grant.mandates, "kela_desk"),
        "purpose": "social_assistance",
        "legal_bases": (),
        "channel": Channel.API,
        "scopes": (*grant.scopes, more),
        "national_area": True,
        "minor_allowed": True,
        "policy_digest": "0" * 64,
        "decided_on": TODAY - timedelta(days=1),
        "expires_at": grant.expires_at + timedelta(seconds=1),
        "seal": bytes(32),
    }


def test_a_minted_grant_is_worth_something(grant: Grant) -> None:
    assert require(grant) is grant
    assert decide_person(grant, facts()).outcome is Outcome.GIVEN


@pytest.mark.parametrize("name", [each.name for each in fields(Grant)])
def test_no_field_of_a_grant_can_be_changed(grant: Grant, name: str) -> None:
    other = changed(grant)[name]
    with pytest.raises(AttributeError):
        setattr(grant, name, other)
    with pytest.raises(GrantRefusedError):
        replace(grant, **{name: other})
    object.__setattr__(grant, name, other)
    with pytest.raises(GrantRefusedError):
        require(grant)
    with pytest.raises(GrantRefusedError):
        decide_person(grant, facts())


@pytest.mark.parametrize(
    "widened",
    [
        {"since": None},
        {"benefits": frozenset({"SIC-TTP"})},
        {"group": DataGroup.RECOVERY},
        {"profile_id": 1},
    ],
)
def test_no_scope_of_a_grant_can_be_widened(grant: Grant, widened: dict[str, Any]) -> None:
    first, *rest = grant.scopes
    with pytest.raises(GrantRefusedError):
        replace(grant, scopes=(replace(first, **widened), *rest))


def test_no_benefit_of_a_grant_can_be_exchanged_for_another(grant: Grant) -> None:
    first, *rest = grant.scopes
    exchanged = first.benefits - {"PEN-VE"} | {"SIC-TTP"}
    assert len(exchanged) == len(first.benefits)
    with pytest.raises(GrantRefusedError):
        replace(grant, scopes=(replace(first, benefits=exchanged), *rest))


def test_a_grant_cannot_be_made_up(grant: Grant) -> None:
    terms = {each.name: getattr(grant, each.name) for each in fields(Terms)}
    for seal in (b"", bytes(32), "seal", None):
        with pytest.raises(GrantRefusedError):
            Grant(**terms, seal=seal)  # type: ignore[arg-type] # a wrong seal on purpose
    with pytest.raises(TypeError):
        Grant(**terms)
    for nothing in (None, Terms(**terms), terms, object.__new__(Grant)):
        with pytest.raises(GrantRefusedError):
            require(nothing)  # type: ignore[arg-type] # wrong on purpose


def test_a_subclass_is_no_grant(grant: Grant) -> None:
    class Wider(Grant):
        def __post_init__(self) -> None:
            pass

    with pytest.raises(GrantRefusedError):
        require(Wider(**{each.name: getattr(grant, each.name) for each in fields(Grant)}))


def test_a_grant_is_neither_pickled_nor_copied(grant: Grant) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(grant, protocol)
    for duplicate in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            duplicate(grant)


def test_the_seal_of_another_process_is_worth_nothing_here(grant: Grant) -> None:
    code = "from kelmu.policy import grants; print(grants._KEY.hex())"
    run = [sys.executable, "-c", code]
    environment = {"PYTHONPATH": str(SOURCE.parent)}
    keys = {
        subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(keys) == 2


def test_a_grant_is_worth_nothing_from_the_moment_it_expires(grant: Grant) -> None:
    with clock.stopped(grant.expires_at - timedelta(microseconds=1)):
        assert require(grant) is grant
    with clock.stopped(grant.expires_at), pytest.raises(GrantRefusedError):
        require(grant)


def test_a_grant_lives_no_longer_than_its_session_nor_than_a_minute() -> None:
    with clock.stopped(clock.now()) as now:
        session = acting()
        made = decide(session, Action.INQUIRE, "client_fees", Channel.WEB, today=TODAY).grant
        assert made is not None
        assert made.expires_at == now + timedelta(minutes=1)
        ending = replace(session, expires_at=now + timedelta(seconds=5))
        made = decide(ending, Action.INQUIRE, "client_fees", Channel.WEB, today=TODAY).grant
        assert made is not None
        assert made.expires_at == now + timedelta(seconds=5)
        over = decide(
            replace(session, expires_at=now), Action.INQUIRE, "client_fees", Channel.WEB, today=TODAY
        )
        assert over.grant is not None
        with pytest.raises(GrantRefusedError):
            require(over.grant)


def test_the_seal_is_never_shown(grant: Grant) -> None:
    assert "seal" not in repr(grant)


def test_only_the_decision_mints_grants() -> None:
    def names(node: ast.AST) -> set[str]:
        imported = {each.name for each in node.names} if isinstance(node, ast.ImportFrom) else set()
        return imported | {getattr(node, each, "") for each in ("id", "attr")}

    minting = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if any("mint" in names(node) for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    }
    assert minting == {"policy/decisions.py"}
