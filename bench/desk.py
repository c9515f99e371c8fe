"""A synthetic register with a system and an official in front of it, and what they send."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import pgbench
from bench.http_load import request_bytes
from tests.databases import Database
from tools.cast.api_keys import assertion, client_key
from tools.demo.database import API_KEYS, NAME, DemoDatabase, Population
from tools.postgres.server import EmbeddedServer

CLIENT_ID, AGREEMENT, PURPOSE = "pirkanmaa-case-system", "KELMU-2023-0008", "social_assistance"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SUITABLE = """
    SELECT p.personal_id FROM register.person p
    JOIN register.residence r ON r.person_id = p.person_id AND r.superseded_at IS NULL AND r.valid_to IS NULL
    JOIN organisations.municipality m ON m.code = r.municipality_code AND m.county_code = '08'
    WHERE p.death_date IS NULL AND p.protection_known AND p.birth_date < now() - interval '19 years'
        AND NOT EXISTS (SELECT FROM register.non_disclosure_order n WHERE n.person_id = p.person_id)
        AND NOT EXISTS (SELECT FROM identity.acting_session s WHERE s.official_person_id = p.person_id)
    ORDER BY p.person_id LIMIT 30
"""


@dataclass
class Desk:
    """Everything the measurements need of the database."""

    database: Database
    work: Path
    codes: list[str]
    secret: str

    def token(self, address: str) -> str:
        """A fresh access token."""
        key = client_key(self.work / API_KEYS, CLIENT_ID)
        form = {
            "grant_type": "client_credentials", "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": assertion(key, CLIENT_ID, f"{address}/api/v1/token"),
        }  # fmt: skip
        answer = httpx.post(f"{address}/api/v1/token", data=form, trust_env=False)
        return str(answer.json()["access_token"])

    def inquiries(self, token: str) -> list[bytes]:
        """One request for each client."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return [
            request_bytes("POST", "/api/v1/inquiries", headers, json.dumps(body).encode())
            for body in map(inquiry, self.codes)
        ]

    def scripts(self, token: str) -> list[str]:
        """The same inquiries for pgbench."""
        groups = "{" + ",".join(sorted(self._groups())) + "}"
        pseudonym = hashlib.sha256(b"bench").hexdigest()
        return [
            pgbench.INQUIRY.format(
                token=token, pseudonym=pseudonym, purpose=PURPOSE, code=code, groups=groups
            )
            for code in self.codes
        ]

    def _groups(self) -> set[str]:
        """The groups the last inquiry over the interface opened, as its entry says."""
        [(groups,)] = self.database.run(
            "SELECT data_groups FROM audit.entry WHERE kind = 'inquiry' AND channel = 'api'"
            " ORDER BY entry_id DESC LIMIT 1"
        )
        assert isinstance(groups, list)
        return set(groups)


def inquiry(code: str) -> dict[str, object]:
    """The body of an inquiry."""
    return {
        "personal_id": code, "purpose": PURPOSE, "case_reference": "bench", "told_client": True,
        "official": {"id": "bench"},
    }  # fmt: skip


def prepare(work: Path, persons: int) -> Desk:
    """A cluster with a population of that size, and an official who acts at the page."""
    server = EmbeddedServer(work / "postgres")
    server.start()
    DemoDatabase(server, Population(persons, 1), os.environ["KELMU_PSEUDONYM_KEY"], work).prepare()
    database = Database(server, NAME)
    # As it would be after its first minute: autovacuum has not come yet.
    database.run("VACUUM ANALYZE")
    codes = [str(code) for (code,) in database.run(_SUITABLE)]
    return Desk(database, work, codes, begin_acting(database))


def begin_acting(database: Database) -> str:
    """An official begins to act at the page; her mandates count for five minutes."""
    [(agreement, organisation)] = database.run(
        "SELECT agreement_id, organisation_id FROM organisations.agreement WHERE number = %s", AGREEMENT
    )
    [(secret,)] = database.run(
        "SELECT secret FROM door.begin_acting(%s, %s, %s, %s, %s, '{}', %s, %s, 'web')",
        None, hashlib.sha256(b"official").hexdigest(), organisation, agreement, ["benefit_view_and_claims"],
        uuid.uuid4(), hashlib.sha256(b"roles").digest(), role="kelmu_web",
    )  # fmt: skip
    return str(secret)
