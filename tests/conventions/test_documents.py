"""Generated pages do not lag, and what the documents name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.reference import audit_events
from tools.reference.__main__ import FOLDER, PAGES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
PLACES = ("src/", "tools/", "tests/", "docs/", "bench/", "requirements/")
# Written by a run; never committed.
NOT_COMMITTED = ("bench/results/",)


@pytest.mark.parametrize("name", PAGES)
def test_no_generated_page_lags(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run `make reference`"


def test_every_kind_of_entry_is_described_once() -> None:
    kinds = audit_events.kinds()
    assert len(set(kinds)) == len(kinds) > 10
    for kind in kinds:
        assert audit_events.reference().count(f"| `{kind}` |") == 1


def links(document: Path) -> Iterator[str]:
    """Targets of links and pictures within the repository."""
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target) and not target.startswith("#"):
            yield target.partition("#")[0]


def named_files(document: Path) -> Iterator[str]:
    """Paths from the root in code quotes, without a line or a name within the file."""
    for quoted in re.findall(r"`([^`\s]+)`", document.read_text(encoding="utf-8")):
        path = quoted.partition("::")[0]
        if path.startswith(PLACES) and not path.startswith(NOT_COMMITTED) and "…" not in path:
            yield path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path) -> None:
    missing = [target for target in links(document) if not (document.parent / target).exists()]
    missing += [path for path in named_files(document) if not any(ROOT.glob(path.rstrip("/")))]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_command_a_document_names_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8")))
    assert named <= targets


def test_every_function_the_way_of_an_inquiry_names_is_where_it_says() -> None:
    text = (ROOT / "docs" / "start-here.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/.]+\.(?:py|sql))::([\w.]+)`", text)
    assert len(named) > 10
    for path, name in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"(?:def|class|FUNCTION|TABLE) {re.escape(name)}\b", source), f"{path}::{name}"
