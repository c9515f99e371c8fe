"""The closed words of policy. What a code means beyond its name is in ``policy``'s data files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How the official reaches the service."""

    WEB = "web"
    API = "api"


class DataGroup(StrEnum):
    """A group of data about a client, in the order pages show them."""

    PENDING = "pending"
    DECISIONS = "decisions"
    PAYMENTS = "payments"
    COVERAGE = "coverage"
    RECOVERY = "recovery"
    MAINTENANCE_COLLECTION = "maintenance_collection"
    MEDICINE_CAP = "medicine_cap"
    THIRD_PARTY_INFO = "third_party_info"
    CLAIMS = "claims"


class OrganisationType(StrEnum):
    """The type of an agreement. An organisation may hold agreements of several types."""

    WELLBEING_COUNTY = "wellbeing_county"
    HELSINKI = "helsinki"
    HUS = "hus"
    ALAND_MUNICIPALITY = "aland_municipality"
    MUNICIPALITY = "municipality"
    RECEPTION_CENTRE = "reception_centre"
    EMPLOYMENT_AUTHORITY = "employment_authority"
    UNEMPLOYMENT_FUND = "unemployment_fund"
    PENSION_INSTITUTION = "pension_institution"
    INSURANCE_INSTITUTION = "insurance_institution"
    LEGAL_AID_OFFICE = "legal_aid_office"
    STATE_TREASURY = "state_treasury"
    KELA = "kela"


class Feature(StrEnum):
    """What an organisation may do besides inquiries."""

    NOTICES = "notices"
    DOCUMENTS = "documents"
    CLAIMS = "claims"
    LISTS = "lists"
    REVIEW = "review"
    DESK = "desk"
    ADMINISTRATION = "administration"


class ListKind(StrEnum):
    """The kind of a recipient list."""

    LMS_300_DAYS = "lms_300_days"
    LMS_INVOICE = "lms_invoice"
    UNEMPLOYMENT_INVOICE = "unemployment_invoice"
    CHILD_CARE_INVOICE = "child_care_invoice"
    CARE_ABROAD = "care_abroad"
    FRONT_VETERANS = "front_veterans"


class Outcome(StrEnum):
    """What a caller learns of a look at a person; nothing else is ever told."""

    GIVEN = "given"
    NOT_AVAILABLE = "not_available"
    OWN_DATA = "own_data"
    REASON_NEEDED = "reason_needed"


class Rule(StrEnum):
    """The rule an outcome came from. It goes into the audit entry and nowhere else."""

    OWN_DATA = "own_data"
    UNKNOWN = "unknown"
    FAMILY = "family"
    PROTECTED_WITHOUT_RIGHT = "protected_without_right"
    PROTECTED_WITH_RIGHT = "protected_with_right"
    OUTSIDE_AREA = "outside_area"
    COLLEAGUE = "colleague"
    DIED = "died"
    MINOR = "minor"
    MANY_PERSONS = "many_persons"
    PROTECTION_UNKNOWN = "protection_unknown"
    GIVEN = "given"
    GIVEN_AFTER_REASON = "given_after_reason"


class Cause(StrEnum):
    """Why something is refused before any person is looked at; told in words with a next step."""

    NO_AGREEMENT = "no_agreement"
    MISSING_MANDATE = "missing_mandate"
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed"


@dataclass(frozen=True, slots=True)
class ActionRules:
    """What an action asks of the one who does it. Each of the first four holds only with those before it.

    ``feature``: a mandate that opens it is needed.
    ``by_itself``: a page does it while the official types; it is no sign that she is there, reads no mandates
    again and can give her nothing but her own.
    """

    needs_identification: bool = False
    needs_acting: bool = False
    opens_inquiry: bool = False
    needs_purpose: bool = False
    by_itself: bool = False
    feature: Feature | None = None


class Action(StrEnum):
    """What a route does; every route declares one. The rules are data attached to the action."""

    rules: ActionRules

    def __new__(cls, code: str, rules: ActionRules) -> Action:
        """A member with its code as value and its rules beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.rules = rules
        return member

    PUBLIC = "public", ActionRules()
    """Anyone: the front page, the mandate guide, errors."""
    SIGN_IN = "sign_in", ActionRules()
    """Anyone: the steps of signing in, and signing out, which nothing may hinder."""
    IDENTIFIED = "identified", ActionRules(needs_identification=True)
    """An identified official who does not act for any organisation yet."""
    ACT = "act", ActionRules(needs_identification=True, needs_acting=True)
    """Acting for an organisation, without any client: home, own mandates."""
    NOTICES = (
        "notices",
        ActionRules(needs_identification=True, needs_acting=True, feature=Feature.NOTICES),
    )
    """Notices of a need for social welfare: the inbox, one notice, work on it."""
    NOTICE_NEWS = (
        "notice_news",
        ActionRules(needs_identification=True, needs_acting=True, by_itself=True, feature=Feature.NOTICES),
    )
    """How many notices are new, which an open page asks while nobody touches it."""
    CLAIMS = "claims", ActionRules(needs_identification=True, needs_acting=True, feature=Feature.CLAIMS)
    """Payment claims: the list, making one, one claim and what is done with it."""
    DESK = "desk", ActionRules(needs_identification=True, needs_acting=True, feature=Feature.DESK)
    """Kela's own side of notices: sending them, answers, those nobody can take."""
    INQUIRE = "inquire", ActionRules(needs_identification=True, needs_acting=True, opens_inquiry=True)
    """The search form (no purpose chosen yet: no grant) and the search itself (a grant)."""
    KEEP_DRAFT = (
        "keep_draft",
        ActionRules(needs_identification=True, needs_acting=True, opens_inquiry=True, by_itself=True),
    )
    """Keeping what is typed into a form of an inquiry and not sent."""
    VIEW_CLIENT = (
        "view_client",
        ActionRules(needs_identification=True, needs_acting=True, opens_inquiry=True, needs_purpose=True),
    )
    """The pages of an inquiry."""

    @property
    def needs_identification(self) -> bool:
        """Whether somebody must be identified."""
        return self.rules.needs_identification

    @property
    def needs_acting(self) -> bool:
        """Whether there must be an acting session under an agreement in force."""
        return self.rules.needs_acting

    @property
    def opens_inquiry(self) -> bool:
        """Whether a mandate that opens inquiries is needed."""
        return self.rules.opens_inquiry

    @property
    def needs_purpose(self) -> bool:
        """Whether there is no such action without a purpose."""
        return self.rules.needs_purpose

    @property
    def feature(self) -> Feature | None:
        """The feature of which a mandate is needed, if any."""
        return self.rules.feature

    @property
    def by_itself(self) -> bool:
        """Whether a page does it without the official."""
        return self.rules.by_itself
