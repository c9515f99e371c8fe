"""The policy's content as typed values, as the loader reads it from the data files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kelmu.core.names import Named
from kelmu.policy.vocabulary import Channel, DataGroup, Feature, ListKind, OrganisationType


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose(Named):
    """Why data are asked. ``minor_allowed``: a minor's data may be asked without a reason."""

    code: str
    minor_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate(Named):
    """A Suomi.fi mandate. ``opens`` says in short what it opens, for those who tend the data."""

    code: str
    name_source: str
    opens: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRow(Named):
    """A type of agreement.

    ``profile_type`` says whose profile rows it has; None means it opens no inquiry.
    """

    code: OrganisationType
    profile_type: OrganisationType | None
    national_area: bool
    everybody_outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """Under this type, mandate and purpose, through these channels: this group for these benefits.

    ``profile_id`` is the line in the file. ``benefits`` is what ``benefit_scope`` stands for.
    ``lookback_months`` None means no limit.
    """

    profile_id: int
    organisation_type: OrganisationType
    mandate: str
    purpose: str
    channels: tuple[Channel, ...]
    legal_basis: str
    data_group: DataGroup
    benefit_scope: tuple[str, ...]
    benefits: frozenset[str]
    lookback_months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRow:
    """Under this type and mandate: this feature, logged with this purpose. ``feature_id`` is the line."""

    feature_id: int
    organisation_type: OrganisationType
    mandate: str
    feature: Feature
    list_kind: ListKind | None
    purpose: str
    legal_basis: str


@dataclass(frozen=True)
class PolicyData:
    """The whole policy; every mapping is in the order of its file."""

    organisation_types: Mapping[str, TypeRow]
    mandates: Mapping[str, Mandate]
    purposes: Mapping[str, Purpose]
    profiles: Mapping[int, ProfileRow]
    features: Mapping[int, FeatureRow]
    digest: str

    def inquiry_rows(self, organisation_type: str, channel: str) -> tuple[ProfileRow, ...]:
        """The profile rows of a type in a channel; none for a type that opens no inquiry or is unknown."""
        return self._rows_of.get((organisation_type, channel), ())

    @cached_property
    def _rows_of(self) -> Mapping[tuple[str, str], tuple[ProfileRow, ...]]:
        # Asked twice in each inquiry, of some hundred rows.
        return {
            (each.code, channel): tuple(
                row
                for row in self.profiles.values()
                if row.organisation_type == each.profile_type and channel in row.channels
            )
            for each in self.organisation_types.values()
            for channel in Channel
        }
