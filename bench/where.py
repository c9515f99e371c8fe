"""Where one inquiry's time goes in a worker: ``python -m bench.where``.

The interface's WSGI application, in this process and one thread: the processor's time of the worker, and the
rest, which it waits (for the database, and where others use the machine, for them). cProfile splits the
processor's time; each function's own counts for the package it belongs to.
"""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tools.setup.test_environment import apply

apply(KELMU_DATABASE_POOL_MAX="2")

from bench.desk import CLIENT_ID, Desk, inquiry, prepare  # noqa: E402 - the environment first
from kelmu.config.wsgi import application  # noqa: E402 - the environment first
from tests.databases import point_django_at  # noqa: E402 - the environment first
from tools.cast.api_keys import assertion, client_key  # noqa: E402 - the environment first
from tools.demo.database import API_KEYS  # noqa: E402 - the environment first

ADDRESS = "http://127.0.0.1:8000"
INQUIRIES = 400
PARTS = (
    (r"psycopg", "driver (psycopg)"),
    (r"django/db|django/utils/asyncio", "Django: connection, cursor, transactions"),
    (r"ninja|pydantic", "ninja and pydantic: body in, checks"),
    (r"structlog|logging|config/logs|request_log", "logging"),
    (r"kelmu/policy", "policy: decide, grant, compare"),
    (r"kelmu/inquiry|kelmu/identity|kelmu/core|json", "looks, facts and dossier as values"),
    (r"kelmu", "the rest of Kelmu"),
    (r"django", "Django: request, middleware, answer"),
)


def ask(method: str, path: str, body: bytes, content_type: str, token: str = "") -> bytes:
    """One request to the application; RuntimeError unless it is answered with 200."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type,
        "HTTP_AUTHORIZATION": f"Bearer {token}",
    }  # fmt: skip

    def start(status: str, _headers: object, _error: object = None, /) -> Callable[[bytes], object]:
        said.append(status)
        return io.BytesIO().write

    answer = application(environ, start)
    content = b"".join(answer)
    answer.close()
    if not said[0].startswith("200"):
        raise RuntimeError(f"{said[0]}: {content[:200]!r}")
    return content


def token(desk: Desk) -> str:
    """A fresh access token."""
    signed = assertion(client_key(desk.work / API_KEYS, CLIENT_ID), CLIENT_ID, f"{ADDRESS}/api/v1/token")
    form = (
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
        f"client-assertion-type%3Ajwt-bearer&client_assertion={signed}"
    )
    answer = ask("POST", "/api/v1/token", form.encode(), "application/x-www-form-urlencoded")
    return str(json.loads(answer)["access_token"])


def profiled(desk: Desk) -> tuple[float, float, Counter[str]]:
    """Milliseconds of an inquiry by the clock and by the processor, and what each part has of the latter."""
    held = token(desk)
    bodies = [json.dumps(inquiry(code)).encode() for code in desk.codes]

    def run(count: int) -> tuple[float, float]:
        begun, used = time.perf_counter(), time.process_time()
        for number in range(count):
            ask("POST", "/api/v1/inquiries", bodies[number % len(bodies)], "application/json", held)
        clock, processor = time.perf_counter() - begun, time.process_time() - used
        return clock / count * 1000, processor / count * 1000

    run(50)
    clock, processor = run(INQUIRIES)
    profile = cProfile.Profile(time.process_time)
    profile.runcall(run, INQUIRIES)
    shares: Counter[str] = Counter()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined] # pstats keeps it public and untyped
    for (file, _line, _name), (_calls, _all, own, _cumulative, callers) in stats.items():
        if file != "~":
            shares[part_of(file)] += own
            continue
        # A built-in's time is its callers'.
        for (caller, _l, _n), (_c, _a, caller_own, _cc) in callers.items():
            shares[part_of(caller)] += caller_own
    return clock, processor, shares


def part_of(file: str) -> str:
    """The part a source file belongs to."""
    return next((part for pattern, part in PARTS if re.search(pattern, file)), "Python itself")


def main() -> int:
    """Measure and print."""
    work = Path(tempfile.mkdtemp(prefix="kelmu-bench-"))
    desk = prepare(work, 3000)
    try:
        point_django_at(desk.database)
        clock, processor, shares = profiled(desk)
    finally:
        desk.database.server.destroy()
        shutil.rmtree(work, ignore_errors=True)
    whole = sum(shares.values())
    print(f"one inquiry, one thread: {clock:.2f} ms, of which the worker computes {processor:.2f} ms:")
    for part, own in shares.most_common():
        print(f"{own / whole:7.1%}  {part}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
