"""The views of the inbox an official has saved for herself; the doors are in ``sql/saved_views.sql``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from kelmu.core.door import ask_objects, ask_text, ask_value

MOST = 20
"""How many an official can have for one organisation."""
LONGEST_NAME = 60


class Saving(StrEnum):
    """What came of saving one."""

    SAVED = "saved"
    NAME_TAKEN = "name_taken"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter and an order, as ``door.notice_rows`` takes them, under the official's own name for them.

    ``place`` is 1 to 20; ``shown_first``: the inbox opens with it.
    """

    place: int
    name: str
    filter: Mapping[str, Any]
    sort: str
    shown_first: bool


def saved_views(secret: str) -> tuple[SavedView, ...]:
    """Her views for the organisation she acts for, by name."""
    rows = ask_objects("SELECT door.notice_views(%s)", [secret]) or ()
    return tuple(SavedView(**row) for row in rows)


def save_view(secret: str, name: str, filter_: Mapping[str, Any], sort: str) -> Saving | None:
    """Save a view under a name of 1 to 60 characters; None: no right to notices.

    Raises:
        Unprocessable: a name, filter or order of another form.
    """
    answer = ask_text(
        "SELECT door.save_notice_view(%s, %s, %s, %s)", [secret, name, Jsonb(dict(filter_)), sort]
    )
    return None if answer is None else Saving(answer)


def remove_view(secret: str, place: int) -> bool:
    """Remove the view at a place; False: there is none."""
    return bool(ask_value("SELECT door.remove_notice_view(%s, %s)", [secret, place]))


def show_first(secret: str, place: int | None) -> bool:
    """Open the inbox with the view at a place, or with none; False: there is none at that place."""
    return bool(ask_value("SELECT door.default_notice_view(%s, %s)", [secret, place]))
