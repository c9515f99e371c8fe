"""How settings are read: environment and files only, frozen, never a value in an error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from django.core.exceptions import ImproperlyConfigured
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "KELMU_"


class SettingsError(ImproperlyConfigured):
    """A setting is missing or makes no sense; the message is one line that names the variable."""


def variable_name(field: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{field}".upper()


def is_secret(field: FieldInfo) -> bool:
    """Whether the field holds a secret, so that it may also come from a file."""
    kind = field.annotation
    return SecretStr in (kind, *get_args(kind))


class _FileSource(PydanticBaseSettingsSource):
    """Secrets from the files named by ``<VARIABLE>_FILE``."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = variable_name(field_name)
        path = os.environ.get(f"{name}_FILE")
        if not path or not is_secret(field):
            return None, field_name, False
        if os.environ.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set; give one of them")
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{name}_FILE names a file that cannot be read") from None

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        values = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Group(BaseSettings):
    """One capability's settings. A field's description is its line in the settings reference."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments (tests), then the environment, then ``_FILE``; no dotenv, no secrets folder."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, _FileSource(settings_cls)


GroupT = TypeVar("GroupT", bound=Group)


def read(group: type[GroupT]) -> GroupT:
    """One group from the environment.

    Raises:
        SettingsError: variables are missing or nonsensical; the one line names each.
    """
    try:
        return group()
    except ValidationError as error:
        raise SettingsError("; ".join(_complaint(detail) for detail in error.errors())) from None


def _complaint(detail: Mapping[str, Any]) -> str:
    text = str(detail["msg"]).removeprefix("Value error, ")
    if not detail["loc"]:  # a check across settings; its text names the variables itself
        return text
    name = variable_name(str(detail["loc"][0]))
    if detail["type"] == "missing":
        return f"{name} is missing"
    return f"{name}: {text[:1].lower()}{text[1:]}"
