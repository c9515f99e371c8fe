"""The agreements file becomes the database's organisations and agreements, all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from joserfc.jwk import ECKey, OctKey

from kelmu.organisations.agreement_file import AgreementFileError
from kelmu.organisations.agreements import load_agreements
from kelmu.organisations.load import main
from tests.databases import Database
from tools.cast import load_cast
from tools.cast.api_keys import public_jwk

CAST = load_cast()


def snapshot(owner: psycopg.Connection) -> list[tuple[object, ...]]:
    return owner.execute(
        "SELECT o.business_id, o.name_fi, a.agreement_id, a.number, a.valid_to, a.channels,"
        " (SELECT count(*) FROM organisations.area r WHERE r.organisation_id = o.organisation_id),"
        " (SELECT count(*) FROM organisations.official_right r WHERE r.agreement_id = a.agreement_id)"
        " FROM organisations.organisation o LEFT JOIN organisations.agreement a USING (organisation_id)"
        " ORDER BY 1, 4"
    ).fetchall()


def test_loading_again_gives_the_same_agreements_the_same_ids(owner: psycopg.Connection, file: Path) -> None:
    assert load_agreements(owner, file) == (17, 18)
    before = snapshot(owner)
    load_agreements(owner, file)
    assert snapshot(owner) == before
    assert sum(int(str(row[7])) for row in before) > 0, "rights of officials are there"


def test_a_change_in_the_file_becomes_the_database(owner: psycopg.Connection, file: Path) -> None:
    load_agreements(owner, file)
    text = file.read_text()
    file.write_text(
        text.replace("Nokian kaupunki", "Nokia").replace("valid_to = 2025-12-31", "valid_to = 2026-01-31")
    )
    load_agreements(owner, file)
    nokia = next(row for row in snapshot(owner) if row[3] == "KELMU-2023-0536")
    assert (nokia[1], str(nokia[4])) == ("Nokia", "2026-01-31")
    file.write_text(text)
    load_agreements(owner, file)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('number = "KELMU-2023-0005"', 'number = "KELMU-2023-0008"', "KELMU-2023-0008 stands twice"),
        ('channels = ["web"]', 'channels = ["web", "post"]', "refused by agreement_channels_known"),
        ('channels = ["web"]', "channels = []", "agreement KELMU-.*: refused by agreement_channels_known"),
        ('"pending", ', '"everything", ', "agreement KELMU-.*: refused by agreement_groups_known"),
        ('"municipality"', '"township"', "refused by agreement_type_known"),
        ('county = "05"', 'county = "55"', "organisation 990.*: refused by area_county_fk"),
        ('county = "05"', 'county = "5"', "organisations 2, areas 1, county"),
        ('county = "05"', 'county = "05"\nmunicipality = "853"', "areas 1: names either a county or"),
        ("valid_to = 2025-12-31", "valid_to = 1999-12-31", "0536: refused by agreement_period_ordered"),
        ("valid_from = 2025-01-01", 'valid_from = "soon"', "organisations 11, agreements 1, valid_from"),
        ("protected_persons = true", "protected = true", "organisations 1, agreements 1, protected"),
        ('agreement = "KELMU-2024-0701"', 'agreement = "KELMU-0"', "the file has no agreement KELMU-0"),
        ("[[organisations]]", "[[organisations", "agreements.toml: "),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_by_name_and_nothing_changes(
    owner: psycopg.Connection, file: Path, old: str, new: str, message: str
) -> None:
    load_agreements(owner, file)
    before = snapshot(owner)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(AgreementFileError, match=message):
        load_agreements(owner, file)
    assert snapshot(owner) == before


def test_a_wrong_business_id_is_refused(owner: psycopg.Connection, file: Path) -> None:
    text = file.read_text()
    first = CAST.organisations[0].business_id
    wrong = f"{first[:-1]}{(int(first[-1]) + 1) % 10}"
    file.write_text(text.replace(first, wrong))
    with pytest.raises(AgreementFileError, match=r"organisations 1, business_id: .*check_digit"):
        load_agreements(owner, file)


def test_an_agreement_is_ended_not_left_out(owner: psycopg.Connection, file: Path) -> None:
    load_agreements(owner, file)
    text = file.read_text()
    start = text.index('[[organisations.agreements]]\nnumber = "KELMU-2023-0391"')
    file.write_text(text[:start] + text[text.index("[[organisations]]", start) :])
    with pytest.raises(AgreementFileError, match="its agreement KELMU-2023-0391 is on record and missing"):
        load_agreements(owner, file)


def test_the_type_of_an_agreement_never_changes(owner: psycopg.Connection, file: Path) -> None:
    load_agreements(owner, file)
    file.write_text(file.read_text().replace('"reception_centre"', '"municipality"'))
    with pytest.raises(AgreementFileError, match="KELMU-2024-0701: belongs to another organisation or type"):
        load_agreements(owner, file)


def test_the_command_says_what_it_did_and_what_is_wrong(
    clean_database: Database, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KELMU_OWNER_DATABASE_URL", raising=False)
    assert main(["areas"]) == 2
    monkeypatch.setenv("KELMU_OWNER_DATABASE_URL", clean_database.url("kelmu_owner"))
    assert main(["areas"]) == 0
    assert main(["agreements", str(file)]) == 0
    assert "17 organisations, 18 agreements" in capsys.readouterr().err
    file.write_text("organisations = 3")
    assert main(["agreements", str(file)]) == 1
    assert "agreements.toml: organisations" in capsys.readouterr().err


def with_client(file: Path, jwk: object, **changes: str) -> None:
    """Add an API client with a key to the file."""
    entry = {"client_id": "koe-jarjestelma", "agreement": "KELMU-2023-0008", "name": "Koe", **changes}
    lines = ["", "[[api_clients]]", *(f'{name} = "{value}"' for name, value in entry.items())]
    lines += ["valid_from = 2024-01-01", "[[api_clients.keys]]", "valid_from = 2024-01-01"]
    lines += [f"jwk.{name} = {json.dumps(value)}" for name, value in dict(jwk).items()]  # type: ignore[call-overload] # a mapping
    file.write_text(file.read_text() + "\n".join(lines) + "\n")


def clients(owner: psycopg.Connection) -> list[tuple[object, ...]]:
    return owner.execute(
        "SELECT client_id, number, c.name, jwk ->> 'kid' FROM organisations.api_client c"
        " JOIN organisations.agreement USING (agreement_id)"
        " LEFT JOIN organisations.api_client_key USING (client_id)"
    ).fetchall()


def test_a_client_and_its_keys_become_the_files(owner: psycopg.Connection, file: Path) -> None:
    text = file.read_text()
    first, second = (public_jwk(ECKey.generate_key("P-256", private=True)) for _ in range(2))
    for key in (first, second):
        file.write_text(text)
        with_client(file, key)
        load_agreements(owner, file)
        assert clients(owner) == [("koe-jarjestelma", "KELMU-2023-0008", "Koe", key["kid"])]


EC = ECKey.generate_key("P-256", private=True)


@pytest.mark.parametrize(
    ("jwk", "changes", "message"),
    [
        (EC.as_dict(private=True) | {"kid": "1"}, {}, "jwk: .*the private key does not belong here"),
        (ECKey.generate_key("P-384", private=False).as_dict() | {"kid": "1"}, {}, "neither EC P-256 nor RSA"),
        (OctKey.generate_key(256).as_dict() | {"kid": "1"}, {}, "neither EC P-256 nor RSA"),
        ({"kty": "EC", "kid": "1"}, {}, "not a JSON Web Key"),
        ({**public_jwk(EC), "kid": ""}, {}, "the key has no kid"),
        (public_jwk(EC), {"client_id": "Koe"}, "api_clients 1, client_id"),
        (public_jwk(EC), {"agreement": "KELMU-0"}, "API client koe-.*: the file has no agreement KELMU-0"),
    ],
    ids=["private", "curve", "shared secret", "no key", "no kid", "id", "agreement"],
)
def test_a_wrong_client_is_refused_by_name(
    owner: psycopg.Connection, file: Path, jwk: object, changes: dict[str, str], message: str
) -> None:
    with_client(file, jwk, **changes)
    with pytest.raises(AgreementFileError, match=message) as raised:
        load_agreements(owner, file)
    assert str(EC.as_dict(private=True)["d"]) not in str(raised.value)
