"""Every text an official can meet is there in each language: none missing, none guessed, none left behind."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from tools.frontend.messages import (
    LANGUAGES,
    as_po,
    catalogue_file,
    compile_catalogues,
    extract,
    missing,
    read_catalogue,
    updated,
)

PLACEHOLDER = re.compile(r"%\(\w+\)s|%[sd]|\{\w*\}")


def test_the_service_is_offered_in_the_languages_whose_catalogue_is_held_whole() -> None:
    assert tuple(code for code, _name in settings.LANGUAGES) == LANGUAGES == ("fi", "sv", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert [(message.context, message.id) for message in missing(updated(language, extract()))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_the_one_the_source_gives(language: str) -> None:
    """`python -m tools.frontend.messages extract` changes nothing."""
    assert as_po(updated(language, extract())).decode() == catalogue_file(language).read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_to_fill(language: str) -> None:
    wrong = []
    for message in read_catalogue(language):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, list | tuple) else (message.id,)
        string = message.string or ""
        translations = string if isinstance(string, list | tuple) else (string,)
        wanted = set(PLACEHOLDER.findall(originals[-1]))
        wrong += [message.id for text in translations if not set(PLACEHOLDER.findall(text)) <= wanted]
        wrong += [message.id for text in translations[-1:] if set(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_service_reads_is_compiled_from_the_catalogue(language: str) -> None:
    compile_catalogues()
    source = catalogue_file(language)
    assert source.with_suffix(".mo").stat().st_mtime_ns >= source.stat().st_mtime_ns


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_shown_as_its_catalogue_has_it(language: str) -> None:
    """None falls back to another language or to a text of the same words elsewhere."""
    compile_catalogues()
    with translation.override(language):
        for message in read_catalogue(language):
            if not message.id or message.pluralizable:
                continue
            assert isinstance(message.id, str)
            shown = (
                translation.pgettext(message.context, message.id)
                if message.context
                else translation.gettext(message.id)
            )
            assert shown == message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_names_each_language_in_itself(language: str) -> None:
    client = Client(headers={"host": "127.0.0.1:8000"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get("/accessibility/")
    page = answer.content.decode()
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page
    for code, name in (("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")):
        current = ' aria-current="true"' if code == language else ""
        assert f'value="{code}" lang="{code}"{current}>{name}</button>' in page
