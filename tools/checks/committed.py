"""What must never be committed.

Registry addresses, machine paths, secrets, identity codes a living person could have, and
exceptions from a tool's rule without a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from stdnum.fi import hetu

from tools.checks.findings import ROOT, Finding, text_of

_LINES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"pypi\.org/simple|files\.pythonhosted\.org|registry\.(?:npmjs\.org|yarnpkg\.com)|deb\.debian\.org"
                   r"|--(?:extra-)?index-url|--find-links|\"resolved\": *\"http"),
        "the address of a package registry",
    ),
    (
        re.compile(r"(?<![\w.~-])/(?:work|root|home/\w+|Users/\w+|mnt|media)/[\w.~-]"),
        "a path of somebody's machine",
    ),
    (re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"), "a private key"),
    (re.compile(r"\b(?:AKIA[0-9A-Z]{16}|(?:gh[pousr]|npm)_\w{36}|xox[abp]-[\w-]{20,})\b"), "a token"),
    (re.compile(r"# noqa(?::? *[A-Z0-9, ]*)?$"), "an exception from a lint rule without a reason"),
    (re.compile(r"# type: ignore(?:\[[\w, -]*\])?$"), "an exception from type checking without a reason"),
)  # fmt: skip
_HIGH_ENTROPY = re.compile(
    r"(?i)(?:password|secret|api_?key|token)\w*[\"']?\s*[:=]\s*[\"'](?=[^\"']*\d)(?=[^\"']*[A-Za-z])[\w+/=-]{24,}[\"']"
)
_IDENTITY_CODE = re.compile(r"(?<!\w)\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?!\w)")
_SPECIMEN = "131052-308T"
"""The specimen code of the authorities' own instructions: nobody's, though outside 900-999."""
_NOT_OURS = {"package-lock.json"}


def _real_identity_codes(line: str) -> bool:
    """Whether a line holds a valid code outside 900-999, the range no living person can have."""
    codes = (match.group() for match in _IDENTITY_CODE.finditer(line))
    return any(
        code[7:10] < "900" and code != _SPECIMEN and hetu.is_valid(code, allow_temporary=True)
        for code in codes
    )


def _faults(line: str) -> Iterator[str]:
    for pattern, what in _LINES:
        if pattern.search(line):
            yield what
    if _HIGH_ENTROPY.search(line):
        yield "what looks like a secret"
    if _real_identity_codes(line):
        yield "an identity code that a living person could have"


def committed_findings(files: Iterable[Path], root: Path = ROOT) -> Iterator[Finding]:
    """Lines that hold what must not be committed. This file, which spells it out, is left out."""
    for path in files:
        name = path.relative_to(root).as_posix()
        text = text_of(path)
        if text is None or path == Path(__file__) or name == "tests/conventions/test_checks.py":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > 20_000:
                continue
            yield from (
                Finding(name, number, f"holds {what}")
                for what in _faults(line.rstrip())
                if name not in _NOT_OURS or "registry" in what
            )
