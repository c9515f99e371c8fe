"""The start of the service: a setting that is missing or makes no sense stops it with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from kelmu.config.environment import ALL_GROUPS, Environment, WebEnvironment, variable_name
from kelmu.config.reading import SettingsError, is_secret, read

SECRET_TEXT = "correct horse battery staple"
REQUIRED = [variable_name(name) for name, field in WebEnvironment.model_fields.items() if field.is_required()]


def complaint() -> str:
    with pytest.raises(SettingsError) as caught:
        read(WebEnvironment)
    return str(caught.value)


def test_a_whole_production_environment_is_accepted(production: pytest.MonkeyPatch) -> None:
    settings = read(WebEnvironment)

    assert settings.environment is Environment.PRODUCTION
    assert settings.secure
    assert settings.oidc_levels == ("http://ftn.ficora.fi/2017/loa2",)


@pytest.mark.parametrize("name", REQUIRED)
def test_each_required_setting_that_is_missing_is_named_in_one_line(
    production: pytest.MonkeyPatch, name: str
) -> None:
    production.delenv(name)

    assert complaint() == f"{name} is missing"


@pytest.mark.parametrize("name", REQUIRED)
def test_an_empty_setting_counts_as_missing(production: pytest.MonkeyPatch, name: str) -> None:
    production.setenv(name, "")

    assert complaint() == f"{name} is missing"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KELMU_ENVIRONMENT", "staging"),
        ("KELMU_PUBLIC_URL", "kelmu.example"),
        ("KELMU_PUBLIC_URL", "https://kelmu.example/path"),
        ("KELMU_PUBLIC_URL", "https://user:secret@kelmu.example"),
        ("KELMU_PUBLIC_URL", "https://kelmu.example:notaport"),
        ("KELMU_SECRET_KEY", "short"),
        ("KELMU_SESSION_SEAL_KEY", "not hexadecimal"),
        ("KELMU_PSEUDONYM_KEY", "abcd"),
        ("KELMU_DATABASE_URL", "mysql://kelmu_web@localhost/kelmu"),
        ("KELMU_DATABASE_URL", "postgresql://localhost"),
        ("KELMU_SESSION_IDLE_MINUTES", "0"),
        ("KELMU_SESSION_IDLE_MINUTES", "half an hour"),
        ("KELMU_LISTEN_PORT", "70000"),
        ("KELMU_OIDC_SCOPE", "profile"),
        ("KELMU_OIDC_SIGNING_KEY_FILE", "/no/such/file.pem"),
        ("KELMU_OIDC_ENCRYPTION_KEY_FILE", __file__),
        ("KELMU_AGREEMENTS_CONTACT", "nobody"),
        ("KELMU_MANDATES_REFRESH_SECONDS", "300"),
        ("KELMU_LOG_LEVEL", "chatty"),
    ],
)
def test_nonsense_is_refused_by_the_variables_name_without_repeating_it(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv(name, value)

    said = complaint()
    assert said.startswith(f"{name}: ")
    assert value not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KELMU_PUBLIC_URL", "http://kelmu.example"),
        ("KELMU_OIDC_ISSUER", "http://identification.example"),
        ("KELMU_MANDATES_URL", "http://mandates.example"),
        ("KELMU_OIDC_LEVELS", "http://ftn.ficora.fi/2017/loatest2"),
        ("KELMU_DATABASE_URL", "postgresql://kelmu_web:secret@db.example/kelmu"),
        ("KELMU_DATABASE_URL", "postgresql://kelmu_web:secret@db.example/kelmu?sslmode=require"),
    ],
)
def test_production_refuses_what_demo_and_test_may(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv(name, value)
    assert name in complaint()

    production.setenv("KELMU_ENVIRONMENT", "test")
    read(WebEnvironment)


def test_production_needs_tls_from_somewhere(production: pytest.MonkeyPatch) -> None:
    production.delenv("KELMU_BEHIND_TLS_PROXY")

    assert "KELMU_TLS_CERTIFICATE is missing" in complaint()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "/run/postgresql"])
def test_a_database_on_the_same_machine_needs_no_tls(production: pytest.MonkeyPatch, host: str) -> None:
    production.setenv("KELMU_DATABASE_URL", f"postgresql://kelmu_web:secret@/kelmu?host={host}")

    read(WebEnvironment)


def test_the_web_process_connects_as_kelmu_web_only(production: pytest.MonkeyPatch) -> None:
    production.setenv("KELMU_DATABASE_URL", "postgresql://kelmu_auditor:secret@localhost/kelmu")

    assert complaint() == "KELMU_DATABASE_URL: must connect as kelmu_web"


def test_addresses_by_hand_are_all_needed_without_discovery(production: pytest.MonkeyPatch) -> None:
    production.setenv("KELMU_OIDC_DISCOVERY", "false")
    production.setenv("KELMU_OIDC_TOKEN_ENDPOINT", "https://identification.example/token")

    said = complaint()
    assert "KELMU_OIDC_AUTHORIZATION_ENDPOINT is missing" in said
    assert "KELMU_OIDC_JWKS_URI is missing" in said
    assert "KELMU_OIDC_TOKEN_ENDPOINT" not in said


def test_one_key_cannot_serve_two_ends(production: pytest.MonkeyPatch) -> None:
    settings = read(WebEnvironment)
    production.setenv("KELMU_PSEUDONYM_KEY", settings.session_seal_key.get_secret_value())
    production.setenv("KELMU_OIDC_ENCRYPTION_KEY_FILE", str(settings.oidc_signing_key_file))

    said = complaint()
    assert "KELMU_PSEUDONYM_KEY: must be another key" in said
    assert "KELMU_OIDC_ENCRYPTION_KEY_FILE: must be another key" in said


def test_a_secret_may_come_from_a_file(production: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "api-key"
    file.write_text(f"{SECRET_TEXT}\n")
    production.delenv("KELMU_MANDATES_API_KEY")
    production.setenv("KELMU_MANDATES_API_KEY_FILE", str(file))

    assert read(WebEnvironment).mandates_api_key.get_secret_value() == SECRET_TEXT


def test_a_secret_given_twice_or_in_an_unreadable_file_is_refused(
    production: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    production.setenv("KELMU_MANDATES_API_KEY_FILE", str(tmp_path / "missing"))
    assert "KELMU_MANDATES_API_KEY_FILE are both set" in complaint()

    production.delenv("KELMU_MANDATES_API_KEY")
    assert complaint() == "KELMU_MANDATES_API_KEY_FILE names a file that cannot be read"


def test_no_secret_has_a_default() -> None:
    fields = [(group, name, field) for group in ALL_GROUPS for name, field in group.model_fields.items()]
    secrets = [name for _, name, field in fields if is_secret(field)]
    with_default = [
        name for _, name, field in fields if is_secret(field) and field.default is not PydanticUndefined
    ]

    assert {"secret_key", "session_seal_key", "pseudonym_key", "database_url", "mandates_api_key"} <= set(
        secrets
    )
    assert with_default == []


def test_the_settings_never_show_a_secret(production: pytest.MonkeyPatch) -> None:
    production.setenv("KELMU_MANDATES_API_KEY", SECRET_TEXT)
    settings = read(WebEnvironment)

    assert SECRET_TEXT not in repr(settings)
    assert SECRET_TEXT not in str(settings)
    assert "db.example" not in repr(settings)
