"""Three dialects of claim names, by configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelmu.identity.oidc.claims import ClaimTable, ClaimTableError
from kelmu.identity.oidc.errors import SignInError, SignInFault

CODE = "120385-914K"
SPOKEN = {
    "ftn": {
        "urn:oid:1.2.246.21": CODE,
        "urn:oid:2.5.4.4": "Korhonen",
        "urn:oid:1.2.246.575.1.14": "Aino Maria",
        "urn:oid:2.16.840.1.113730.3.1.241": "Korhonen Aino Maria",
    },
    "op": {
        "personal_identity_code": CODE,
        "family_name": "Korhonen",
        "given_name": "Aino Maria",
        "name": "Korhonen Aino Maria",
    },
    "suomifi": {
        "urn:oid:1.2.246.21": CODE,
        "urn:oid:2.5.4.4": "Korhonen",
        "http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName": "Aino Maria",
        "urn:oid:2.16.840.1.113730.3.1.241": "Aino Korhonen",
    },
}


@pytest.mark.parametrize("dialect", sorted(SPOKEN))
def test_a_dialect_gives_code_and_names(dialect: str) -> None:
    person = ClaimTable.named(dialect).person(SPOKEN[dialect])
    assert (person.personal_id.value, person.display_name) == (CODE, "Aino Maria Korhonen")


@pytest.mark.parametrize("dialect", sorted(SPOKEN))
def test_names_of_another_dialect_are_not_taken_for_a_code(dialect: str) -> None:
    others = {k: v for name, claims in SPOKEN.items() if name != dialect for k, v in claims.items()}
    own = ClaimTable.named(dialect).names["personal_id"]
    with pytest.raises(SignInError) as caught:
        ClaimTable.named(dialect).person({k: v for k, v in others.items() if k not in own})
    assert caught.value.fault is SignInFault.NO_IDENTITY_CODE


@pytest.mark.parametrize("code", ["", "120385-914X", "SE/FI/1234", 7, None, ["120385-914K"]])
def test_without_a_valid_code_nobody_is_identified(code: object) -> None:
    with pytest.raises(SignInError) as caught:
        ClaimTable.named("op").person({**SPOKEN["op"], "personal_identity_code": code})
    assert caught.value.fault is SignInFault.NO_IDENTITY_CODE
    assert not code or str(code) not in str(caught.value)


def test_nobody_without_a_name_is_identified() -> None:
    with pytest.raises(SignInError) as caught:
        ClaimTable.named("op").person({"personal_identity_code": CODE})
    assert caught.value.fault is SignInFault.BAD_TOKEN


def test_a_person_s_facts_are_hidden_in_representations() -> None:
    shown = repr(ClaimTable.named("op").person(SPOKEN["op"]))
    assert "Korhonen" not in shown
    assert CODE not in shown


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[other]\npersonal_id='a'\nfamily_name='b'", "no claim table"),
        ("[op]\npersonal_id='a'", "lacks: family_name"),
        ("[op]\npersonal_id='a'\nfamily_name='b'\nshoe_size='c'", "unknown facts: shoe_size"),
        ("[op]\npersonal_id=1\nfamily_name='b'", "personal_id must be"),
        ("[op]\npersonal_id=[]\nfamily_name='b'", "personal_id must be"),
        ("nonsense", "TOML"),
    ],
)
def test_a_claim_table_that_makes_no_sense_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(text)
    with pytest.raises(ClaimTableError, match=complaint):
        ClaimTable.named("op", path)


@pytest.mark.parametrize(("told", "let_in"), [("true", True), (True, True), ("false", False), ("", False)])
def test_who_could_not_be_checked_in_the_population_register_is_not_let_in(
    told: object, let_in: bool
) -> None:
    for dialect in ("ftn", "suomifi"):
        claims = {**SPOKEN[dialect], "urn:oid:1.2.246.517.3002.111.2": told}
        if let_in:
            assert ClaimTable.named(dialect).person(claims)
            continue
        with pytest.raises(SignInError) as caught:
            ClaimTable.named(dialect).person(claims)
        assert caught.value.fault is SignInFault.REGISTER_UNREAD
