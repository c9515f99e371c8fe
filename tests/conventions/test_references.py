"""Generated reference pages do not lag behind the code."""

from __future__ import annotations

from pathlib import Path

from kelmu.config.commands.settings_reference import reference
from kelmu.config.environment import ALL_GROUPS, variable_name

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"


def test_the_settings_reference_is_what_the_settings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run `make reference`"


def test_every_setting_has_a_heading_and_a_description() -> None:
    text = reference()
    for group in ALL_GROUPS:
        for name, field in group.model_fields.items():
            assert f"### `{variable_name(name)}`\n" in text
            assert field.description
