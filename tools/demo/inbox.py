"""A living inbox for the demo: Kela's system brings notices over HTTP, officials work on them.

Everything goes through the doors that serve everybody. Only their age is given to them afterwards, since no
door takes in a notice of last week.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.pseudonym import official_pseudonym
from tools.cast import Cast
from tools.demo.processes import DemoError
from tools.demo.token import take_token

SYSTEM = "kela-back-office"
NOTICES = Path(__file__).with_name("notices.toml")
_AGE = """
    UPDATE notices.notice n SET sent_at = n.sent_at - %(age)s, visible_from = a.seen, arrived_at = a.seen,
        due_on = door_private.notice_due_on(n.urgent, a.seen)
    FROM (SELECT notice_id, visible_from - %(age)s AS seen FROM notices.notice) a
    WHERE n.notice_id = %(notice_id)s AND a.notice_id = n.notice_id
"""
_AGE_EVENTS = "UPDATE notices.event SET at = at - %(age)s WHERE notice_id = %(notice_id)s"


def planned() -> list[dict[str, Any]]:
    """The notices of the file."""
    notices: list[dict[str, Any]] = tomllib.loads(NOTICES.read_text(encoding="utf-8"))["notices"]
    return notices


@dataclass(frozen=True)
class Ground:
    """What the inbox is filled with.

    Attributes:
        address: where the service is.
        keys: the folder of the systems' private keys.
        cast: the clients and officials.
        pseudonym_key: makes officials' pseudonyms, as in the service.
        web: the database as the web role.
        admin: the database as its superuser, who gives notices their age.
    """

    address: str
    keys: Path
    cast: Cast
    pseudonym_key: bytes = field(repr=False)
    web: str = field(repr=False)
    admin: str = field(repr=False)


def fill(ground: Ground) -> None:
    """Bring the notices and have them worked on; one that is there already is left as it is.

    Raises:
        DemoError: a notice was not taken in, or a change not made.
    """
    with (
        httpx.Client(base_url=ground.address, trust_env=False, timeout=20) as http,
        psycopg.connect(ground.admin, autocommit=True) as aging,
        psycopg.connect(ground.web, autocommit=True) as connection,
    ):
        answer = take_token(http, ground.address, ground.keys, SYSTEM)
        if not answer.is_success:
            raise DemoError(f"Kela's system got no token ({answer.status_code})")
        desks = _Desks(connection, ground.cast, ground.pseudonym_key)
        for notice in planned():
            taken = _bring(http, ground.cast, notice)
            if taken["result"] != "taken_in":
                continue
            age = {"age": timedelta(days=notice["days_ago"]), "notice_id": taken["notice_id"]}
            aging.execute(_AGE, age)
            aging.execute(_AGE_EVENTS, age)
            for version, (official, what, *values) in enumerate(notice.get("work", ()), start=1):
                desks.work(official, taken["notice_id"], version, what, values)


def _bring(http: httpx.Client, cast: Cast, notice: Mapping[str, Any]) -> Mapping[str, Any]:
    content = {**notice["content"]}
    if notice["kind"] != "social_work_need":
        # Seen the day after; it is made older by its days only then.
        content["decided_on"] = clock.today() - timedelta(days=1)
    body = {
        "number": notice["number"],
        "personal_id": cast.client(notice["client"]).personal_id,
        "kind": notice["kind"],
        "urgent": notice.get("urgent", False),
        "need_reason": notice.get("need_reason"),
        "content": content,
        "attachments": [_file(name) for name in notice.get("attachments", ())],
        "official": {"id": "kela-demo"},
    }
    answer = http.post(
        "/api/v1/kela/notices", content=_json(body), headers={"Content-Type": "application/json"}
    )
    if answer.status_code not in {200, 409}:
        raise DemoError(f"notice {notice['number']} was not taken in ({answer.status_code}: {answer.text})")
    taken: Mapping[str, Any] = answer.json() if answer.is_success else {"result": "differs"}
    return taken


class _Desks:
    """Officials of the cast at their desks."""

    def __init__(self, connection: psycopg.Connection[Any], cast: Cast, pseudonym_key: bytes) -> None:
        self._connection = connection
        self._cast = cast
        self._key = pseudonym_key
        self._secrets: dict[str, str] = {}

    def work(self, official: str, notice_id: str, version: int, what: str, values: list[Any]) -> None:
        """Make one change.

        Raises:
            DemoError: it was not made.
        """
        secret = self._secrets.get(official) or self._begin(official)
        if what == "transferred":
            query = "SELECT door.transfer_notice(%s, %s, %s, %s, %s)"
        else:
            query = "SELECT door.change_notice(%s, %s, %s, %s, %s)"
            values = [what, *(values or [None])]
        answer = self._value(query, secret, notice_id, version, *values)
        if answer is None or answer["result"] != "done":
            raise DemoError(f"{official} could not have a notice {what}")

    def _begin(self, key: str) -> str:
        official = self._cast.official(key)
        assert official.personal_id is not None
        [right] = official.rights
        business_id = self._cast.organisation(right.organisation).business_id
        pseudonym = official_pseudonym(PersonalId.parse(official.personal_id), self._key)
        row = self._connection.execute(
            "SELECT s.secret FROM organisations.organisation o JOIN organisations.agreement a "
            "USING (organisation_id) CROSS JOIN LATERAL door.begin_acting("
            "%s, %s, o.organisation_id, a.agreement_id, %s, %s, %s, %s, 'web') s WHERE o.business_id = %s",
            [official.personal_id, pseudonym, list(right.mandates), [], uuid.uuid4(),
             hashlib.sha256(b"demo").digest(), business_id],
        ).fetchone()  # fmt: skip
        assert row is not None
        self._secrets[key] = str(row[0])
        return self._secrets[key]

    def _value(self, query: str, *values: Any) -> Any:
        row = self._connection.execute(query.encode(), values).fetchone()
        return None if row is None else row[0]


def _file(name: str) -> Mapping[str, str]:
    if name.endswith(".pdf"):
        kind, data = "application/pdf", _pdf(f"Demo: {name.encode('ascii', 'replace').decode()}")
    else:
        kind, data = "text/plain", b"Keksitty liite demoa varten.\n"
    return {"name": name, "media_type": kind, "data": base64.b64encode(data).decode()}


def _pdf(line: str) -> bytes:
    """A page with one line of text (ISO 32000-1, 7.5)."""
    drawn = f"BT /F1 18 Tf 72 720 Td ({line}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 7\n0000000000 65535 f \n" + table
    return out + head + b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def _json(body: Mapping[str, Any]) -> bytes:
    # Days as ISO 8601.
    return json.dumps(body, default=str).encode()
