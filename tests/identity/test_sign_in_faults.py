"""Every way a sign-in can go wrong has a page of its own, in words, and signs nobody in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from joserfc.jwk import RSAKey

from kelmu.identity import configuration
from kelmu.identity.configuration import Identity, identity
from kelmu.identity.oidc.configuration import RelyingParty
from kelmu.identity.oidc.keys import OwnKeys
from kelmu.web.sign_in import FAILURES
from tests.identity.browsing import HOST, Desk, text_of
from tests.identity.conftest import PUBLIC_URL
from tests.simulators import Simulators, Visitor, identification_for
from tests.world import World
from tools.simulators.starting import OidcClient, free_port, start_identification

WORKER = "pirkanmaa_social_worker"


@contextmanager
def configured(config: Identity, **party: object) -> Iterator[Identity]:
    """The service with another relying party for as long as the block lasts."""
    before = configuration._made
    changed = replace(config, party=replace(config.party, **party))  # type: ignore[arg-type] # fields by name
    configuration._made = (settings.KELMU, changed)
    try:
        yield changed
    finally:
        configuration._made = before


def switched(switch: str) -> Callable[[Desk, Simulators], HttpResponse]:
    """Identified as usual, but the provider answers with a fault."""

    def way(desk: Desk, simulators: Simulators) -> HttpResponse:
        back = desk.visitor.identify(desk.to_provider(), WORKER)
        simulators.identification.control("fault", fault=switch)
        return desk.back(back)

    return way


def somebody(person: str) -> Callable[[Desk, Simulators], HttpResponse]:
    return lambda desk, _: desk.identify(person)


def cancelled(desk: Desk, _: Simulators) -> HttpResponse:
    return desk.back(desk.visitor.cancel(desk.to_provider()))


def reloaded(desk: Desk, _: Simulators) -> HttpResponse:
    state = parse_qs(urlsplit(desk.visitor.cancel(desk.to_provider())).query)["state"][0]
    return desk.get(f"/sign-in/return/?code=nonsense&state={state}")


def of_another_browser(desk: Desk, _: Simulators) -> HttpResponse:
    return desk.back(desk.visitor.identify(Desk(desk.visitor).to_provider(), WORKER))


def code_of_another_session(desk: Desk, _: Simulators) -> HttpResponse:
    """A code somebody else was given, put into this browser's own answer."""
    theirs = parse_qs(urlsplit(desk.visitor.identify(Desk(desk.visitor).to_provider(), WORKER)).query)["code"]
    state = parse_qs(urlsplit(desk.visitor.cancel(desk.to_provider())).query)["state"]
    return desk.get(f"/sign-in/return/?code={theirs[0]}&state={state[0]}")


def code_of_another_tab(desk: Desk, _: Simulators) -> HttpResponse:
    first, second = desk.to_provider(), desk.to_provider()
    code = parse_qs(urlsplit(desk.visitor.identify(first, WORKER)).query)["code"][0]
    state = parse_qs(urlsplit(desk.visitor.cancel(second)).query)["state"][0]
    return desk.get(f"/sign-in/return/?code={code}&state={state}")


def of_another_issuer(desk: Desk, _: Simulators) -> HttpResponse:
    back = urlsplit(desk.visitor.identify(desk.to_provider(), WORKER))
    query = re.sub(r"iss=[^&]*", "iss=https%3A%2F%2Fother.example", back.query)
    return desk.get(f"{back.path}?{query}")


def refused_by_provider(desk: Desk, _: Simulators) -> HttpResponse:
    state = parse_qs(urlsplit(desk.visitor.cancel(desk.to_provider())).query)["state"][0]
    return desk.get(f"/sign-in/return/?error=invalid_request&state={state}")


CASES: dict[str, tuple[Callable[[Desk, Simulators], HttpResponse], str]] = {
    "cancelled": (cancelled, "cancelled"),
    "level too low": (somebody("weak_sign_in"), "level_too_low"),
    "no identity code": (somebody("eidas_without_code"), "no_identity_code"),
    "code used or made up": (reloaded, "code_refused"),
    "code of another session": (code_of_another_session, "code_refused"),
    "code of another tab": (code_of_another_tab, "code_refused"),
    "answer of another browser": (of_another_browser, "unknown_state"),
    "population register not read": (switched("register_unread"), "register_unread"),
    "nonce": (switched("wrong_nonce"), "wrong_nonce"),
    "unencrypted": (switched("unencrypted"), "bad_token"),
    "encrypted for another": (switched("foreign_encryption"), "bad_token"),
    "meant for another": (switched("wrong_audience"), "bad_token"),
    "unknown key": (switched("unknown_key"), "unknown_key"),
    "issuer of the token": (switched("wrong_issuer"), "wrong_issuer"),
    "issuer of the answer": (of_another_issuer, "wrong_issuer"),
    "clock ahead": (switched("clock_ahead"), "wrong_time"),
    "clock behind": (switched("clock_behind"), "wrong_time"),
    "expired": (switched("expired"), "wrong_time"),
    "identified long ago": (switched("old_login"), "wrong_time"),
    "down": (switched("down"), "provider_down"),
    "an error of the protocol": (refused_by_provider, "provider_error"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_has_its_page_its_entry_and_signs_nobody_in(
    desk: Desk, world: World, simulators: Simulators, case: str
) -> None:
    way, fault = CASES[case]
    desk.client.cookies["kelmu_language"] = "en"
    answer = way(desk, simulators)
    failure = next(failure for known, failure in FAILURES.items() if known.value == fault)
    assert answer.status_code == failure.status
    page = text_of(answer)
    heading = re.search(r"<h1[^>]*>([^<]*)", page)
    assert heading
    assert heading[1].strip()
    assert '<form class="' in page or "/sign-in/" in page, "a way to go on"
    assert world.entries(kind="sign_in_failed")[-1]["detail"] == fault
    assert desk.kept.official is None
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_fault_is_among_the_cases_or_tried_elsewhere() -> None:
    tried = {fault for _, fault in CASES.values()} | {"test_identity"}
    assert tried == {fault.value for fault in FAILURES}


def test_a_test_identity_in_production_has_its_page(desk: Desk, world: World, config: Identity) -> None:
    back = desk.visitor.identify(desk.to_provider(), WORKER)
    levels = ("http://ftn.ficora.fi/2017/loa3",)
    with configured(config, levels=levels, test_levels_accepted=False):
        answer = desk.back(back)
    assert answer.status_code == 403
    assert world.entries(kind="sign_in_failed")[-1]["detail"] == "test_identity"
    assert desk.kept.official is None


@pytest.mark.parametrize("switch", ["clock_a_little_ahead", "clock_a_little_behind"])
def test_clocks_may_differ_by_less_than_a_minute(desk: Desk, simulators: Simulators, switch: str) -> None:
    assert switched(switch)(desk, simulators).status_code == 303
    assert desk.kept.official


def test_a_second_tab_does_not_disturb_the_first(desk: Desk) -> None:
    first, second = desk.to_provider("/mandates/"), desk.to_provider("/help/")
    assert desk.back(desk.visitor.cancel(second)).status_code == 200
    answer = desk.back(desk.visitor.identify(first, WORKER))
    assert desk.select(answer).headers["Location"] == "/mandates/"


def test_a_stranger_cannot_sign_a_victim_in_as_herself(desk: Desk, simulators: Simulators) -> None:
    """The whole answer of an attacker's own sign-in, sent to a browser with a sign-in under way."""
    theirs = urlsplit(Desk(desk.visitor).visitor.identify(Desk(desk.visitor).to_provider(), WORKER))
    victim = Client(headers={"host": HOST})
    victim.post("/sign-in/", {"next": ""})
    assert victim.get(f"{theirs.path}?{theirs.query}").status_code == 400


def test_the_second_dialect_signs_in_from_the_first_page_to_the_mandates(
    desk: Desk, world: World, config: Identity, simulators: Simulators
) -> None:
    other = identification_for(PUBLIC_URL, dialect="op")
    before = settings.KELMU
    settings.KELMU = before.model_copy(update={"oidc_issuer": other.url, "oidc_claims": "op"})
    try:
        answer = desk.identify(WORKER)
        assert answer.status_code == 303
        official = desk.kept.official
        assert official
        assert official.display_name == "Aino Maria Korhonen"
        assert desk.select(answer).headers["Location"] == "/"
    finally:
        settings.KELMU = before
        other.stop()


def test_the_wrong_dialect_finds_no_identity_code(desk: Desk, world: World) -> None:
    before = settings.KELMU
    settings.KELMU = before.model_copy(update={"oidc_claims": "op"})
    try:
        assert desk.identify(WORKER).status_code == 403
    finally:
        settings.KELMU = before
    assert world.entries(kind="sign_in_failed")[-1]["detail"] == "no_identity_code"


def rotating(party: RelyingParty, port: int) -> Iterator[None]:
    """The same provider with new keys each time it is asked for."""
    while True:
        known = OidcClient(redirect_uris=[party.redirect_uri], jwks=party.keys.published)
        provider = start_identification(port, known)
        try:
            yield
        finally:
            provider.stop()


def test_the_provider_may_change_its_key_at_any_time(desk: Desk, config: Identity) -> None:
    port = free_port()
    before = settings.KELMU
    settings.KELMU = before.model_copy(update={"oidc_issuer": f"http://localhost:{port}"})
    turns = rotating(identity().party, port)
    try:
        next(turns)
        assert desk.identify(WORKER).status_code == 303
        first = identity().party.provider._keys
        next(turns)
        # A minute later: made-up names must not make the service ask more than every ten seconds.
        identity().party.provider._monotonic = lambda: time.monotonic() + 60
        again = Desk(desk.visitor)
        assert again.identify(WORKER).status_code == 303
        second = identity().party.provider._keys
        assert first
        assert second
        assert not set(first[1]) & set(second[1])
    finally:
        turns.close()  # type: ignore[attr-defined] # a generator
        settings.KELMU = before


def _new(use: str) -> RSAKey:
    made = RSAKey.generate_key(2048, {"use": use})
    return RSAKey.import_key(made.as_pem(private=True), {"use": use, "kid": made.thumbprint()})


@pytest.mark.parametrize("known_by", ["announced", "changed"])
def test_our_own_keys_change_without_a_sign_in_failing(
    visitor: Visitor, world: World, config: Identity, known_by: str
) -> None:
    """Present, upcoming, changed, retired. ``known_by``: which of our key sets the provider has read."""
    old, new = config.party.keys, OwnKeys(_new("sig"), _new("enc"))
    announced = replace(old, upcoming_signing=new.signing, upcoming_encryption=new.encryption)
    changed = replace(new, retiring_encryption=old.encryption)
    published = {"announced": announced, "changed": changed}[known_by].published
    provider = start_identification(
        free_port(), OidcClient(redirect_uris=[config.party.redirect_uri], jwks=published)
    )
    before = settings.KELMU
    settings.KELMU = before.model_copy(update={"oidc_issuer": provider.url})
    try:
        present = identity()

        def status(began_with: OwnKeys, ended_with: OwnKeys) -> int:
            desk = Desk(visitor)
            with configured(present, keys=began_with):
                back = visitor.identify(desk.to_provider(), WORKER)
            with configured(present, keys=ended_with):
                return desk.back(back).status_code

        if known_by == "announced":
            assert [status(old, announced), status(announced, changed)] == [303, 303]
            assert status(changed, new) == 502, "the provider has not read yet that the old key is gone"
        else:
            assert [status(changed, changed), status(changed, new), status(new, new)] == [303, 303, 303]
    finally:
        settings.KELMU = before
        provider.stop()


def test_signing_out_tells_the_provider_where_it_wants_to_be_told(
    desk: Desk, world: World, config: Identity
) -> None:
    desk.sign_in(WORKER)
    answer = desk.post("/sign-out/")
    there = urlsplit(answer.headers["Location"])
    assert f"{there.scheme}://{there.netloc}" == config.party.provider.issuer
    assert parse_qs(there.query) == {
        "client_id": ["kelmu"],
        "post_logout_redirect_uri": [f"{PUBLIC_URL}/session-ended/?reason=signed_out"],
        "ui_locales": ["fi"],
    }
    assert desk.kept.official is None, "ended here first, whatever the provider does"
    returned = httpx.get(answer.headers["Location"])
    assert returned.headers["location"] == f"{PUBLIC_URL}/session-ended/?reason=signed_out"
    assert desk.back(returned.headers["location"]).status_code == 200


def test_signing_out_is_local_where_the_provider_has_no_place_for_it(
    desk: Desk, world: World, config: Identity
) -> None:
    desk.sign_in(WORKER)
    endpoints = replace(config.party.provider.endpoints(), end_session=None)
    config.party.provider._given = endpoints
    try:
        answer = desk.post("/sign-out/")
    finally:
        config.party.provider._given = None
    assert answer.headers["Location"] == "/session-ended/?reason=signed_out"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert desk.kept.official is None


def test_signing_out_is_local_while_the_provider_is_down(
    desk: Desk, world: World, config: Identity, simulators: Simulators
) -> None:
    desk.sign_in(WORKER)
    config.party.provider._endpoints = None
    simulators.identification.control("fault", fault="down")
    answer = desk.post("/sign-out/")
    assert answer.headers["Location"] == "/session-ended/?reason=signed_out"
    assert desk.kept.official is None


def test_the_provider_sends_nobody_to_an_address_we_did_not_register(config: Identity) -> None:
    endpoint = config.party.provider.endpoints().end_session
    assert endpoint
    answer = httpx.get(
        endpoint, params={"client_id": "kelmu", "post_logout_redirect_uri": "https://evil.example/"}
    )
    assert answer.status_code == 400
