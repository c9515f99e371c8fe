"""What the register writes in Finnish is shown in the page's language, or is marked as Finnish."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from kelmu.web.presentation.register_words import in_language, known_words
from tools.cast import load_cast
from tools.population import decisions, matters

TEMPLATE = Template("{{ one|register_word }};{{ many|register_words }}")


def test_every_word_of_the_synthetic_register_has_its_forms() -> None:
    written = {*matters.OFFICES, *(word for several in matters._ATTACHMENTS for word in several)}
    written |= {text for _code, text in decisions._REASONS}
    written |= {
        word for client in load_cast().clients for matter in client.pending for word in matter.missing
    }
    assert written <= known_words().keys()
    for forms in known_words().values():
        assert all(forms[language].strip() for language in ("fi", "sv", "en"))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("fi", "Läntinen vakuutuspiiri;tiliote, &lt;muu&gt;"),
        ("sv", 'Västra försäkringsdistriktet;kontoutdrag, <span lang="fi">&lt;muu&gt;</span>'),
        ("en", 'Western Insurance District;bank statement, <span lang="fi">&lt;muu&gt;</span>'),
    ],
)
def test_a_word_is_shown_in_the_language_of_the_page_or_marked(language: str, shown: str) -> None:
    with translation.override(language):
        context = Context({"one": "Läntinen vakuutuspiiri", "many": ("tiliote", "<muu>")})
        assert TEMPLATE.render(context) == shown


def test_nothing_stays_nothing() -> None:
    assert in_language("", "sv") == ""
    assert Template("{{ none|register_word|default:'–' }}").render(Context({"none": None})) == "–"
