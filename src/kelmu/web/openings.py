"""What mandates open, in words: from the policy's rows, never by a second table."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelmu.policy.content import FeatureRow
from kelmu.policy.loader import policy_data
from kelmu.policy.vocabulary import Channel, Feature, ListKind

Words = str | Promise

INQUIRY: Words = _("Benefit data of a client")
FEATURES: dict[Feature, Words] = {
    Feature.NOTICES: _("Notices of a need for social welfare"),
    Feature.DOCUMENTS: _("Sending a client's documents to Kela"),
    Feature.CLAIMS: _("Payment claims"),
    Feature.LISTS: _("Lists"),
    Feature.REVIEW: _("Review of the use of benefit data"),
    Feature.DESK: _("Kela's service desk"),
    Feature.ADMINISTRATION: _("Administration of Kelmu"),
}
LISTS: dict[ListKind, Words] = {
    ListKind.LMS_300_DAYS: _("List: 300 days of labour market subsidy"),
    ListKind.LMS_INVOICE: _("List: recipients behind the invoice of labour market subsidy"),
    ListKind.UNEMPLOYMENT_INVOICE: _("List: recipients behind the invoice of unemployment benefits"),
    ListKind.CHILD_CARE_INVOICE: _("List: recipients and payments of child care allowances"),
    ListKind.CARE_ABROAD: _("List: reimbursements of care abroad"),
    ListKind.FRONT_VETERANS: _("List: front-veterans' supplements"),
}


def _feature(row: FeatureRow) -> Words:
    return LISTS[row.list_kind] if row.list_kind else FEATURES[row.feature]


def opened(
    organisation_type: str,
    data_groups: Collection[str],
    own: Collection[str],
    representation: Collection[str],
) -> tuple[Words, ...]:
    """What these mandates open on the web under an agreement of this type with these data groups.

    A representation mandate opens lists only.
    """
    data = policy_data()
    rows = data.inquiry_rows(organisation_type, Channel.WEB)
    inquiry = any(row.mandate in own and row.data_group in data_groups for row in rows)
    features = [
        _feature(row)
        for row in data.features.values()
        if row.organisation_type == organisation_type
        and (row.mandate in own or (row.feature is Feature.LISTS and row.mandate in representation))
    ]
    return tuple(dict.fromkeys([INQUIRY] if inquiry else [])) + tuple(dict.fromkeys(features))


def opened_by(mandate: str) -> tuple[Words, ...]:
    """What a mandate can open at most, under any type of agreement."""
    data = policy_data()
    inquiry = any(row.mandate == mandate for row in data.profiles.values())
    features = [_feature(row) for row in data.features.values() if row.mandate == mandate]
    return ((INQUIRY,) if inquiry else ()) + tuple(dict.fromkeys(features))


def useful_mandates(organisation_type: str, data_groups: Collection[str]) -> tuple[str, ...]:
    """The mandates that open something under an agreement of this type, in the order of the mandate list."""
    return tuple(
        code for code in policy_data().mandates if opened(organisation_type, data_groups, {code}, frozenset())
    )
