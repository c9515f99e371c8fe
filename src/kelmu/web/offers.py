"""What can be chosen after a reading of mandates, and what is lacking where nothing can."""

from __future__ import annotations

from dataclasses import dataclass

from kelmu.identity.agreements import AgreementChoice, KnownOrganisation, known_organisations
from kelmu.identity.mandates.roles import MandatesRead, OrganisationMandates
from kelmu.policy.loader import policy_data
from kelmu.web.openings import Words, opened, useful_mandates
from kelmu.web.presentation.labels import language


@dataclass(frozen=True)
class Choice:
    """One organisation under one agreement, with what it would open."""

    agreement: AgreementChoice
    name: str
    type_name: str
    opens: tuple[Words, ...]
    represented: bool

    @property
    def value(self) -> str:
        """What the form sends."""
        return str(self.agreement.agreement_id)


@dataclass(frozen=True)
class Lacking:
    """An organisation in which the official lacks what she needs. Names are in the page's language."""

    name: str
    business_id: str
    has: tuple[str, ...]
    represented: bool
    mistaken: bool
    needed: tuple[str, ...]


@dataclass(frozen=True)
class WithoutAgreement:
    """An organisation with mandates but without an agreement in force for the web."""

    name: str
    business_id: str
    contact_email: str | None


@dataclass(frozen=True)
class Assessment:
    """Everything the page has to tell. Without choices the first group that is not empty names the page."""

    choices: tuple[Choice, ...]
    incomplete: tuple[str, ...]
    lacking: tuple[Lacking, ...]
    without_agreement: tuple[WithoutAgreement, ...]

    @property
    def cause(self) -> str | None:
        """Why nothing can be chosen; None when something can."""
        if self.choices:
            return None
        if self.incomplete:
            return "mandates_incomplete"
        if self.lacking:
            return "missing_mandate"
        return "no_agreement" if self.without_agreement else "no_organisation"


def assess(read: MandatesRead) -> Assessment:
    """Compare a reading with the organisations and agreements known here."""
    known = known_organisations(o.business_id for o in read.organisations)
    choices: list[Choice] = []
    incomplete: list[str] = []
    lacking: list[Lacking] = []
    without: list[WithoutAgreement] = []
    for held in read.organisations:
        organisation = known.get(held.business_id)
        name = _name(organisation) or held.name or held.business_id
        if not held.complete:
            incomplete.append(name)
            continue
        offered = _choices(held, organisation)
        choices.extend(offered)
        if offered:
            continue
        agreements = organisation.agreements if organisation else ()
        if agreements or not (held.own or held.representation):
            lacking.append(_lacking(held, name, agreements))
        else:
            contact = organisation.contact_email if organisation else None
            without.append(WithoutAgreement(name, held.business_id, contact))
    return Assessment(tuple(choices), tuple(incomplete), tuple(lacking), tuple(without))


def mandate_names(codes: frozenset[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Names of mandates in the page's language, in the order of the mandate list."""
    return tuple(each.name(language()) for code, each in policy_data().mandates.items() if code in codes)


def _choices(held: OrganisationMandates, organisation: KnownOrganisation | None) -> list[Choice]:
    found = []
    for agreement in organisation.agreements if organisation else ():
        opens = opened(agreement.organisation_type, agreement.data_groups, held.own, held.representation)
        if opens:
            kind = policy_data().organisation_types[agreement.organisation_type].name(language())
            found.append(Choice(agreement, _name(organisation), kind, opens, represented=not held.own))
    return found


def _lacking(held: OrganisationMandates, name: str, agreements: tuple[AgreementChoice, ...]) -> Lacking:
    needed = {code for a in agreements for code in useful_mandates(a.organisation_type, a.data_groups)}
    return Lacking(
        name=name,
        business_id=held.business_id,
        has=mandate_names(held.own | held.representation),
        represented=bool(held.representation) and not held.own,
        mistaken=bool(held.mistaken),
        needed=mandate_names(frozenset(needed) or frozenset(policy_data().mandates)),
    )


def _name(organisation: KnownOrganisation | None) -> str:
    if organisation is None:
        return ""
    names = {"fi": organisation.name_fi, "sv": organisation.name_sv, "en": organisation.name_en}
    return names[language()] or organisation.name_fi
