"""Mandates by the web API, against a service that checks checksums, clock, codes and tokens."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.configuration import Identity
from kelmu.identity.mandates.checksum import authorization, checksum
from kelmu.identity.mandates.client import MandateService
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.mandates.live import LiveMandates
from tests.simulators import Simulators, Visitor
from tools.cast import Official, load_cast


def official(key: str) -> Official:
    return next(o for o in load_cast().officials if o.key == key)


def code_of(key: str) -> PersonalId:
    return PersonalId.parse(official(key).personal_id or "")


def business_id(key: str) -> str:
    return next(o.business_id for o in load_cast().organisations if o.key == key)


def select(
    service: MandateService, visitor: Visitor, key: str, organisations: tuple[str, ...] | None = None
) -> LiveMandates:
    """Through the selection as an official of the cast."""
    request_id = uuid.uuid4()
    registration = service.register(code_of(key), request_id)
    address = service.selection_address(registration, "a-state", request_id, "fi")
    chosen = None if organisations is None else [business_id(o) for o in organisations]
    answer = dict(parse_qsl(urlsplit(visitor.select(address, chosen)).query))
    assert answer["state"] == "a-state"
    return LiveMandates(registration.session_id, service.token(answer["code"]))


def fault_of(call: Callable[..., object], *arguments: object) -> MandateFault:
    with pytest.raises(MandateError) as caught:
        call(*arguments)
    return caught.value.fault


def test_the_published_checksum_vector() -> None:
    path = "/service/hpa/user/register/ed4b7ae7/080297-915A?requestId=02fd35dc-99e6-477b-b6e2-03f02cbf3666"
    key, timestamp = "3ba56df8-88b8-4805-9b04-2f8e7a61", "2017-02-09T10:29:42.090000+00:00"
    expected = "GeRKoGmGd0RFk33s2vNHutJf/TrEdwSM2Vb7qWXLESY="
    assert checksum(key, path, timestamp) == expected
    moment = datetime(2017, 2, 9, 10, 29, 42, 90_000, tzinfo=UTC)
    assert authorization("ed4b7ae7", key, path, moment) == {
        "X-AsiointivaltuudetAuthorization": f"ed4b7ae7 {timestamp} {expected}"
    }


def test_a_wrong_key_is_refused(config: Identity) -> None:
    service = replace(config.mandates, api_key="another key")
    assert fault_of(service.register, code_of("tampere_lists"), uuid.uuid4()) is MandateFault.REFUSED


@pytest.mark.parametrize(("minutes", "accepted"), [(-4, True), (4, True), (-6, False), (6, False)])
def test_the_service_allows_five_minutes_of_clock_error(
    config: Identity, minutes: int, *, accepted: bool
) -> None:
    with clock.stopped(datetime.now(UTC) + timedelta(minutes=minutes)):
        if accepted:
            assert config.mandates.register(code_of("tampere_lists"), uuid.uuid4()).session_id
        else:
            fault = fault_of(config.mandates.register, code_of("tampere_lists"), uuid.uuid4())
            assert fault is MandateFault.REFUSED


def test_the_simulator_refuses_a_code_that_could_be_real(config: Identity) -> None:
    real_range = PersonalId.parse("131052-308T")  # the specimen code of the authorities' own instructions
    assert not real_range.is_artificial
    assert fault_of(config.mandates.register, real_range, uuid.uuid4()) is MandateFault.REFUSED


def test_no_organisation_is_an_empty_answer(config: Identity, visitor: Visitor) -> None:
    read, _ = select(config.mandates, visitor, "outsider").read(config.mandates)
    assert read.organisations == ()


def test_one_organisation_with_its_mandates(config: Identity, visitor: Visitor) -> None:
    read, _ = select(config.mandates, visitor, "pirkanmaa_social_worker").read(config.mandates)
    [held] = read.organisations
    assert held.business_id == business_id("pirkanmaa")
    assert held.own == {"benefit_view_and_claims", "social_assistance_and_welfare"}
    assert not held.representation
    assert len(read.digest) == 32


def test_several_organisations_are_all_kept(config: Identity, visitor: Visitor) -> None:
    both = ("pirkanmaa", "tampere")
    read, _ = select(config.mandates, visitor, "pirkanmaa_and_tampere", both).read(config.mandates)
    assert {held.business_id for held in read.organisations} == {business_id(o) for o in both}


def test_a_represented_municipality_is_the_organisation(config: Identity, visitor: Visitor) -> None:
    read, _ = select(config.mandates, visitor, "joint_authority_for_pirkkala").read(config.mandates)
    [held] = read.organisations
    assert held.business_id == business_id("pirkkala")
    assert not held.own
    assert "labour_market_subsidy_material" in held.representation


def test_an_incomplete_answer_gives_no_mandates(config: Identity, visitor: Visitor) -> None:
    read, _ = select(config.mandates, visitor, "pirkanmaa_incomplete").read(config.mandates)
    [held] = read.organisations
    assert not held.complete
    assert not held.own | held.representation


def test_leaving_the_selection_comes_back_as_an_error(config: Identity, visitor: Visitor) -> None:
    service, request_id = config.mandates, uuid.uuid4()
    registration = service.register(code_of("tampere_lists"), request_id)
    back = visitor.cancel_selection(service.selection_address(registration, "a-state", request_id, "fi"))
    assert dict(parse_qsl(urlsplit(back).query)) == {"error": "access_denied", "state": "a-state"}


def test_a_code_works_once(config: Identity, visitor: Visitor) -> None:
    service, request_id = config.mandates, uuid.uuid4()
    registration = service.register(code_of("tampere_lists"), request_id)
    back = visitor.select(service.selection_address(registration, "a-state", request_id, "fi"))
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    service.token(code)
    assert fault_of(service.token, code) is MandateFault.EXPIRED


def test_an_ended_token_is_renewed_and_mandates_are_read_again(
    config: Identity, simulators: Simulators, visitor: Visitor
) -> None:
    live = select(config.mandates, visitor, "tampere_lists")
    simulators.mandates.control("expire-tokens")
    read, again = live.read(config.mandates)
    assert read.organisations
    assert again.token != live.token


def test_a_refused_renewal_means_a_new_selection(
    config: Identity, simulators: Simulators, visitor: Visitor
) -> None:
    live = select(config.mandates, visitor, "tampere_lists")
    simulators.mandates.control("renewal", on=False)
    simulators.mandates.control("expire-tokens")
    assert fault_of(live.read, config.mandates) is MandateFault.EXPIRED


def test_without_an_offered_renewal_a_new_selection_is_needed(config: Identity, visitor: Visitor) -> None:
    live = select(config.mandates, visitor, "tampere_lists")
    ended = replace(live.token, refresh=None, expires_at=clock.now())
    assert fault_of(replace(live, token=ended).read, config.mandates) is MandateFault.EXPIRED


def test_an_ended_mandate_session_means_a_new_selection(
    config: Identity, simulators: Simulators, visitor: Visitor
) -> None:
    live = select(config.mandates, visitor, "tampere_lists")
    simulators.mandates.control("expire-sessions")
    assert fault_of(live.read, config.mandates) is MandateFault.EXPIRED


def test_a_revoked_mandate_is_gone_at_the_next_reading(
    config: Identity, simulators: Simulators, visitor: Visitor
) -> None:
    live = select(config.mandates, visitor, "pirkanmaa_social_worker")
    simulators.mandates.control(
        "revoke",
        personal_id=code_of("pirkanmaa_social_worker").value,
        business_id=business_id("pirkanmaa"),
        mandate="benefit_view_and_claims",
    )
    read, _ = live.read(config.mandates)
    assert read.organisations[0].own == {"social_assistance_and_welfare"}


def test_unregistering_ends_the_session_once(config: Identity, visitor: Visitor) -> None:
    live = select(config.mandates, visitor, "tampere_lists")
    assert config.mandates.unregister(live.session_id)
    assert not config.mandates.unregister(live.session_id)
    assert fault_of(live.read, config.mandates) is MandateFault.EXPIRED


def test_a_service_that_is_down_is_told_apart(config: Identity, simulators: Simulators) -> None:
    simulators.mandates.control("down", on=True)
    assert fault_of(config.mandates.register, code_of("tampere_lists"), uuid.uuid4()) is MandateFault.DOWN
    nowhere = replace(config.mandates, base_url="http://localhost:9")
    assert fault_of(nowhere.register, code_of("tampere_lists"), uuid.uuid4()) is MandateFault.DOWN


def test_no_call_is_ever_logged(config: Identity, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, logger=name)
    # The visitor stands for the official's browser; only the service's own calls are looked at.
    registration = config.mandates.register(code_of("tampere_lists"), uuid.uuid4())
    config.mandates.unregister(registration.session_id)
    assert code_of("tampere_lists").value not in caplog.text
    assert "/service/" not in caplog.text


def test_no_secret_or_code_stands_in_any_representation(config: Identity, visitor: Visitor) -> None:
    live = select(config.mandates, visitor, "tampere_lists")
    shown = repr((config, live, config.mandates))
    for hidden in (
        live.token.access,
        live.session_id,
        config.mandates.api_key,
        config.mandates.oauth_password,
        config.seal_key.hex(),
    ):
        assert hidden not in shown
