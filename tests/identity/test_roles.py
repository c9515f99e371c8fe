"""What an answer about roles means: only named mandates count, and nothing malformed is guessed at."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.mandates.roles import OrganisationMandates, read_roles
from kelmu.identity.mandates.themes import MandateKind, ThemeMap, ThemeMapError
from kelmu.policy.loader import policy_data

THEMES = ThemeMap.load()
VIEW = "http://valtuusrekisteri.suomi.fi/etuustietojen_katselu_ja_maksuvaatimusten_rekisterointi"
LISTS = "http://valtuusrekisteri.suomi.fi/tyomarkkinatukiaineistojen_tarkastelu"
MISTAKEN = "http://valtuusrekisteri.suomi.fi/etuustietojen_katselu"


def entry(**changed: object) -> dict[str, object]:
    return {"identifier": "9900001-8", "name": "Koe", "complete": True, "roles": [VIEW]} | changed


def read(*entries: object) -> tuple[OrganisationMandates, ...]:
    return read_roles(json.dumps(entries).encode(), uuid.uuid4(), THEMES).organisations


def test_a_trade_register_role_alone_opens_nothing() -> None:
    [held] = read(entry(roles=["NIMKO", "TJ", "PJ"]))
    assert held.complete
    assert not held.own | held.representation


def test_an_unknown_theme_opens_nothing() -> None:
    [held] = read(entry(roles=["http://valtuusrekisteri.suomi.fi/jotain_muuta", VIEW]))
    assert held.own == {"benefit_view_and_claims"}


def test_the_incomes_register_mandate_of_nearly_the_same_name_is_noticed_and_opens_nothing() -> None:
    [held] = read(entry(roles=[MISTAKEN]))
    assert held.mistaken == {"incomes_register_benefit_view"}
    assert not held.own | held.representation


def test_own_and_representation_mandates_are_kept_apart() -> None:
    [held] = read(entry(roles=[VIEW, f"{LISTS}_edustaminen"]))
    assert held.own == {"benefit_view_and_claims"}
    assert held.representation == {"labour_market_subsidy_material"}


@pytest.mark.parametrize("complete", [False, None])
def test_what_is_not_said_to_be_complete_gives_nothing(complete: bool | None) -> None:
    given = entry(complete=complete)
    if complete is None:
        del given["complete"]
    [held] = read(given)
    assert not held.complete
    assert not held.own


def test_entries_of_one_organisation_are_one_and_one_incomplete_spoils_all() -> None:
    [held] = read(entry(), entry(roles=[LISTS]))
    assert held.own == {"benefit_view_and_claims", "labour_market_subsidy_material"}
    for pair in ((entry(), entry(complete=False)), (entry(complete=False), entry())):
        [held] = read(*pair)
        assert not held.complete
        assert not held.own


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nonsense", b"{}", b"[1]", b'[{"identifier": 1}]',
        b'[{"identifier": "1234567-8", "complete": true}]',
        b'[{"identifier": "9900001-8", "complete": "true", "roles": []}]',
        b'[{"identifier": "9900001-8", "complete": true, "roles": "x"}]',
    ],
)  # fmt: skip
def test_a_malformed_answer_is_no_answer(body: bytes) -> None:
    with pytest.raises(MandateError) as caught:
        read_roles(body, uuid.uuid4(), THEMES)
    assert caught.value.fault is MandateFault.DOWN


def test_every_mandate_of_the_list_has_a_theme_and_no_theme_a_mandate_unknown_to_policy() -> None:
    assert THEMES.codes() == set(policy_data().mandates)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no mandate"),
        ("x = 1", "unknown"),
        ("[[mandate]]\nuri = 'a'\ncode = 'b'", "expected exactly"),
        ("[[mandate]]\nuri = 'a'\ncode = 'b'\nkind = 'other'", "own or representation"),
        ("[[mandate]]\nuri = 'a'\ncode = 'b'\nkind = 'own'\n" * 2, "twice"),
        ("[[mandate]]\nuri='a'\ncode='b'\nkind='own'\n[[mistaken]]\nuri='a'\ncode='c'", "both"),
        ("[[", "TOML"),
    ],
)
def test_a_theme_map_that_makes_no_sense_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(text)
    with pytest.raises(ThemeMapError, match=complaint):
        ThemeMap.load(path)


def test_a_theme_map_of_ones_own_is_used(tmp_path: Path) -> None:
    path = tmp_path / "themes.toml"
    path.write_text("[[mandate]]\nuri = 'https://other.example/a'\ncode = 'kela_desk'\nkind = 'own'\n")
    assert ThemeMap.load(path).mandates == {"https://other.example/a": ("kela_desk", MandateKind.OWN)}
