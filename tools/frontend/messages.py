"""The message catalogue: every text of the service in English, its translations beside it.

``python -m tools.frontend.messages extract`` brings the translations up to date with the source: new
texts come in empty, vanished ones go. ``… compile`` makes what the running service reads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.frontend.stamps import ROOT

SOURCE = ROOT / "src" / "kelmu"
CATALOGUES = SOURCE / "web" / "locale"
LANGUAGES = ("fi", "sv", "en")
"""Languages whose catalogue must be whole."""
SOURCE_LANGUAGE = "en"
"""The texts of the source are written in it. It has a catalogue all the same, since a text without a
translation is shown in Finnish, the service's own language."""

_CONTEXT_FIRST = ((1, "c"), 2)
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": _CONTEXT_FIRST,
    "pgettext_lazy": _CONTEXT_FIRST,
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class MessagesError(RuntimeError):
    """A catalogue cannot be read."""


def source_files() -> Iterator[Path]:
    """The files whose texts are translated: the product's modules and templates, in a fixed order."""
    yield from sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(SOURCE.rglob("templates/**/*.html"))


def extract() -> Catalog:
    """Every text of the source, without line numbers: a moved line is no change of the catalogue."""
    catalogue = Catalog(fuzzy=False)
    for path in source_files():
        method = "enmerkar.extract:extract_django" if path.suffix == ".html" else "python"
        for _line, message, comments, context in extract_from_file(
            method, path, keywords=_KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
        ):
            place = (path.relative_to(ROOT).as_posix(), 0)
            catalogue.add(message, None, [place], context=context, auto_comments=comments)
    return catalogue


def catalogue_file(language: str) -> Path:
    """Where the translation into `language` lies."""
    return CATALOGUES / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """The translation into `language` as it lies on disk; an empty one where there is none."""
    path = catalogue_file(language)
    if not path.is_file():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, texts: Catalog) -> Catalog:
    """`texts` with the translations there are. Nothing is guessed: a changed text comes in empty.

    A text new in the source's own language is its own translation, and can be bettered there.
    """
    known = read_catalogue(language)
    fresh = Catalog(locale=language, project="Kelmu", fuzzy=False, header_comment="# Kelmu")
    for message in _texts(texts):
        earlier = known.get(message.id, message.context)
        translation = earlier.string if earlier is not None and "fuzzy" not in earlier.flags else ""
        if language == SOURCE_LANGUAGE:
            translation = translation or message.id
        fresh.add(
            message.id,
            translation or (("", "") if message.pluralizable else ""),
            message.locations,
            context=message.context,
            auto_comments=message.auto_comments,
        )
    return fresh


def as_po(catalogue: Catalog) -> bytes:
    """A catalogue as a file, the same for the same texts: sorted, without dates and line numbers."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=True)
    return _header(catalogue) + buffer.getvalue().rstrip() + b"\n"


def write_catalogues() -> None:
    """Bring every translation up to date with the source."""
    texts = extract()
    for language in LANGUAGES:
        path = catalogue_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(updated(language, texts)))


def compile_catalogues() -> bool:
    """Make the `.mo` files that are missing or older than their translation. Returns whether any was made."""
    made = False
    for language in LANGUAGES:
        source = catalogue_file(language)
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with target.open("wb") as file:
            _write_mo(file, read_catalogue(language))
        made = True
    return made


def missing(catalogue: Catalog) -> list[Message]:
    """The texts of a catalogue that have no whole translation, or only a guessed one."""
    return [message for message in _texts(catalogue) if "fuzzy" in message.flags or not _is_whole(message)]


def _texts(catalogue: Catalog) -> Iterator[Message]:
    """All messages but the header."""
    return (message for message in catalogue if message.id)


def _is_whole(message: Message) -> bool:
    if message.pluralizable:
        return isinstance(message.string, list | tuple) and all(message.string)
    return bool(message.string)


def _write_mo(file: IO[bytes], catalogue: Catalog) -> None:
    write_mo(file, catalogue, use_fuzzy=False)


def _header(catalogue: Catalog) -> bytes:
    fields = (
        f"Language: {catalogue.locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    lines = "".join(f'"{field}\\n"\n' for field in fields)
    title = "# Texts of Kelmu. `python -m tools.frontend.messages extract` brings them up to date."
    return f'{title}\nmsgid ""\nmsgstr ""\n{lines}\n'.encode()


def main(arguments: Iterable[str]) -> int:
    """Entry point of ``python -m tools.frontend.messages extract|compile``."""
    match list(arguments):
        case ["extract"]:
            write_catalogues()
            for language in LANGUAGES:
                lacking = len(missing(read_catalogue(language)))
                print(
                    f"{catalogue_file(language).relative_to(ROOT)}: {lacking} to translate", file=sys.stderr
                )
        case ["compile"]:
            compile_catalogues()
        case _:
            print("usage: python -m tools.frontend.messages extract|compile", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
