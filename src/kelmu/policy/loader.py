"""Strict loading of the policy's data files: a fault stops it, with file and line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from kelmu.benefits import catalogue as benefits
from kelmu.benefits.catalogue import Catalogue, UnknownBenefitError
from kelmu.core.data_files import Row, digest, read_rows
from kelmu.policy.content import FeatureRow, Mandate, PolicyData, ProfileRow, Purpose, TypeRow
from kelmu.policy.vocabulary import Channel, DataGroup, Feature, ListKind, OrganisationType

TYPES_FILE = "organisation_types.csv"
MANDATES_FILE = "mandates.csv"
PURPOSES_FILE = "purposes.csv"
PROFILES_FILE = "profiles.csv"
FEATURES_FILE = "features.csv"

_NAMES = ("name_fi", "name_sv", "name_en")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    TYPES_FILE: ("code", *_NAMES, "profile_type", "national_area", "everybody_outside"),
    MANDATES_FILE: ("code", *_NAMES, "name_source", "opens"),
    PURPOSES_FILE: ("code", *_NAMES, "minor_allowed"),
    PROFILES_FILE: (
        "organisation_type", "mandate", "purpose", "channel", "legal_basis", "data_group", "benefit_scope",
        "lookback_months",
    ),
    FEATURES_FILE: ("organisation_type", "mandate", "feature", "list_kind", "purpose", "legal_basis"),
}  # fmt: skip
_CHANNEL_SETS = {"web": (Channel.WEB,), "api": (Channel.API,), "web+api": (Channel.WEB, Channel.API)}
_LONGEST_LOOKBACK = 600


@cache
def policy_data() -> PolicyData:
    """The policy this package carries, read once.

    Raises:
        DataFileError: the files cannot be used.
    """
    return load_policy_data(files("kelmu.policy") / "data", benefits.data_file())


def policy_digest() -> str:
    """SHA-256 in hex over the policy's files and the benefit catalogue's, as this package carries them."""
    return policy_data().digest


def load_policy_data(folder: Traversable, benefit_file: Traversable) -> PolicyData:
    """Read a policy from a folder, against a benefit catalogue.

    Raises:
        DataFileError: with file and line: an unknown or repeated code, a data group no profile opens, an
            empty name in any language, a type without a row, a wrong channel or look-back, a repeated
            or contradictory row, or a fault of the benefit catalogue (see ``load_catalogue``).
    """
    tables = {name: read_rows(folder / name, columns) for name, columns in _COLUMNS.items()}
    known = _Known(
        types=_types(tables[TYPES_FILE]),
        mandates=_mandates(tables[MANDATES_FILE]),
        purposes=_purposes(tables[PURPOSES_FILE]),
        benefits=benefits.load_catalogue(benefit_file),
    )
    profiles = [_profile(row, known) for row in tables[PROFILES_FILE]]
    features = [_feature(row, known) for row in tables[FEATURES_FILE]]
    _check_profiles_apart(tables[PROFILES_FILE], profiles)
    _check_features_apart(tables[FEATURES_FILE], features)
    _check_groups_used(tables[PROFILES_FILE], profiles)
    _check_types_used(tables[TYPES_FILE], known, profiles, features)
    return PolicyData(
        organisation_types=known.types,
        mandates=known.mandates,
        purposes=known.purposes,
        profiles={profile.profile_id: profile for profile in profiles},
        features={feature.feature_id: feature for feature in features},
        digest=digest([*(folder / name for name in _COLUMNS), benefit_file]),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The codes that profile and feature rows may name."""

    types: Mapping[str, TypeRow]
    mandates: Mapping[str, Mandate]
    purposes: Mapping[str, Purpose]
    benefits: Catalogue


def _names(row: Row) -> dict[str, str]:
    return {column: row.filled(column) for column in _NAMES}


def _new_code(row: Row, earlier: Container[str]) -> str:
    code = row.filled("code")
    if code in earlier:
        row.fail(f"{code!r} has a line already")
    return code


def _types(rows: Sequence[Row]) -> Mapping[str, TypeRow]:
    types: dict[str, TypeRow] = {}
    for row in rows:
        code = OrganisationType(row.one_of("code", set(OrganisationType)))
        profile_type = row.one_of("profile_type", set(OrganisationType)) if row["profile_type"] else None
        types[_new_code(row, types)] = TypeRow(
            **_names(row),
            code=code,
            profile_type=OrganisationType(profile_type) if profile_type else None,
            national_area=row.flag("national_area"),
            everybody_outside=row.flag("everybody_outside"),
        )
    for code in OrganisationType:
        if code not in types:
            rows[-1].fail(f"type {code.value!r} has no line")
    for row, known in zip(rows, types.values(), strict=True):
        if known.profile_type and types[known.profile_type].profile_type != known.profile_type:
            row.fail(f"{known.profile_type.value!r} has no profile rows of its own to lend")
    return types


def _mandates(rows: Sequence[Row]) -> Mapping[str, Mandate]:
    mandates: dict[str, Mandate] = {}
    for row in rows:
        code = _new_code(row, mandates)
        mandates[code] = Mandate(
            **_names(row), code=code, name_source=row.filled("name_source"), opens=row.filled("opens")
        )
    return mandates


def _purposes(rows: Sequence[Row]) -> Mapping[str, Purpose]:
    purposes: dict[str, Purpose] = {}
    for row in rows:
        code = _new_code(row, purposes)
        purposes[code] = Purpose(**_names(row), code=code, minor_allowed=row.flag("minor_allowed"))
    return purposes


def _profile(row: Row, known: _Known) -> ProfileRow:
    organisation_type = OrganisationType(row.one_of("organisation_type", known.types))
    if known.types[organisation_type].profile_type != organisation_type:
        row.fail(f"type {organisation_type.value!r} has no profile rows of its own")
    return ProfileRow(
        profile_id=row.line,
        organisation_type=organisation_type,
        mandate=row.one_of("mandate", known.mandates),
        purpose=row.one_of("purpose", known.purposes),
        channels=_CHANNEL_SETS[row.one_of("channel", _CHANNEL_SETS)],
        legal_basis=row.filled("legal_basis"),
        data_group=DataGroup(row.one_of("data_group", set(DataGroup))),
        benefit_scope=row.codes("benefit_scope"),
        benefits=_benefits(row, known.benefits),
        lookback_months=_lookback(row),
    )


def _benefits(row: Row, catalogue: Catalogue) -> frozenset[str]:
    row.filled("benefit_scope")
    try:
        return catalogue.matching(row.codes("benefit_scope"))
    except UnknownBenefitError as error:
        row.fail(f"unknown benefit_scope {error.args[0]!r}: it opens no benefit")


def _lookback(row: Row) -> int | None:
    months = row.number("lookback_months")
    if months is not None and months > _LONGEST_LOOKBACK:
        row.fail(f"lookback_months is {months}; more than {_LONGEST_LOOKBACK} is a mistake")
    return months


def _feature(row: Row, known: _Known) -> FeatureRow:
    feature = Feature(row.one_of("feature", set(Feature)))
    if (feature is Feature.LISTS) != bool(row["list_kind"]):
        row.fail("list_kind belongs to the feature lists, and only to it")
    return FeatureRow(
        feature_id=row.line,
        organisation_type=OrganisationType(row.one_of("organisation_type", known.types)),
        mandate=row.one_of("mandate", known.mandates),
        feature=feature,
        list_kind=ListKind(row.one_of("list_kind", set(ListKind))) if row["list_kind"] else None,
        purpose=row.one_of("purpose", known.purposes),
        legal_basis=row.filled("legal_basis"),
    )


def _check_profiles_apart(rows: Sequence[Row], profiles: Sequence[ProfileRow]) -> None:
    """Two rows must not open one benefit's group twice: nobody could say which look-back holds."""
    for row, (later, profile) in zip(rows, enumerate(profiles), strict=True):
        for earlier in profiles[:later]:
            if _same_place(earlier, profile) and earlier.benefits & profile.benefits:
                row.fail(f"opens again what line {earlier.profile_id} opens")


def _same_place(one: ProfileRow, other: ProfileRow) -> bool:
    return (
        (one.organisation_type, one.mandate, one.purpose, one.data_group)
        == (other.organisation_type, other.mandate, other.purpose, other.data_group)
    ) and bool(set(one.channels) & set(other.channels))


def _check_features_apart(rows: Sequence[Row], features: Sequence[FeatureRow]) -> None:
    seen: dict[tuple[str | None, ...], int] = {}
    for row, each in zip(rows, features, strict=True):
        place = (each.organisation_type, each.mandate, each.feature, each.list_kind)
        if seen.setdefault(place, row.line) != row.line:
            row.fail(f"opens again what line {seen[place]} opens")


def _check_groups_used(rows: Sequence[Row], profiles: Iterable[ProfileRow]) -> None:
    used = {profile.data_group for profile in profiles}
    for group in DataGroup:
        if group not in used:
            rows[-1].fail(f"no line up to this last one opens data group {group.value!r}: it is unused")


def _check_types_used(
    rows: Sequence[Row], known: _Known, profiles: Iterable[ProfileRow], features: Iterable[FeatureRow]
) -> None:
    """A type that is to have profile rows has one; a type without them has a feature."""
    with_profile = {profile.organisation_type for profile in profiles}
    with_feature = {feature.organisation_type for feature in features}
    for row, each in zip(rows, known.types.values(), strict=True):
        has_row = each.profile_type in with_profile if each.profile_type else each.code in with_feature
        if not has_row:
            where = PROFILES_FILE if each.profile_type else FEATURES_FILE
            row.fail(f"type {each.code.value!r} has no row in {where}")
