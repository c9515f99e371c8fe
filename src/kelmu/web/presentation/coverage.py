"""Insurance coverage as its page shows it: what is in force today, and all periods and documents."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kelmu.inquiry.dossier import Coverage, Dossier
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import COVERAGE_GROUNDS, COVERAGE_KINDS, Label, country_name

_IN_FORCE = Label(pgettext_lazy("state of insurance coverage", "In force"), "success")
_TO_COME = Label(pgettext_lazy("state of insurance coverage", "Begins later"), "info")
_ENDED = Label(pgettext_lazy("state of insurance coverage", "Ended"), quiet=True)
_HEADLINES = ("social_security", "sickness_insurance")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One period or document with its words; `in_force` on the day of the page."""

    coverage: Coverage
    kind: str | Promise
    ground: str | Promise
    country: str
    state: Label
    in_force: bool

    @property
    def key(self) -> str:
        """What names it among the changes of a dossier."""
        return f"{self.coverage.kind} {self.coverage.valid_from.isoformat()}"


@dataclass(frozen=True, slots=True)
class Headline:
    """Whether the client belongs to one of the two insurances today, and by which row; `code` names which."""

    code: str
    kind: str | Promise
    row: CoverageRow | None


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """All coverage, what is in force first; `empty` says why there is none."""

    headlines: tuple[Headline, ...]
    rows: tuple[CoverageRow, ...]
    scope: Scope
    empty: Reason | None


def coverage_page(dossier: Dossier, *, today: date) -> CoveragePage:
    """The page of insurance coverage; `today` is the day in Finland."""
    scope = scope_of(dossier, "coverage")
    newest_first = sorted(dossier.coverage or (), key=lambda item: item.valid_from, reverse=True)
    rows = [_row(item, today=today) for item in newest_first]
    return CoveragePage(
        headlines=tuple(_headline(kind, rows) for kind in _HEADLINES) if rows else (),
        rows=tuple(sorted(rows, key=lambda row: not row.in_force)),
        scope=scope,
        empty=None if rows else scope.why_empty(),
    )


def _row(coverage: Coverage, *, today: date) -> CoverageRow:
    ended = coverage.valid_to is not None and coverage.valid_to < today
    state = _ENDED if ended else _TO_COME if today < coverage.valid_from else _IN_FORCE
    return CoverageRow(
        coverage=coverage,
        kind=COVERAGE_KINDS[coverage.kind],
        ground=COVERAGE_GROUNDS[coverage.ground] if coverage.ground else "",
        country=country_name(coverage.country) if coverage.country else "",
        state=state,
        in_force=state is _IN_FORCE,
    )


def _headline(kind: str, rows: list[CoverageRow]) -> Headline:
    in_force = (row for row in rows if row.coverage.kind == kind and row.in_force)
    return Headline(kind, COVERAGE_KINDS[kind], next(in_force, None))
