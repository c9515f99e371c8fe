"""Signing in against the certified provider: who gets through, and how every fault is told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from kelmu.core import clock
from kelmu.identity.configuration import Identity
from kelmu.identity.http import outbound
from kelmu.identity.oidc.attempts import LIFETIME, Attempt, take_attempt, with_attempt
from kelmu.identity.oidc.claims import ClaimTable
from kelmu.identity.oidc.errors import SignInError, SignInFault
from kelmu.identity.oidc.flow import Identification, identify
from kelmu.identity.oidc.keys import OwnKeys
from kelmu.identity.oidc.provider import Provider
from kelmu.identity.oidc.request import authorization_address
from tests.identity.conftest import PUBLIC_URL
from tests.simulators import Simulators, Visitor, identification_for
from tools.cast import load_cast

WORKER = "pirkanmaa_social_worker"


def go(config: Identity, visitor: Visitor, person: str = WORKER) -> tuple[dict[str, str], Attempt]:
    """Through the provider's pages as a person of the cast; the answer and the attempt it is for."""
    attempt = Attempt.begin("/", clock.now())
    back = visitor.identify(authorization_address(config.party, attempt, "fi"), person)
    return dict(parse_qsl(urlsplit(back).query)), attempt


def finish(config: Identity, answer: dict[str, str], attempt: Attempt) -> Identification:
    return identify(config.party, config.http, answer, attempt, clock.now())


def fault_of(config: Identity, answer: dict[str, str], attempt: Attempt) -> SignInFault:
    with pytest.raises(SignInError) as caught:
        finish(config, answer, attempt)
    return caught.value.fault


@pytest.mark.parametrize("method", ["bank", "mobile", "card"])
def test_an_official_is_identified_by_any_strong_method(
    config: Identity, visitor: Visitor, method: str
) -> None:
    attempt = Attempt.begin("/", clock.now())
    back = visitor.identify(authorization_address(config.party, attempt, "fi"), WORKER, method)
    found = finish(config, dict(parse_qsl(urlsplit(back).query)), attempt)
    expected = next(o for o in load_cast().officials if o.key == WORKER)
    assert found.person.personal_id.value == expected.personal_id
    assert found.person.display_name == f"{expected.given_names} {expected.family_name}"
    assert found.level == "http://ftn.ficora.fi/2017/loatest3"


@pytest.mark.parametrize(
    ("dialect", "key_encryption", "content_encryption"),
    [
        ("op", "RSA-OAEP", "A128CBC-HS256"),
        ("suomifi", "RSA-OAEP-256", "A128GCM"),
        ("ftn", "RSA-OAEP-256", "A256GCM"),
    ],
)
def test_each_dialect_and_each_allowed_encryption_is_understood(
    config: Identity, visitor: Visitor, dialect: str, key_encryption: str, content_encryption: str
) -> None:
    other = identification_for(
        PUBLIC_URL, dialect=dialect, key_encryption=key_encryption, content_encryption=content_encryption
    )
    try:
        party = replace(
            config.party, claims=ClaimTable.named(dialect), provider=Provider(other.url, config.http)
        )
        spoken = replace(config, party=party)
        found = finish(spoken, *go(spoken, visitor))
        assert found.person.family_name == "Korhonen"
        assert found.person.given_names == "Aino Maria"
    finally:
        other.stop()


def test_backing_out_is_told_apart(config: Identity, visitor: Visitor) -> None:
    attempt = Attempt.begin("/", clock.now())
    back = visitor.cancel(authorization_address(config.party, attempt, "sv"))
    answer = dict(parse_qsl(urlsplit(back).query))
    assert answer["state"] == attempt.state
    assert fault_of(config, answer, attempt) is SignInFault.CANCELLED


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        ("cancel", SignInFault.CANCELLED),
        ("access_denied", SignInFault.CANCELLED),
        ("temporarily_unavailable", SignInFault.PROVIDER_DOWN),
        ("server_error", SignInFault.PROVIDER_DOWN),
        ("unmet_authentication_requirements", SignInFault.LEVEL_TOO_LOW),
        ("invalid_request", SignInFault.PROVIDER_ERROR),
    ],
)
def test_each_reported_error_has_its_cause(config: Identity, error: str, fault: SignInFault) -> None:
    assert fault_of(config, {"error": error}, Attempt.begin("/", clock.now())) is fault


@pytest.mark.parametrize(
    ("person", "fault"),
    [("weak_sign_in", SignInFault.LEVEL_TOO_LOW), ("eidas_without_code", SignInFault.NO_IDENTITY_CODE)],
)
def test_weak_and_foreign_identification_opens_nothing(
    config: Identity, visitor: Visitor, person: str, fault: SignInFault
) -> None:
    assert fault_of(config, *go(config, visitor, person)) is fault


def test_a_level_that_was_not_asked_for_is_too_low(config: Identity, visitor: Visitor) -> None:
    answer, attempt = go(config, visitor, "pirkanmaa_claims_handler")  # identified at loatest2
    strict = replace(config, party=replace(config.party, levels=("http://ftn.ficora.fi/2017/loatest3",)))
    assert fault_of(strict, answer, attempt) is SignInFault.LEVEL_TOO_LOW


def test_a_test_level_is_refused_in_production(config: Identity, visitor: Visitor) -> None:
    answer, attempt = go(config, visitor)
    levels = ("http://ftn.ficora.fi/2017/loa2",)
    production = replace(config, party=replace(config.party, levels=levels, test_levels_accepted=False))
    assert fault_of(production, answer, attempt) is SignInFault.TEST_IDENTITY


def test_production_cannot_even_ask_for_a_test_level(config: Identity) -> None:
    with pytest.raises(ValueError, match="production"):
        replace(config.party, test_levels_accepted=False)


def test_a_code_works_once(config: Identity, visitor: Visitor) -> None:
    answer, attempt = go(config, visitor)
    finish(config, answer, attempt)
    assert fault_of(config, answer, attempt) is SignInFault.CODE_REFUSED


def test_a_code_of_another_attempt_is_refused(config: Identity, visitor: Visitor) -> None:
    answer, _attempt = go(config, visitor)
    assert fault_of(config, answer, Attempt.begin("/", clock.now())) is SignInFault.CODE_REFUSED


@pytest.mark.parametrize(
    ("switch", "fault"),
    [
        ("wrong_nonce", SignInFault.WRONG_NONCE),
        ("unencrypted", SignInFault.BAD_TOKEN),
        ("unknown_key", SignInFault.UNKNOWN_KEY),
        ("foreign_encryption", SignInFault.BAD_TOKEN),
        ("wrong_audience", SignInFault.BAD_TOKEN),
        ("expired", SignInFault.WRONG_TIME),
        ("old_login", SignInFault.WRONG_TIME),
        ("wrong_issuer", SignInFault.WRONG_ISSUER),
        ("clock_ahead", SignInFault.WRONG_TIME),
        ("clock_behind", SignInFault.WRONG_TIME),
        ("down", SignInFault.PROVIDER_DOWN),
    ],
)
def test_a_token_that_is_not_as_agreed_is_refused(
    config: Identity, simulators: Simulators, visitor: Visitor, switch: str, fault: SignInFault
) -> None:
    answer, attempt = go(config, visitor)
    simulators.identification.control("fault", fault=switch)
    assert fault_of(config, answer, attempt) is fault


def test_a_token_for_our_retired_key_opens_only_while_the_key_is_kept(
    config: Identity, visitor: Visitor
) -> None:
    answer, attempt = go(config, visitor)
    present = config.party.keys
    turned = OwnKeys(present.signing, encryption=_another_key(), retiring_encryption=present.encryption)
    finish(replace(config, party=replace(config.party, keys=turned)), answer, attempt)
    answer, attempt = go(config, visitor)
    forgotten = OwnKeys(present.signing, encryption=_another_key())
    gone = replace(config, party=replace(config.party, keys=forgotten))
    assert fault_of(gone, answer, attempt) is SignInFault.BAD_TOKEN


def _another_key() -> RSAKey:
    made = RSAKey.generate_key(2048, {"use": "enc"})
    return RSAKey.import_key(made.as_pem(private=True), {"use": "enc", "kid": made.thumbprint()})


def test_an_answer_of_another_issuer_is_refused(config: Identity, visitor: Visitor) -> None:
    answer, attempt = go(config, visitor)
    assert fault_of(config, answer | {"iss": "http://localhost:9"}, attempt) is SignInFault.WRONG_ISSUER


def test_an_unsigned_request_is_refused_by_the_provider(config: Identity) -> None:
    outer = {"client_id": "kelmu", "response_type": "code", "scope": "openid"}
    answer = httpx.get(config.party.provider.endpoints().authorization, params=outer)
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["invalid_request"]


def test_a_provider_that_is_not_there_is_said_to_be_down(config: Identity) -> None:
    nowhere = replace(config.party, provider=Provider("http://localhost:9", config.http))
    with pytest.raises(SignInError) as caught:
        authorization_address(nowhere, Attempt.begin("/", clock.now()), "fi")
    assert caught.value.fault is SignInFault.PROVIDER_DOWN


def test_new_keys_of_the_provider_are_fetched_once_when_met(config: Identity, simulators: Simulators) -> None:
    moment = [0.0]
    client = outbound(5.0)
    fetched: list[str] = []

    class Counting:
        def get(self, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
            fetched.append(url)
            return client.get(url, headers)

    provider = Provider(simulators.identification.url, Counting(), monotonic=lambda: moment[0])  # type: ignore[arg-type] # a client that counts
    for _ in range(2):  # too soon after the first fetch for another one
        with pytest.raises(SignInError):
            provider.signing_key("unknown")
    assert len(fetched) == 2  # discovery and keys
    moment[0] = 11.0
    with pytest.raises(SignInError):
        provider.signing_key("unknown")
    assert len(fetched) == 3
    kid = client.get(provider.endpoints().keys).json()["keys"][0]["kid"]
    moment[0] = 80_000.0
    provider.signing_key(kid)
    assert len(fetched) == 3  # the keys are not a day old yet
    moment[0] = 90_000.0
    provider.signing_key(kid)
    assert len(fetched) == 5  # discovery, too, is asked again after an hour


def test_the_provider_speaks_the_official_s_language_and_shows_our_name(
    config: Identity, visitor: Visitor
) -> None:
    for language, title in (
        ("fi", "Valitse tunnistustapa"),
        ("sv", "Välj identifieringssätt"),
        ("en", "Select"),
    ):
        html = visitor.open(authorization_address(config.party, Attempt.begin("/", clock.now()), language))
        assert f'lang="{language}"' in html
        assert title in html
        assert config.party.service_name in html


def test_several_tabs_sign_in_at_once_and_each_answer_counts_once() -> None:
    now = clock.now()
    first, second = Attempt.begin("/a/", now), Attempt.begin("/b/", now)
    kept = with_attempt(with_attempt([], first), second)
    found, kept = take_attempt(kept, first.state, now)
    assert found == first
    again, kept = take_attempt(kept, first.state, now)
    assert again is None
    assert take_attempt(kept, second.state, now)[0] == second


def test_an_attempt_dies_after_a_quarter_of_an_hour() -> None:
    attempt = Attempt.begin("/", clock.now())
    kept = with_attempt([], attempt)
    assert take_attempt(kept, attempt.state, attempt.started_at + LIFETIME)[0] == attempt
    assert take_attempt(kept, attempt.state, attempt.started_at + LIFETIME + timedelta(seconds=1))[0] is None
