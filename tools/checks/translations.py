"""Whether the message catalogues say what the source says, and wholly."""

from __future__ import annotations

from collections.abc import Iterator

from tools.checks.findings import ROOT, Finding
from tools.frontend.messages import (
    LANGUAGES,
    as_po,
    catalogue_file,
    extract,
    missing,
    read_catalogue,
    updated,
)


def message_findings() -> Iterator[Finding]:
    """Catalogues that lag behind the source, and texts without a translation."""
    texts = extract()
    for language in LANGUAGES:
        path = catalogue_file(language)
        name = path.relative_to(ROOT).as_posix()
        if not path.is_file() or path.read_bytes() != as_po(updated(language, texts)):
            yield Finding(name, 1, "lags behind the source: python -m tools.frontend.messages extract")
        for message in missing(read_catalogue(language)):
            yield Finding(name, message.lineno or 1, f"has no whole translation of {str(message.id)[:60]!r}")
