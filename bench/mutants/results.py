"""What is known of each mutant, kept between runs, and the summary."""

from __future__ import annotations

import hashlib
import json
import threading
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path

from bench.mutants.model import Mutant, Verdict

_RESULTS = Path(__file__).resolve().parents[1] / "results"
_RECORD = _RESULTS / "mutants.jsonl"
_REASONS = Path(__file__).with_name("survivors.toml")
WANTED = 0.95
PACKAGES = ("policy", "door", "notices", "lists", "claims")


class Record:
    """Verdicts by mutant. One of another text of its file counts as unknown."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[tuple[str, str], Verdict] = {}
        self._digests: dict[str, str] = {}
        self._writing = threading.Lock()
        self.killers: list[tuple[str, str]] = []
        """Key and killer of those killed before, the oldest first."""
        if _RECORD.exists():
            for line in _RECORD.read_text(encoding="utf-8").splitlines():
                known = json.loads(line)
                self._known[known["key"], known["digest"]] = Verdict(known["verdict"])
                if known.get("killer"):
                    self.killers.append((known["key"], known["killer"]))

    def verdict(self, mutant: Mutant) -> Verdict | None:
        """What became of it, if it was tried on the present text of its place."""
        return self._known.get((mutant.key, self._digest(mutant)))

    def knows(self, mutant: Mutant, *, again: Collection[Verdict]) -> bool:
        """Whether it need not be tried; those with a verdict in ``again`` need to be."""
        verdict = self.verdict(mutant)
        return verdict is not None and verdict not in again

    def add(self, mutant: Mutant, verdict: Verdict, killer: str) -> None:
        """Note a verdict at once, so that an interrupted run loses nothing."""
        self._known[mutant.key, self._digest(mutant)] = verdict
        _RESULTS.mkdir(exist_ok=True)
        line = {"key": mutant.key, "digest": self._digest(mutant), "verdict": verdict, "killer": killer}
        with self._writing, _RECORD.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _digest(self, mutant: Mutant) -> str:
        """Of the mutated function where there is one, else of its file as it is without the fault."""
        if mutant.original_function is not None:
            return hashlib.sha256(mutant.original_function.encode()).hexdigest()[:16]
        if mutant.path not in self._digests:
            content = (self._root / mutant.path).read_bytes()
            self._digests[mutant.path] = hashlib.sha256(content).hexdigest()[:16]
        return self._digests[mutant.path]


def reasons() -> dict[str, str]:
    """Why a mutant may survive, by its key."""
    with _REASONS.open("rb") as file:
        listed = tomllib.load(file).get("survivor", [])
    return {one["mutant"]: one["reason"] for one in listed}


def summarise(record: Record, mutants: Iterable[Mutant]) -> int:
    """Write ``mutants.json``, print it and the survivors without a reason. 0 where all is as it should be."""
    explained = reasons()
    tried = [(mutant, record.verdict(mutant)) for mutant in mutants]
    summary: dict[str, dict[str, float]] = {}
    for package in PACKAGES:
        verdicts = [verdict for mutant, verdict in tried if mutant.package == package]
        killed, survived = verdicts.count(Verdict.KILLED), verdicts.count(Verdict.SURVIVED)
        open_ones = {str(each): verdicts.count(each) for each in (Verdict.NO_END, Verdict.UNSETTLED)}
        total = killed + survived + sum(open_ones.values())
        summary[package] = {
            "killed": killed, "total": total, "score": round(killed / total, 4) if total else 0.0,
            **open_ones, "stillborn": verdicts.count(Verdict.STILLBORN), "untried": verdicts.count(None),
        }  # fmt: skip
    (_RESULTS / "mutants.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))
    survivors = [mutant for mutant, verdict in tried if verdict is Verdict.SURVIVED]
    unexplained = [mutant.key for mutant in survivors if mutant.key not in explained]
    for key in unexplained:
        print(f"survived without a reason: {key}")
    enough = all(one["score"] >= WANTED for one in summary.values() if one["total"])
    return 0 if enough and not unexplained else 1
