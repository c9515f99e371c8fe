"""Which tables a feed brings, in the order they are loaded, and their columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedTable:
    """A table of the register as the feed writes it.

    ``columns`` are every column of the file, in any order; ``required``: a feed without the table is
    incomplete. What a table refuses beyond this is written in the register's own constraints.
    """

    name: str
    columns: tuple[str, ...]
    required: bool = True


FEED_TABLES = (
    FeedTable("person", (
        "person_id", "personal_id", "family_name", "given_names", "birth_date", "death_date", "language",
        "phone", "under_guardianship", "protection_known", "residence_ground", "first_residence_date",
    )),
    FeedTable("former_personal_id", ("personal_id", "person_id", "valid_to")),
    FeedTable("residence", ("person_id", "municipality_code", "valid_from", "valid_to")),
    FeedTable("non_disclosure_order", ("person_id", "valid_from", "valid_to")),
    FeedTable("family_link", ("person_id", "relative_id", "relation", "valid_from", "valid_to")),
    FeedTable("matter", (
        "person_id", "matter_number", "benefit_code", "matter_type", "received_on", "applied_from",
        "applied_to", "received_by", "state", "missing_attachments", "attachments_due_on", "urgent", "due_on",
        "handling_office", "decided_on",
    )),
    FeedTable("decision", (
        "person_id", "decision_number", "matter_number", "benefit_code", "decided_on", "outcome",
        "valid_from", "valid_to", "amount", "unit", "gross", "reason_code", "reason_text", "legal_ground",
        "payee_kind", "review_on", "appeal_until", "replaces_number", "annulled_on",
    )),
    FeedTable("decision_calculation", (
        "person_id", "decision_number", "adults", "children", "basic_part", "lowered_percent", "lowered_from",
        "lowered_to", "other_basic_expenses", "income", "assets", "split_days", "passed_on",
    )),
    FeedTable("decision_member", ("person_id", "decision_number", "member_person_id", "member_role")),
    FeedTable("payment_commitment", (
        "person_id", "commitment_number", "decision_number", "commitment_kind", "amount", "valid_from",
        "valid_to",
    )),
    FeedTable("payment", (
        "person_id", "paid_on", "payment_number", "decision_number", "benefit_code", "period_from",
        "period_to", "gross", "tax", "recovery", "paid_to_others", "enforcement", "net", "payee_kind",
        "payee_person_id", "payee_name", "account_masked", "state",
    )),
    FeedTable("coverage", ("person_id", "coverage_kind", "ground", "country", "valid_from", "valid_to")),
    FeedTable("recovery", (
        "person_id", "recovery_number", "benefit_code", "overpaid_from", "overpaid_to", "decided_on", "total",
        "balance", "instalment", "set_off", "state",
    )),
    FeedTable("maintenance_collection", (
        "person_id", "collection_number", "benefit_code", "child_person_id", "decided_on", "arrears",
        "monthly", "state",
    )),
    FeedTable("medicine_cap", (
        "person_id", "year", "accrued", "cap", "initial_deductible_met", "reached_on", "updated_at",
    )),
    FeedTable("third_party_info", (
        "person_id", "info_number", "sender_kind", "info_kind", "valid_from", "valid_to", "amount", "unit",
        "received_on",
    )),
    FeedTable("job_seeking", ("person_id", "valid_from", "valid_to")),
)  # fmt: skip

WITH_BENEFIT = ("matter", "decision", "payment", "recovery", "maintenance_collection")
"""Tables whose ``benefit_code`` must be in the benefit catalogue."""
