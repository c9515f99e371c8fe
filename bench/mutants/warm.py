"""A Python process that has imported what a trial needs, and forks a child for each trial.

``python -m bench.mutants.warm bare|collected IN OUT [TESTS]`` runs in a campaign's copy of the tree. Requests
come as lines of JSON on descriptor IN, answers go out on OUT. The bare server has imported nothing of
Kelmu's, so that a child sees a fault put into its Python. The collected server has collected all the tests:
for a fault in the database nothing of Python's changes, and a child begins with the first test.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench.mutants import running
from bench.mutants.swapping import Calls

Request = dict[str, Any]
Answer = dict[str, Any]
# What takes long to import, and no part of Kelmu's.
_SLOW = (
    "authlib.jose", "babel", "cryptography.x509", "django.core.management", "django.db.models", "django.test",
    "holidays", "httpx", "hypothesis.strategies", "joserfc", "psycopg", "pydantic_settings",
    "schemathesis", "stdnum.fi.hetu", "structlog",
)  # fmt: skip


def main() -> None:
    """Entry point: serve until the campaign closes its end."""
    kind, inward, outward, *tests = sys.argv[1:]
    if kind == "collected":
        calls = Calls(Path("src/kelmu/policy"))
        calls.begin()
        pytest.main([*running.OPTIONS, *tests], plugins=[Collected(int(inward), int(outward), calls)])
        return
    for name in _SLOW:
        importlib.import_module(name)
    serve(int(inward), int(outward), running.bare, [])


class Collected:
    """Serves in the place of pytest's own loop, when everything has been collected."""

    def __init__(self, inward: int, outward: int, calls: Calls) -> None:
        self._ends = inward, outward
        self._calls = calls

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer requests about the collected tests."""
        _import_all("kelmu")
        self._calls.end()
        serve(*self._ends, partial(running.collected, session), sorted(self._calls.names))
        return True


def _import_all(package: str) -> None:
    """So that no child has to; what cannot be imported by itself is nobody's test."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if (
            module.name.rpartition(".")[2] not in {"__main__", "wsgi", "load"}
            and "settings" not in module.name
        ):
            importlib.import_module(module.name)


def serve(inward: int, outward: int, run: Callable[[Request], Answer], called: list[str]) -> None:
    """Answer each line of requests from a child of its own. First tell what has been called so far."""
    # Ended, it takes its child with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # What is there now stays: a child's collector need not walk, and so copy, all of it.
    gc.collect()
    gc.freeze()
    with (
        os.fdopen(inward, encoding="utf-8") as requests,
        os.fdopen(outward, "w", encoding="utf-8") as answers,
    ):
        print(json.dumps({"called": called}), file=answers, flush=True)
        for line in requests:
            request = json.loads(line)
            print(json.dumps(in_child(partial(run, request), request["longest"])), file=answers, flush=True)


def in_child(run: Callable[[], Answer], longest: float) -> Answer:
    """What ``run`` returns in a forked child; ``{"no_end": true}`` after so many seconds.

    The child and all it has started are gone when this returns.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(run, writing)
    os.close(writing)
    try:
        text = _read_line(reading, time.monotonic() + longest)
    finally:
        os.close(reading)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if text is None:
        return {"no_end": True}
    answer: Answer = json.loads(text or '{"broken": "the process ended"}')
    return answer


def _be_child(run: Callable[[], Answer], writing: int) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        answer = run()
    except BaseException:  # noqa: BLE001 - whatever happened is the answer; this process ends here
        answer = {"broken": traceback.format_exc()}
    with os.fdopen(writing, "w", encoding="utf-8") as out:
        print(json.dumps(answer), file=out)
    # The parent ends it: its group must be there to be ended.
    while True:
        signal.pause()


def _read_line(descriptor: int, until: float) -> str | None:
    """What comes up to a newline or the end; None if that is not in time."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        part = os.read(descriptor, 1 << 16)
        if not part:
            break
        text += part
    return text.decode()


if __name__ == "__main__":
    Path(".data").mkdir(exist_ok=True)
    main()
