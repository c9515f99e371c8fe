"""``make bench-oracle``: whether the answer's time, bytes or statements tell one kind of person from another.

Rounds of the page's own POST, in random order within each: an unknown code, a relative, a protected client
and one outside the area before a reason; then the first three after it. Mann-Whitney p-values for each pair.
The service runs as it is, with its limits: every few rounds another official asks, of another organisation.
Writes ``bench/results/oracle.json``. Run: ``python -m bench.oracle [--pairs 2000] [--seed 1]``.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import psycopg

from bench import record
from tools.setup.test_environment import apply

apply()

from tests import databases  # noqa: E402 - the environment first
from tests.databases import Database  # noqa: E402 - the environment first
from tests.world import Somebody, World, make_personal_id, pseudonym_of  # noqa: E402 - the environment first

RESULTS = Path(__file__).with_name("results") / "oracle.json"
HOST = "127.0.0.1:8000"
BEFORE = ("unknown", "family", "protected", "outside")
AFTER = BEFORE[:3]
ROUNDS_EACH = 5
"""Rounds of one official: as many as the limits let her make."""
REASON = "The client has moved and asked for a visit"
_CHANGING = re.compile(
    rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|value=\"[A-Za-z0-9]{64}\"|data-seconds=\"\d+\""
)


@dataclass
class Taken:
    """What was seen of each kind: seconds, and how many different answers and rows of statements."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)
    statements: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def add(self, kind: str, seconds: float, answer: tuple[object, ...], statements: list[str]) -> None:
        """Note one request."""
        self.seconds.setdefault(kind, []).append(seconds)
        self.answers.setdefault(kind, set()).add(answer)
        self.statements.setdefault(kind, set()).add(tuple(statements))


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p-value (normal approximation with tie correction; for samples of 20 and more)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    size, rank_sum, ties, position = len(ranked), 0.0, 0.0, 0
    for _, same in itertools.groupby(ranked, key=lambda pair: pair[0]):
        members = [group for _, group in same]
        rank_sum += members.count(0) * (position + (len(members) + 1) / 2)
        ties += len(members) ** 3 - len(members)
        position += len(members)
    product = len(one) * len(other)
    u = rank_sum - len(one) * (len(one) + 1) / 2
    variance = product / 12 * (size + 1 - ties / (size * (size - 1)))
    if variance == 0:
        return 1.0
    return math.erfc(max(0.0, abs(u - product / 2) - 0.5) / math.sqrt(2 * variance))


class Visit:
    """One official of one organisation at a browser, and the persons she will ask about."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world = world
        self.chance = chance
        self.official = world.person(lives_in="091", family_name="Virkanen")
        self.secret = world.begin(world.body(), self.official)
        self.codes: dict[str, list[str]] = {"unknown": [self._unknown() for _ in range(ROUNDS_EACH)]}
        kinds = [kind for kind in BEFORE[1:] for _ in range(ROUNDS_EACH)]
        chance.shuffle(kinds)
        for kind in kinds:
            self.codes.setdefault(kind, []).append(self._person(kind).personal_id)
        self.client = self._browser()

    def _unknown(self) -> str:
        while True:
            code = make_personal_id(self._birthday(odd=1))
            if not self.world.database.run("SELECT FROM register.person WHERE personal_id = %s", code):
                return code

    def _birthday(self, *, odd: int) -> date:
        """Some day of sixty years; odd days are of codes that stay unknown."""
        return date.fromordinal(
            date(1940, 1, 1).toordinal() // 2 * 2 + odd + 2 * self.chance.randrange(10_000)
        )

    def _person(self, kind: str) -> Somebody:
        born = self._birthday(odd=0)
        somebody = self.world.person(born=born, lives_in="853" if kind == "outside" else "837")
        if kind == "family":
            self.world.relate(self.official, somebody, "child", "parent")
        if kind == "protected":
            self.world.protect(somebody)
        return somebody

    def _browser(self) -> Any:
        """A browser in which the official is signed in and acts."""
        # Django's settings must be there first.
        from django.conf import settings  # noqa: PLC0415 - see above
        from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - see above
        from django.test import Client  # noqa: PLC0415 - see above

        from kelmu.core import clock  # noqa: PLC0415 - see above
        from kelmu.core.personal_id import PersonalId  # noqa: PLC0415 - see above
        from kelmu.identity.browser import BrowserSession, Official  # noqa: PLC0415 - see above
        from kelmu.identity.configuration import identity  # noqa: PLC0415 - see above

        session = SessionStore()
        kept = BrowserSession(session, identity().seal_key)
        code = PersonalId.parse(self.official.personal_id)
        kept.sign_in(Official(code, "Virkanen", pseudonym_of(code.value), "level", clock.now()))
        kept.acting_secret = self.secret
        kept.save()
        client = Client(headers={"host": HOST})
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client

    def search(self, code: str) -> Any:
        """The search page's POST."""
        form = {
            "personal_id": code,
            "purpose": "social_assistance",
            "case_reference": "",
            "told_client": "on",
        }
        return self.client.post("/clients/", form)


@contextmanager
def recorded() -> Any:
    """The statements run while the block lasts."""
    statements: list[str] = []
    execute = psycopg.Cursor.execute

    def note(cursor: psycopg.Cursor[Any], query: Any, *rest: Any, **more: Any) -> Any:
        statements.append(str(query))
        return execute(cursor, query, *rest, **more)

    with patch.object(psycopg.Cursor, "execute", note):
        yield statements


def timed(taken: Taken, kind: str, ask: Callable[[], Any], status: int) -> Any:
    """Make one request and note what can be seen of it."""
    with recorded() as statements:
        begun = time.perf_counter()
        answer = ask()
        seconds = time.perf_counter() - begun
    if answer.status_code != status:
        raise RuntimeError(f"{kind}: answered {answer.status_code}, not {status}")
    headers = sorted(
        (name, _bare(value.encode())) for name, value in answer.items() if name != "X-Request-Id"
    )
    taken.add(kind, seconds, (tuple(headers), _bare(answer.content)), statements)
    return answer


def _bare(text: bytes) -> bytes:
    """Without what is random in every answer: an inquiry's id, a form's token."""
    return _CHANGING.sub(b"*", text)


def measure(world: World, pairs: int, chance: random.Random, warm_up: int = 20) -> tuple[Taken, Taken]:
    """Go through the rounds; the first ones do not count."""
    before, after = Taken(), Taken()
    number = -warm_up
    while number < pairs:
        visit = Visit(world, chance)
        for turn in range(ROUNDS_EACH):
            if number == 0:
                before, after = Taken(), Taken()
            if number < pairs:
                one_round(visit, turn, before, after, chance)
            number += 1
    return before, after


def one_round(visit: Visit, turn: int, before: Taken, after: Taken, chance: random.Random) -> None:
    """Every kind once before a reason and once after it; the given one last: it ends a row of misses."""
    kinds = list(BEFORE)
    chance.shuffle(kinds)
    confirm = {}
    for kind in kinds:
        search = partial(visit.search, visit.codes[kind][turn])
        confirm[kind] = timed(before, kind, search, 302).headers["Location"]
    kinds.remove("outside")
    for kind in kinds:
        timed(after, kind, partial(visit.client.post, confirm[kind], {"reason": REASON}), 403)
    visit.client.post(confirm["outside"], {"reason": REASON})


def figures_of(before: Taken, after: Taken) -> dict[str, object]:
    """The file's figures: p-values for each two kinds, and whether bytes and statements were the same."""
    p_values = {
        f"{when}: {one} and {other}": mann_whitney(taken.seconds[one], taken.seconds[other])
        for when, taken, kinds in (("before", before, BEFORE), ("after", after, AFTER))
        for one, other in itertools.combinations(kinds, 2)
    }

    def equal(seen: Sequence[dict[str, set[Any]]]) -> bool:
        return all(len(set().union(*each.values())) == 1 for each in seen)

    return {
        "p_values": p_values,
        "equal_bytes": equal([before.answers, after.answers]),
        "equal_statements": equal(cast("list[dict[str, set[Any]]]", [before.statements, after.statements])),
    }


def table(before: Taken, after: Taken, figures: dict[str, Any]) -> None:
    """Show people what came of it."""
    print("when    kind         median ms   (of each kind once a round, in random order)")
    for when, taken in (("before", before), ("after", after)):
        for kind, seconds in sorted(taken.seconds.items()):
            print(f"{when:7} {kind:12} {sorted(seconds)[len(seconds) // 2] * 1000:9.2f}")
    for name, value in figures["p_values"].items():
        print(f"p = {value:.3f}   {name}")
    print(f"equal bytes: {figures['equal_bytes']}, equal statements: {figures['equal_statements']}")


def start(database: Database) -> None:
    """Django set up as the web role of a database."""
    os.environ["KELMU_DATABASE_URL"] = database.url()
    import django  # noqa: PLC0415 - only now is the environment whole

    django.setup()


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.oracle", description=__doc__)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    server = databases.start_cluster()
    try:
        databases.make_template(server)
        database = databases.clone(server, "kelmu_bench")
        start(database)
        before, after = measure(World(database), options.pairs, random.Random(options.seed))  # noqa: S311 - a seeded order
        persons = cast("int", database.run("SELECT count(*) FROM register.person")[0][0])
    finally:
        databases.remove_cluster(server)
    figures = figures_of(before, after)
    table(before, after, figures)
    asked = {"pairs": options.pairs, "seed": options.seed}
    record.write(RESULTS, persons=persons, figures={**asked, **figures})
    return 0


if __name__ == "__main__":
    sys.exit(main())
