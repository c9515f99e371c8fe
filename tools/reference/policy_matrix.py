"""Who may ask for what: the policy's data as tables to read, one for each kind of agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kelmu.policy.content import FeatureRow, PolicyData, ProfileRow, TypeRow
from kelmu.policy.loader import policy_data
from kelmu.policy.vocabulary import DataGroup

_INTRODUCTION = """\
# Policy matrix

<!-- Written by `make reference`; a test fails when it lags behind the code. -->

What the policy's data files under `src/kelmu/policy/data/` open, by kind of agreement, mandate and purpose.
What an official sees is the part of it that her organisation's agreement also allows: its data groups, its
channels and its days are a ceiling. Rules about the person (own data, family, non-disclosure, area and the
rest) come after it.

*Benefits*: `all` of the catalogue, or codes and patterns as in the data. *Reaches back*: months counted from
the day of the look, that day's date included; `no limit` shows everything the register knows.
"""
_EVERYTHING = "*"


def reference() -> str:
    """The page."""
    data = policy_data()
    parts = [_INTRODUCTION, *(line for row in data.organisation_types.values() for line in _type(data, row))]
    return "\n".join(parts) + "\n"


def _type(data: PolicyData, row: TypeRow) -> Iterator[str]:
    yield f"## {row.name('en')} (`{row.code}`)\n"
    yield f"{_about(row)}\n"
    if row.profile_type not in {None, row.code}:
        yield f"Inquiries: as `{row.profile_type}`.\n"
    else:
        rows = [profile for profile in data.profiles.values() if profile.organisation_type == row.code]
        for (mandate, purpose), found in groupby(rows, key=lambda each: (each.mandate, each.purpose)):
            yield from _profile(data, mandate, purpose, list(found))
    features = [feature for feature in data.features.values() if feature.organisation_type == row.code]
    if features:
        yield from _features(data, features)


def _about(row: TypeRow) -> str:
    if row.profile_type is None:
        return "Opens no inquiry."
    if row.national_area:
        return "Serves the whole country: nobody is outside its area."
    if row.everybody_outside:
        return "Has no area of its own: everybody is outside it, and asked about."
    return "Clients outside the organisation's area are asked about."


def _profile(data: PolicyData, mandate: str, purpose: str, rows: list[ProfileRow]) -> Iterator[str]:
    minors = "" if data.purposes[purpose].minor_allowed else " A minor is asked about."
    bases = "; ".join(dict.fromkeys(row.legal_basis for row in rows))
    yield f"### {data.purposes[purpose].name('en')} (`{purpose}`)\n"
    yield f"Mandate: {data.mandates[mandate].name('en')} (`{mandate}`). Legal basis: {bases}.{minors}\n"
    yield "| data group | benefits | reaches back | channels |\n|---|---|---|---|"
    for row in sorted(rows, key=lambda each: list(DataGroup).index(each.data_group)):
        cells = (
            row.data_group, _benefits(row.benefit_scope), _months(row.lookback_months),
            ", ".join(row.channels),
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    yield ""


def _benefits(scope: Iterable[str]) -> str:
    return "all" if tuple(scope) == (_EVERYTHING,) else ", ".join(f"`{part}`" for part in scope)


def _months(months: int | None) -> str:
    return "no limit" if months is None else f"{months} months"


def _features(data: PolicyData, rows: list[FeatureRow]) -> Iterator[str]:
    yield "### Besides inquiries\n"
    yield "| feature | mandate | logged with the purpose | legal basis |\n|---|---|---|---|"
    for row in rows:
        kind = f" ({row.list_kind})" if row.list_kind else ""
        mandate = data.mandates[row.mandate].name("en")
        yield f"| {row.feature}{kind} | {mandate} | `{row.purpose}` | {row.legal_basis} |"
    yield ""
