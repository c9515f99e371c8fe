"""Each error says its status."""

from __future__ import annotations

import pytest

from kelmu.core import errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotSignedIn, 401),
        (errors.Refused, 403),
        (errors.NotThere, 404),
        (errors.Conflict, 409),
        (errors.Unprocessable, 422),
        (errors.TooMany, 429),
        (errors.SourceDown, 503),
    ],
)
def test_every_error_has_the_status_the_pages_promise(error: type[errors.KelmuError], status: int) -> None:
    assert error.status == status
    assert issubclass(error, errors.KelmuError)
