"""The service's own keys and what it publishes of them."""

from __future__ import annotations

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from joserfc.jwk import RSAKey

from kelmu.core import clock
from kelmu.identity.configuration import SIGN_IN_RETURN, Identity
from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.oidc.flow import identify
from kelmu.identity.oidc.keys import KeyFileError, OwnKeys, read_private_key
from kelmu.identity.oidc.provider import Provider
from kelmu.identity.oidc.request import authorization_address
from tests.identity.conftest import PUBLIC_URL
from tests.simulators import Visitor
from tools.simulators.starting import OidcClient, free_port, start_identification

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


class _Published(BaseHTTPRequestHandler):
    """Serves the service's own answer, as the service would."""

    def do_GET(self) -> None:
        answer = Client().get(self.path, headers={"host": "127.0.0.1:8000"})
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *arguments: object) -> None:
        """Nothing: a test's output is the test's."""


def test_the_provider_takes_our_keys_from_the_address_we_publish_them_at(
    config: Identity, visitor: Visitor
) -> None:
    with HTTPServer(("127.0.0.1", 0), _Published) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        known = OidcClient(
            redirect_uris=[PUBLIC_URL + SIGN_IN_RETURN],
            jwks=f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json",
        )
        other = start_identification(free_port(), known)
        try:
            party = replace(config.party, provider=Provider(other.url, config.http))
            attempt = Attempt.begin("/", clock.now())
            back = visitor.identify(authorization_address(party, attempt, "fi"), "tampere_lists")
            answer = dict(parse_qsl(urlsplit(back).query))
            assert identify(party, config.http, answer, attempt, clock.now()).person.family_name == "Koskela"
        finally:
            other.stop()
            server.shutdown()
