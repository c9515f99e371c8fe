"""Delivering answers to Kela: take one that is due, send it, say what came of it, until none is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from kelmu.notices.kela import TIMEOUT_S, Fault, KelaService

LEASE_S = int(6 * TIMEOUT_S)
"""For so long an answer is this worker's; one that dies with it leaves it to the others then."""
_SERVICE_IS_DOWN = {Fault.UNREACHABLE, Fault.BUSY, Fault.FAILED}


@dataclass
class Delivered:
    """What a round did: how many Kela's side has kept, and the faults."""

    kept: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)


def deliver_answers(
    connection: psycopg.Connection[Any], service: KelaService, stopped: Callable[[], bool] = lambda: False
) -> Delivered:
    """One round: every answer that is due, or until Kela's side does not answer.

    An answer is delivered at least once, always under the same message id: whatever dies between sending and
    saying so, it comes again. Rounds of several workers at once take different answers.

    Args:
        connection: as ``kelmu_worker``, in autocommit mode.
        service: Kela's side.
        stopped: ends the round before the next answer.

    Raises:
        psycopg.Error: the database is lost. What was sent and not yet settled comes again.
    """
    done = Delivered()
    while not stopped():
        claimed = _value(connection, "SELECT door.claim_answer(%s)", LEASE_S)
        if claimed is None:
            break
        fault = service.tell(claimed["message"])
        settled = claimed["message"]["answer_id"], claimed["attempt"], fault and fault.value
        _value(connection, "SELECT door.settle_answer(%s, %s, %s)", *settled)
        if fault is None:
            done.kept += 1
            continue
        done.faults[fault] += 1
        # What is down for one is down for all: the others keep their first attempt for a better time.
        if fault in _SERVICE_IS_DOWN:
            break
    return done


def stuck_answers(connection: psycopg.Connection[Any]) -> Sequence[Mapping[str, Any]]:
    """Deliveries a person has to look at, as ``door.stuck_answers`` gives them."""
    stuck: Sequence[Mapping[str, Any]] = _value(connection, "SELECT door.stuck_answers()")
    return stuck


def retry_answers(connection: psycopg.Connection[Any]) -> int:
    """Let all that failed be tried again at once; how many."""
    return int(_value(connection, "SELECT door.retry_answers()"))


def worker_figures(connection: psycopg.Connection[Any]) -> Mapping[str, Any]:
    """``door.worker_figures``: what waits, what is stuck, and the last day whose notices were picked."""
    figures: Mapping[str, Any] = _value(connection, "SELECT door.worker_figures()")
    return figures


def _value(connection: psycopg.Connection[Any], query: str, *values: Any) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]
