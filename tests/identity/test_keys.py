"""The service's own keys and what it publishes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from joserfc.jwk import RSAKey

from kelmu.identity.configuration import Identity
from kelmu.identity.oidc.keys import KeyFileError, OwnKeys, read_private_key

PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("keys")
    made = [folder / f"{number}.pem" for number in range(5)]
    for path in made:
        path.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    return made


def test_present_and_upcoming_keys_are_published_and_a_retiring_one_is_not(paths: list[Path]) -> None:
    keys = OwnKeys.from_files(
        paths[0],
        paths[1],
        upcoming_signing=paths[2],
        upcoming_encryption=paths[3],
        retiring_encryption=paths[4],
    )
    published = keys.published["keys"]
    assert [key["use"] for key in published] == ["sig", "sig", "enc", "enc"]
    thumbprints = [read_private_key(path, "sig").thumbprint() for path in paths]
    assert [key["kid"] for key in published] == [thumbprints[number] for number in (0, 2, 1, 3)]
    assert all(RSAKey.import_key(key).thumbprint() == key["kid"] for key in published)
    assert not any(PRIVATE_MEMBERS & set(key) for key in published)
    assert set(keys.decryption) == {thumbprints[1], thumbprints[3], thumbprints[4]}


def test_one_key_for_both_uses_is_refused(paths: list[Path]) -> None:
    with pytest.raises(KeyFileError, match="same"):
        OwnKeys.from_files(paths[0], paths[0])


def test_a_file_that_holds_no_fit_key_is_refused_without_showing_it(
    tmp_path: Path, paths: list[Path]
) -> None:
    short = tmp_path / "short.pem"
    short.write_bytes(pem(rsa.generate_private_key(65537, 1024)))
    curve = tmp_path / "curve.pem"
    curve.write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    public = tmp_path / "public.pem"
    public.write_bytes(read_private_key(paths[0], "sig").as_pem(private=False))
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    for path, complaint in (
        (short, "shorter"), (curve, "not an RSA key"), (public, "not a private key"),
        (nonsense, "not a private key"), (tmp_path / "missing.pem", "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(KeyFileError, match=complaint) as caught:
            read_private_key(path, "sig")
        assert "nonsense\n" not in str(caught.value)


def test_the_provider_can_fetch_our_keys(config: Identity) -> None:
    response = Client().get("/.well-known/jwks.json", headers={"host": "127.0.0.1:8000"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/jwk-set+json"
    assert response.json() == config.party.keys.published
    assert not any(PRIVATE_MEMBERS & set(key) for key in response.json()["keys"])
