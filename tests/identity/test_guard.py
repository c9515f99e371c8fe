"""No view without a decision, no refusal without an entry, no error without its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, reverse

from kelmu.core import door, errors
from kelmu.inquiry.errors import InquiryNotAvailable
from kelmu.policy.vocabulary import Action
from kelmu.web.access import Guard, KelmuRequest
from kelmu.web.urls import urlpatterns
from tests.identity.browsing import HOST, Desk, pseudonym
from tests.simulators import Simulators
from tests.world import World

WORKER = "pirkanmaa_social_worker"
VALUES = {
    "inquiry_id": uuid4(), "number": "1", "notice_id": uuid4(), "place": 1, "claim_id": uuid4(),
    "step": "period",
}  # fmt: skip


def routes() -> Iterator[URLPattern]:
    """The pages; the machine interface's operations are walked in ``tests/api``."""
    yield from urlpatterns


def address(route: URLPattern) -> str:
    wanted = route.pattern.converters
    return reverse(str(route.name), kwargs={name: VALUES[name] for name in wanted})


def guards() -> list[tuple[str, Guard, str]]:
    return [(str(route.name), route.callback, address(route)) for route in routes()]  # type: ignore[misc] # guards, as another test proves


def test_every_route_is_guarded_and_declares_its_action() -> None:
    for route in routes():
        assert isinstance(route.callback, Guard), route.name
        assert isinstance(route.callback.action, Action), route.name
        assert route.callback.methods <= {"GET", "POST"}, route.name


def test_nobody_gets_past_a_route_that_needs_somebody(desk: Desk) -> None:
    for name, guard, path in guards():
        if not guard.action.needs_identification:
            continue
        for method in guard.methods:
            answer = desk.get(path) if method == "GET" else desk.post(path)
            assert answer.status_code == 401, name


def test_an_official_without_an_organisation_gets_only_the_choice(desk: Desk) -> None:
    desk.identify(WORKER)
    for name, guard, path in guards():
        if not guard.action.needs_acting:
            continue
        for method in guard.methods:
            answer = desk.get(path) if method == "GET" else desk.post(path)
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/organisation/"), name


def ask(
    view: Callable[..., HttpResponse], action: Action = Action.PUBLIC, session: object = None
) -> HttpResponse:
    """One request through a guard around ``view``."""
    request = RequestFactory(headers={"host": HOST}).get("/mandates/")
    request.session = session or SessionStore()  # type: ignore[assignment] # as the middleware does
    return Guard(view, action, ("GET",))(request)  # type: ignore[arg-type] # a plain request


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotSignedIn(), 401), (errors.Refused(), 403), (errors.NotThere(), 404),
        (errors.Conflict(), 409),
        (errors.Unprocessable(), 422), (errors.TooMany(), 429), (errors.SourceDown(), 503), (Http404(), 404),
        (OperationalError("the server closed the connection"), 503),
    ],
)  # fmt: skip
def test_every_error_has_its_page(world: World, error: Exception, status: int) -> None:
    answer = ask(raising(error))
    assert answer.status_code == status
    assert b"<h1" in answer.content
    assert b"closed the connection" not in answer.content


def test_a_page_for_too_many_says_how_long_to_wait(world: World) -> None:
    error = errors.TooMany()
    error.wait_seconds = 42  # type: ignore[attr-defined] # as some errors have
    assert ask(raising(error)).headers["Retry-After"] == "42"


def test_an_error_nobody_foresaw_is_not_swallowed(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        ask(raising(ZeroDivisionError()))


def test_a_refusal_is_logged_although_the_view_rolls_back(desk: Desk, world: World) -> None:
    desk.sign_in(WORKER)

    def view(_request: KelmuRequest) -> HttpResponse:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            raise errors.Refused("no")

    answer = ask(view, Action.ACT, desk.client.session)
    assert answer.status_code == 403
    entry = world.entries(kind="refused", official_pseudonym=pseudonym(WORKER))[-1]
    assert (entry["action"], entry["cause"]) == ("act", "no_right")


@pytest.mark.parametrize(("code", "status"), [("KL001", 403), ("KL002", 401), ("KL003", 302), ("KL030", 503)])
def test_a_refusal_of_a_door_has_its_page(
    desk: Desk, world: World, simulators: Simulators, code: str, status: int
) -> None:
    desk.sign_in(WORKER)

    def view(_request: KelmuRequest) -> HttpResponse:
        door.ask(f"DO $$BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END$$", [])
        raise AssertionError("not reached")

    assert ask(view, Action.ACT, desk.client.session).status_code == status


def test_the_ordinary_refusal_about_a_person_is_one_page_wherever_it_comes_from(
    desk: Desk, world: World
) -> None:
    desk.sign_in(WORKER)
    answer = ask(raising(InquiryNotAvailable("differs")), Action.ACT, desk.client.session)
    assert answer.status_code == 403
    assert "Tiedot eivät ole saatavilla" in answer.content.decode()


def test_a_view_learns_who_acts_for_whom(desk: Desk) -> None:
    desk.sign_in(WORKER)
    seen: list[object] = []

    def view(request: KelmuRequest) -> HttpResponse:
        seen.extend(
            [request.kelmu.official_name, request.kelmu.session().channel, request.kelmu.decision.allowed]
        )
        return HttpResponse("ok")

    assert ask(view, Action.ACT, desk.client.session).status_code == 200
    assert seen == ["Aino Maria Korhonen", "web", True]
