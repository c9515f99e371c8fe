"""Every door of lists, called once for the watch over what they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, LiteralString

from kelmu.core import clock
from kelmu.lists.kinds import list_definitions
from kelmu.lists.schedule import published_periods
from kelmu.policy.vocabulary import ListKind

if TYPE_CHECKING:
    from tests.door.test_plans import Watched

Call = Callable[["Watched"], Callable[[], object]]
KIND = ListKind.LMS_300_DAYS
MANDATES = ("labour_market_subsidy_material",)
OPEN: LiteralString = "SELECT door.open_list(%s, %s, %s, NULL, 'names', false)"
READ: LiteralString = "SELECT door.read_list(%s, %s, NULL, %s, 'name', true, 0, 200)"


def _secret(watched: Watched) -> str:
    """An official of the county, whose lists of two periods are made."""
    for period in published_periods(list_definitions()[KIND], clock.today(), 2):
        watched.desk.call("SELECT door.run_list(%s, %s)", KIND.value, period.first_day)
    secret: str = watched.world.begin(watched.body, watched.official, mandates=MANDATES)
    watched.connection.commit()
    return secret


def _open(watched: Watched) -> Callable[[], object]:
    secret = _secret(watched)
    [period] = published_periods(list_definitions()[KIND], clock.today(), 1)
    return lambda: watched.desk.call(OPEN, secret, KIND.value, period.first_day)


def _read(search: str | None) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        secret = _secret(watched)
        [period] = published_periods(list_definitions()[KIND], clock.today(), 1)
        ticket = watched.desk.call(OPEN, secret, KIND.value, period.first_day)
        watched.connection.commit()
        return lambda: watched.desk.call(READ, secret, ticket, search)

    return prepared


def _periods(watched: Watched) -> Callable[[], object]:
    secret = _secret(watched)
    return lambda: watched.desk.call("SELECT door.list_periods(%s, %s)", secret, KIND.value)


CALLS: dict[str, Call] = {
    "list_periods": _periods,
    "open_list": _open,
    "read_list": _read(None),
    "read_list, search": _read("virtanen"),
}
