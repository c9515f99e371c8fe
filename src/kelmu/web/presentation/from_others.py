"""What other parties have told Kela of the client, as its page shows it."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from kelmu.inquiry.dossier import Dossier, ThirdPartyInfo
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import INFO_KINDS, SENDER_KINDS, UNITS


@dataclass(frozen=True, slots=True)
class InfoRow:
    """One piece of information with its words; `current`: its period holds the day of the page."""

    info: ThirdPartyInfo
    sender: str | Promise
    kind: str | Promise
    unit: str | Promise
    current: bool


@dataclass(frozen=True, slots=True)
class FromOthersPage:
    """All that others have told, what holds today first; `empty` says why there is none."""

    rows: tuple[InfoRow, ...]
    scope: Scope
    empty: Reason | None


def from_others_page(dossier: Dossier, *, today: date) -> FromOthersPage:
    """The page of information from others; `today` is the day in Finland."""
    scope = scope_of(dossier, "third_party_info")
    newest_first = sorted(
        dossier.third_party_info or (), key=lambda item: (item.valid_from, item.number), reverse=True
    )
    rows = [
        InfoRow(
            info=item,
            sender=SENDER_KINDS[item.sender_kind],
            kind=INFO_KINDS[item.info_kind],
            unit=UNITS[item.unit] if item.unit else "",
            current=item.valid_from <= today and (item.valid_to is None or today <= item.valid_to),
        )
        for item in newest_first
    ]
    return FromOthersPage(
        rows=tuple(sorted(rows, key=lambda row: not row.current)),
        scope=scope,
        empty=None if rows else scope.why_empty(),
    )
