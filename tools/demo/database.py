"""The demo's database: cluster, roles, schema, policy, organisations, register."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.cast import load_cast
from tools.demo.fingerprints import Done, digest_of
from tools.demo.inbox import Ground, fill
from tools.demo.processes import PYTHON, ROOT, run
from tools.demo.progress import say, step
from tools.postgres.provision import create_database, database_exists, drop_database, provision_roles
from tools.postgres.server import ADMIN, EmbeddedServer

NAME = "kelmu"
SOURCE = ROOT / "src" / "kelmu"
API_KEYS = "keys/api"
"""Where, in the demo's data folder, the private keys of the cast's systems lie."""


@dataclass(frozen=True)
class Population:
    """What synthetic population the register holds."""

    persons: int
    seed: int


def _files(*patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        yield from (path for path in ROOT.glob(pattern) if path.is_file() and "__pycache__" not in path.parts)


class DemoDatabase:
    """Brings the database to what this source tree and population want, doing only what is not done yet."""

    def __init__(
        self, server: EmbeddedServer, population: Population, pseudonym_key: str, work: Path
    ) -> None:
        self.server = server
        self.population = population
        self.pseudonym_key = pseudonym_key
        self.work = work

    def prepare(self) -> None:
        """Do what is missing, on the running server.

        Raises:
            DemoError: a step failed.
        """
        self.prepare_empty()
        done = Done(self.server.data.parent / "demo.json")
        self._register(done)
        self._notices(done)

    def prepare_empty(self) -> None:
        """Do what is missing but for the register, which stays as it is.

        Raises:
            DemoError: a step failed.
        """
        done = Done(self.server.data.parent / "demo.json")
        self._schema(done)
        self._policy(done)
        self._organisations(done)

    def _schema(self, done: Done) -> None:
        admin = self.server.url(ADMIN, "postgres")
        # Fresh or as it was: the demo's data are invented, so a changed schema is made anew.
        wanted = digest_of(
            _files("src/kelmu/**/migrations/*.py", "src/kelmu/**/*.sql", "tools/population/**/*",
                   "tools/postgres/*.py", "tools/cast/cast.toml", "requirements/base.lock"),
            str(self.population),
        )  # fmt: skip
        if done.same("schema", wanted) and database_exists(admin, NAME):
            return
        if database_exists(admin, NAME):
            say("The database was made from other sources or for another population; it is made anew.")
        done.forget()
        with step("Making roles, database and tables"):
            drop_database(admin, NAME)
            provision_roles(admin, self.server.passwords())
            create_database(admin, NAME)
            self._as_owner("kelmu", "migrate", what="migrating")
        done.record("schema", wanted)

    def _policy(self, done: Done) -> None:
        wanted = digest_of(_files("src/kelmu/policy/**/*", "src/kelmu/benefits/**/*"))
        if not done.same("policy", wanted):
            with step("Loading the policy"):
                self._as_owner("kelmu", "load-policy", what="loading the policy")
            done.record("policy", wanted)

    def _organisations(self, done: Done) -> None:
        wanted = digest_of(_files("src/kelmu/organisations/**/*", "tools/cast/*"), self.pseudonym_key)
        if done.same("organisations", wanted):
            return
        with step("Loading areas, organisations and agreements"):
            self._as_owner("kelmu", "load-organisations", "areas", what="loading areas")
            agreements = str(self.work / "agreements.toml")
            run(
                PYTHON, "-m", "tools.cast.agreements", "--out", agreements,
                "--api-keys", str(self.work / API_KEYS),
                what="writing the cast's agreements", KELMU_PSEUDONYM_KEY=self.pseudonym_key,
            )  # fmt: skip
            self._as_owner("kelmu", "load-organisations", "agreements", agreements, what="loading agreements")
            accounts = str(ROOT / "tools" / "cast" / "claim_accounts.toml")
            self._as_owner("kelmu", "claims", "load-accounts", accounts, what="loading accounts of claims")
        done.record("organisations", wanted)

    def _register(self, done: Done) -> None:
        wanted = str(self.population)
        if done.same("register", wanted):
            return
        feed = self.work / "feed"
        shutil.rmtree(feed, ignore_errors=True)
        with step(f"Generating {self.population.persons:,} persons"):
            run(
                PYTHON, "-m", "tools.population", "--persons", str(self.population.persons),
                "--seed", str(self.population.seed), "--out", str(feed), what="generating the population",
            )  # fmt: skip
        with step("Loading them into the register"):
            url = self.server.url("kelmu_feed", NAME)
            run(
                PYTHON, "-m", "kelmu", "feed", "load", str(feed),
                what="loading the register", KELMU_FEED_DATABASE_URL=url,
            )  # fmt: skip
        shutil.rmtree(feed)
        done.record("register", wanted)

    def _notices(self, done: Done) -> None:
        rules = digest_of(_files("src/kelmu/notices/data/*"))
        if done.same("notices", f"{rules} {self.population}"):
            return
        with step("Sending the notices that are computed"):
            self._as_owner("kelmu", "notices", "load-rules", what="loading the pick rules")
            url = self.server.url("kelmu_worker", NAME)
            run(
                PYTHON, "-m", "kelmu", "notices", "pick",
                what="picking notices", KELMU_WORKER_DATABASE_URL=url,
            )  # fmt: skip
        done.record("notices", f"{rules} {self.population}")

    def fill_inbox(self, address: str) -> None:
        """Have notices brought and worked on, once the service answers.

        Raises:
            DemoError: one of them was not.
        """
        done = Done(self.server.data.parent / "demo.json")
        wanted = digest_of(_files("tools/demo/notices.toml"))
        if done.same("inbox", wanted):
            return
        with step("Bringing notices and working on them"):
            ground = Ground(
                address, self.work / API_KEYS, load_cast(), bytes.fromhex(self.pseudonym_key),
                self.server.url("kelmu_web", NAME), self.server.url(ADMIN, NAME),
            )  # fmt: skip
            fill(ground)
        done.record("inbox", wanted)

    def _as_owner(self, *arguments: str, what: str) -> None:
        url = self.server.url("kelmu_owner", NAME)
        run(PYTHON, "-m", *arguments, what=what, KELMU_OWNER_DATABASE_URL=url)
