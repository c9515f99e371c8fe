"""Which tables a feed brings, in the order they are loaded: their columns, what each holds, their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds; how each is written is in ``docs/reference/feed-format.md``."""

    NUMBER = "number"
    """A whole number from 0 to 2^63 - 1."""
    SMALL = "small number"
    """A whole number from 0 to 32 767."""
    EUROS = "euros"
    """An amount with at most two decimals, its size below ten thousand millions."""
    DAY = "day"
    """A day from 1.1.1850 to 31.12.2200."""
    MOMENT = "moment"
    """A moment with its offset from UTC."""
    FLAG = "flag"
    """True or false."""
    TEXT = "text"
    """At most 2,000 characters."""
    IDENTITY_CODE = "identity code"
    """A personal identity code with its check character."""
    BENEFIT = "benefit"
    """A code of the benefit catalogue."""
    TEXTS = "texts"
    """A list of texts."""
    SMALLS = "small numbers"
    """A list of small numbers."""


@dataclass(frozen=True, slots=True)
class FeedTable:
    """A table of the register as the feed writes it.

    ``columns`` are every column of its files, in any order; ``key`` are those that tell one row from
    another, its first column being the one the rows are ordered by but for ``former_personal_id``.
    ``no_overlap``: periods of a person that are equal in these columns may not overlap; None: they may.
    What a table refuses beyond this is written in the register's own constraints.
    """

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    no_overlap: tuple[str, ...] | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that are not of the key."""
        return tuple(column for column in self.columns if column not in self.key)


def _table(name: str, text: str, *, no_overlap: tuple[str, ...] | None = None) -> FeedTable:
    """A table from lines of ``column kind``; a star marks the columns of the key."""
    columns: dict[str, Kind] = {}
    key = []
    for line in text.strip().splitlines():
        column, kind = line.split(maxsplit=1)
        columns[column.strip("*")] = Kind(kind.strip())
        if column.startswith("*"):
            key.append(column.strip("*"))
    return FeedTable(name, columns, tuple(key), no_overlap)


FEED_TABLES = (
    _table("person", """
        *person_id            number
        personal_id           identity code
        family_name           text
        given_names           text
        birth_date            day
        death_date            day
        language              text
        phone                 text
        under_guardianship    flag
        protection_known      flag
        residence_ground      text
        first_residence_date  day
    """),
    _table("former_personal_id", """
        *personal_id  identity code
        person_id     number
        valid_to      day
    """),
    _table("residence", """
        *person_id         number
        municipality_code  text
        *valid_from        day
        valid_to           day
    """, no_overlap=()),
    _table("non_disclosure_order", """
        *person_id   number
        *valid_from  day
        valid_to     day
    """, no_overlap=()),
    _table("family_link", """
        *person_id    number
        *relative_id  number
        *relation     text
        *valid_from   day
        valid_to      day
    """),
    _table("guardianship", """
        *person_id            number
        *guardianship_number  text
        guardian_kind         text
        guardian_person_id    number
        guardian_name         text
        valid_from            day
        valid_to              day
    """),
    _table("matter", """
        *person_id           number
        *matter_number       text
        benefit_code         benefit
        matter_type          text
        received_on          day
        applied_from         day
        applied_to           day
        received_by          text
        state                text
        missing_attachments  texts
        attachments_due_on   day
        urgent               flag
        due_on               day
        handling_office      text
        decided_on           day
    """),
    _table("decision", """
        *person_id        number
        *decision_number  text
        matter_number     text
        benefit_code      benefit
        decided_on        day
        outcome           text
        valid_from        day
        valid_to          day
        amount            euros
        unit              text
        gross             euros
        reason_code       text
        reason_text       text
        legal_ground      text
        payee_kind        text
        review_on         day
        appeal_until      day
        replaces_number   text
        annulled_on       day
    """),
    _table("decision_calculation", """
        *person_id            number
        *decision_number      text
        adults                small number
        children              small number
        basic_part            euros
        lowered_percent       small number
        lowered_from          day
        lowered_to            day
        other_basic_expenses  euros
        income                euros
        assets                euros
        split_days            small numbers
        passed_on             flag
    """),
    _table("decision_member", """
        *person_id         number
        *decision_number   text
        *member_person_id  number
        member_role        text
    """),
    _table("payment_commitment", """
        *person_id          number
        *commitment_number  text
        decision_number     text
        commitment_kind     text
        amount              euros
        valid_from          day
        valid_to            day
    """),
    _table("payment", """
        *person_id       number
        *paid_on         day
        *payment_number  number
        decision_number  text
        benefit_code     benefit
        period_from      day
        period_to        day
        gross            euros
        tax              euros
        recovery         euros
        paid_to_others   euros
        enforcement      euros
        net              euros
        payee_kind       text
        payee_person_id  number
        payee_name       text
        account_end      text
        state            text
        state_on         day
    """),
    _table("coverage", """
        *person_id      number
        *coverage_kind  text
        ground          text
        country         text
        *valid_from     day
        valid_to        day
    """, no_overlap=("coverage_kind",)),
    _table("recovery", """
        *person_id        number
        *recovery_number  text
        benefit_code      benefit
        overpaid_from     day
        overpaid_to       day
        decided_on        day
        total             euros
        balance           euros
        instalment        euros
        set_off           flag
        state             text
    """),
    _table("maintenance_collection", """
        *person_id          number
        *collection_number  text
        benefit_code        benefit
        child_person_id     number
        decided_on          day
        arrears             euros
        monthly             euros
        state               text
    """),
    _table("medicine_cap", """
        *person_id              number
        *year                   small number
        accrued                 euros
        cap                     euros
        initial_deductible_met  flag
        reached_on              day
        updated_at              moment
    """),
    _table("third_party_info", """
        *person_id   number
        *info_number text
        sender_kind  text
        info_kind    text
        valid_from   day
        valid_to     day
        amount       euros
        unit         text
        received_on  day
    """),
    _table("job_seeking", """
        *person_id   number
        *valid_from  day
        valid_to     day
    """, no_overlap=()),
)  # fmt: skip

TABLE_OF: Mapping[str, FeedTable] = {table.name: table for table in FEED_TABLES}
OPERATION = "operation"
"""The column that only the files of a delta have: ``upsert`` or ``delete``."""
IN_PLACE = ("person", "former_personal_id")
"""Tables with one row for what is known now; triggers keep what it was before."""
