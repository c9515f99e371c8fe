"""Log lines hold fields of a list and never what somebody typed."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable

import pytest
import structlog

from kelmu.config.logs import configure, logging_settings

CODE = "010190-912A"

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What has been logged since the last call, each line parsed."""
    configure(logging_settings("INFO"))
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_field_outside_the_list_is_left_out(lines: Lines) -> None:
    structlog.get_logger("kelmu.test").info(
        "looked", route="home", personal_id=CODE, family_name="Meikäläinen"
    )

    (line,) = lines()
    assert line["event"] == "looked"
    assert line["route"] == "home"
    assert line["logger"] == "kelmu.test"
    assert set(line) == {"event", "route", "logger", "level", "timestamp"}


@pytest.mark.parametrize("code", [CODE, CODE.lower(), "010190X912A", f"before {CODE} after"])
def test_anything_shaped_like_an_identity_code_is_masked_even_in_an_allowed_field(
    lines: Lines, code: str
) -> None:
    structlog.get_logger("kelmu.test").info(f"event {code}", cause=code, frames=[code])

    written = lines()
    for line in written:
        # The time's digits are its own.
        del line["timestamp"]
    text = json.dumps(written)
    assert code not in text
    assert "912" not in text


def test_a_library_message_is_written_without_its_arguments(lines: Lines) -> None:
    logging.getLogger("psycopg.pool").warning("error connecting in %r: %s", "pool-1", f"Key (code)=({CODE})")

    (line,) = lines()
    assert line["event"] == "error connecting in %r: %s"
    assert line["level"] == "warning"


def test_an_unknown_librarys_message_is_withheld(lines: Lines) -> None:
    message = f"asked for {CODE}"
    logging.getLogger("some.library").warning(message)

    (line,) = lines()
    assert line["event"] == "message of a library, withheld"
    assert line["logger"] == "some.library"


def test_the_outbound_http_client_logs_nothing(lines: Lines) -> None:
    for name in ("httpx", "httpcore", "httpcore.connection"):
        logging.getLogger(name).error("GET /delegate/%s", CODE)

    assert lines() == []


def test_an_exception_is_written_as_its_type_and_places_without_its_text(lines: Lines) -> None:
    def fail(typed: str) -> None:
        raise ValueError(f"cannot read {typed}")

    try:
        fail("Meikäläinen")
    except ValueError:
        structlog.get_logger("kelmu.test").exception("failed")
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/clients/7/")

    ours, djangos = lines()
    for line in (ours, djangos):
        assert line["exception"] == "builtins.ValueError"
        frames = line["frames"]
        assert isinstance(frames, list)
        assert frames[-1].endswith(" fail")
        assert "Meikäläinen" not in json.dumps(line, ensure_ascii=False)
    assert djangos["event"] == "Internal Server Error: %s"


def test_a_line_is_one_line_whatever_is_logged(lines: Lines) -> None:
    structlog.get_logger("kelmu.test").info('two\nlines\x1b[31m", "level": "critical')

    (line,) = lines()
    assert line["level"] == "info"


def test_a_line_below_the_wanted_level_is_not_written(lines: Lines) -> None:
    structlog.get_logger("kelmu.test").debug("detail")
    assert lines() == []
    configure(logging_settings("WARNING"))
    structlog.get_logger("kelmu.test").info("started")
    structlog.get_logger("kelmu.test").warning("odd")
    assert [line["event"] for line in lines()] == ["odd"]
    configure(logging_settings("INFO"))


def test_a_stream_that_is_gone_ends_nothing(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = io.StringIO()
    gone.close()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", gone)
        structlog.get_logger("kelmu.test").error("failed")
    assert lines() == []
