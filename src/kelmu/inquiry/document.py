"""Reading the door's document into the values of a dossier."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from kelmu.inquiry.dossier import (
    Change,
    Coverage,
    Decision,
    Dossier,
    MaintenanceCollection,
    Matter,
    MedicineCap,
    Payment,
    Person,
    Recovery,
    Scope,
    Source,
    ThirdPartyInfo,
)

Row = TypeVar("Row")


def parse(document: str) -> Dossier:
    """Read the door's document.

    Raises:
        KeyError, TypeError, ValueError: the document is not what the door writes; nothing is guessed.
    """
    data = json.loads(document)
    return Dossier(
        person=_row(Person, data["person"]),
        pending=_rows(Matter, data.get("pending")),
        decisions=_rows(Decision, data.get("decisions")),
        payments=_rows(Payment, data.get("payments")),
        sources={name: _row(Source, source) for name, source in data["sources"].items()},
        scope=tuple(_row(Scope, scope) for scope in data["scope"] or ()),
        coverage=_rows(Coverage, data.get("coverage")),
        recovery=_rows(Recovery, data.get("recovery")),
        maintenance_collection=_rows(MaintenanceCollection, data.get("maintenance_collection")),
        medicine_cap=_rows(MedicineCap, data.get("medicine_cap")),
        third_party_info=_rows(ThirdPartyInfo, data.get("third_party_info")),
        changes=_rows(Change, data.get("changes")),
    )


def _rows(kind: type[Row], rows: list[Mapping[str, Any]] | None) -> tuple[Row, ...] | None:
    return None if rows is None else tuple(_row(kind, row) for row in rows)


def _row(kind: type[Row], row: Mapping[str, Any]) -> Row:
    readers = _readers(kind)
    return kind(**{name: _value(reader, row[name]) for name, reader in readers.items()})


def _value(reader: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else reader(value)


_READERS: dict[type, Callable[[Any], Any]] = {
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
}
_known: dict[type, dict[str, Callable[[Any], Any]]] = {}


def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    if kind not in _known:
        hints = get_type_hints(kind)
        _known[kind] = {each.name: _reader(hints[each.name]) for each in fields(kind)}
    return _known[kind]


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, UnionType):
        hint = next(part for part in hint.__args__ if part is not type(None))
    if get_origin(hint) is tuple:
        of_one = _reader(get_args(hint)[0])
        return lambda values: tuple(of_one(value) for value in values)
    if is_dataclass(hint):
        kind = cast("type[Any]", hint)
        return lambda row: _row(kind, row)
    return _READERS.get(hint, _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value
