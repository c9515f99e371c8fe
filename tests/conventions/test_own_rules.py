"""The product keeps to its own rules, and the check sees whoever does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.checks.findings import committed_files
from tools.checks.own_rules import rule_findings

MODULES = {
    "safe text": "mark_safe(name)",
    "safe text of a format": 'SafeString(f"<b>{name}</b>")',
    "time": "datetime.now(tz=UTC)",
    "day": "datetime.date.today()",
    "django's time": "timezone.now()",
    "seconds": "time.time()",
    "program": "eval(text)",
    "sql": "from django.db import connection",
    "forms from anywhere": "from django.views.decorators.csrf import csrf_exempt",
    "pickle": "import pickle",
    "chance": "from random import choice",
}
TEMPLATES = {
    "safe": "<p>{{ name|safe }}</p>",
    "escaping": "{% autoescape off %}",
    "style": '<p class="a" style="color: red">',
    "style sheet": "<style>p { }</style>",
    "handler": '<button type="button" onclick="go()">',
    "script": "<script>go()</script>",
    "script address": '<a href="javascript:go()">',
    "elsewhere": '<img alt="" src="//cdn.example/a.png">',
}
FINE = {
    "module.py": 'mark_safe(" data-none")\nclock.now()\nfrom django.db import OperationalError\n',
    "page.html": '<script src="{% static \'a.js\' %}" type="module"></script>\n<p class="x">{{ name }}</p>\n',
}


def found(folder: Path, name: str, text: str) -> list[str]:
    file = folder / "src" / "kelmu" / name
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return [finding.text for finding in rule_findings([file], folder)]


@pytest.mark.parametrize("line", MODULES.values(), ids=MODULES.keys())
def test_what_a_module_may_not_do_is_found(line: str, tmp_path: Path) -> None:
    assert len(found(tmp_path, "module.py", f"{line}\n")) == 1


@pytest.mark.parametrize("line", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_what_a_template_may_not_hold_is_found(line: str, tmp_path: Path) -> None:
    assert len(found(tmp_path, "page.html", f"{line}\n")) == 1


@pytest.mark.parametrize("name", FINE)
def test_what_is_fine_is_let_through(name: str, tmp_path: Path) -> None:
    assert found(tmp_path, name, FINE[name]) == []


def test_the_product_keeps_to_its_rules() -> None:
    assert [str(finding) for finding in rule_findings(committed_files())] == []
