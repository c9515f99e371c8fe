"""An invented client's dossier with everything a page can show, for looking at pages without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from kelmu.identity.acting import ActingSession, AgreementSummary, OrganisationSummary
from kelmu.inquiry.dossier import (
    Calculation,
    Change,
    Commitment,
    Decision,
    Dossier,
    Gone,
    Guardian,
    Matter,
    Member,
    Payment,
    Person,
    Residence,
    Scope,
    Source,
)
from kelmu.web.presentation.client import Home, InquiryFacts
from tests.browser.invented_groups import (
    COLLECTIONS,
    COVERAGE,
    FROM_OTHERS,
    MEDICINE_CAPS,
    RECOVERIES,
)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)
INQUIRY_ID = "6d1f3f6e-54f0-4a6e-9a55-0d7d5d0e9b11"
GROUPS = (
    "pending",
    "decisions",
    "payments",
    "coverage",
    "recovery",
    "maintenance_collection",
    "medicine_cap",
    "third_party_info",
)

PERSON = Person(
    personal_id="010190-999W",
    family_name="Mallikas",
    given_names="Testi Eemeli",
    birth_date=date(1990, 1, 1),
    age=36,
    language="fi",
    municipality="837",
    residences=(
        Residence(municipality="837", valid_from=date(2019, 6, 1), valid_to=None),
        Residence(municipality="609", valid_from=date(1990, 1, 1), valid_to=date(2019, 5, 31)),
    ),
    protected=False,
    death_date=None,
    under_guardianship=True,
    guardians=(Guardian(kind="guardian", name="Pirkanmaan edunvalvontatoimisto"),),
    phone="050 000 0000",
    former_code=False,
)

_MATTER = Matter(
    number="V-2026-000118",
    benefit="SOC-PER",
    matter_type="first_application",
    received_on=date(2026, 11, 19),
    applied_from=date(2026, 12, 1),
    applied_to=date(2026, 12, 31),
    received_by="web",
    state="waiting_for_information",
    missing_attachments=("Tiliote 1.–30.11.2026", "Vuokrasopimus"),
    attachments_due_on=date(2026, 12, 3),
    urgent=True,
    due_on=date(2026, 11, 28),
    handling_office="Kela, Läntinen asiakaspalveluyksikkö",
)
MATTERS = (
    _MATTER,
    replace(
        _MATTER,
        number="V-2026-000090",
        benefit="HOU-YAT",
        matter_type="review",
        received_on=date(2026, 10, 30),
        received_by="paper",
        state="in_processing",
        missing_attachments=(),
        attachments_due_on=None,
        urgent=False,
        due_on=None,
        handling_office=None,
        applied_to=None,
    ),
)

_DECISION = Decision(
    number="2026/118-204",
    benefit="SOC-PER",
    decided_on=date(2026, 11, 2),
    outcome="granted",
    valid_from=date(2026, 11, 1),
    valid_to=date(2026, 11, 30),
    amount=Decimal("612.40"),
    unit="month",
    gross=Decimal("612.40"),
    reason_code="A01",
    reason_text="Hakemukseen on suostuttu.",
    legal_ground="Laki toimeentulotuesta (1412/1997) 6 §",
    payee_kind="client",
    review_on=None,
    appeal_until=date(2026, 12, 9),
    replaces="2026/118-203",
    annulled_on=None,
)
_RECKONED: dict[str, object] = {
    "calculation": Calculation(
        adults=1, children=2, basic_part=Decimal("1208.31"), lowered_percent=20,
        lowered_from=date(2026, 11, 1), lowered_to=date(2026, 12, 31), other_basic_expenses=Decimal("846.20"),
        income=Decimal("1430.11"), assets=Decimal("12.00"), balance=Decimal("-612.40"),
        split_days=(1, 9, 16, 23), passed_on=True,
    ),
    "commitments": (
        Commitment(number="S-2026-0001", kind="pharmacy", amount=Decimal("120.00"),
                   valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30)),
        Commitment(number="S-2026-0002", kind="grocery", amount=Decimal("60.00"),
                   valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 14)),
    ),
    "members": (
        Member(role="child", given_names="Ville", birth_year=2016),
        Member(role="child", given_names="Venla Maria", birth_year=2019),
    ),
}  # fmt: skip


def _decision(number: str, benefit: str, decided_on: date, outcome: str, **changes: object) -> Decision:
    facts: dict[str, object] = {"replaces": None, "number": number, "benefit": benefit}
    facts |= {"decided_on": decided_on, "outcome": outcome}
    return replace(_DECISION, **(facts | changes))  # type: ignore[arg-type] # facts by name


_NOTHING: dict[str, object] = {"amount": None, "unit": None, "gross": None, "payee_kind": None}
DECISIONS = (
    replace(_DECISION, **_RECKONED),  # type: ignore[arg-type] # facts by name
    _decision(
        "2026/118-171", "SOC-PER", date(2026, 10, 1), "partly", amount=Decimal("491.27"),
        valid_from=date(2026, 10, 1), valid_to=date(2026, 10, 31),
    ),
    _decision("2026/118-203", "SOC-PER", date(2026, 10, 30), "partly", amount=Decimal("491.27")),
    _decision(
        "2026/092-518", "HOU-YAT", date(2026, 7, 14), "granted",
        valid_from=date(2026, 8, 1), valid_to=date(2027, 7, 31), amount=Decimal("398.15"),
        payee_kind="landlord",
    ),
    _decision(
        "2026/021-337", "UNE-TMT", date(2026, 2, 18), "granted",
        valid_from=date(2026, 2, 3), valid_to=None, amount=Decimal("37.21"), unit="day",
    ),
    _decision(
        "2026/018-040", "SIC-SPR", date(2026, 2, 9), "refused",
        valid_from=date(2026, 1, 12), valid_to=date(2026, 1, 30), **_NOTHING,
    ),
    _decision(
        "2026/001-112", "FAM-ET", date(2026, 1, 4), "ended",
        valid_from=date(2021, 4, 1), valid_to=date(2025, 12, 31), **_NOTHING,
    ),
    _decision(
        "2025/311-002", "DIS-16-1", date(2025, 12, 1), "lapsed", annulled_on=date(2025, 12, 20), **_NOTHING
    ),
)  # fmt: skip

_PAYMENT = Payment(
    number="M-1",
    benefit="UNE-TMT",
    paid_on=date(2026, 11, 23),
    period_from=date(2026, 10, 26),
    period_to=date(2026, 11, 20),
    gross=Decimal("744.20"),
    tax=Decimal("148.84"),
    recovery=Decimal("60.00"),
    paid_to_others=Decimal("0.00"),
    enforcement=Decimal("0.00"),
    net=Decimal("535.36"),
    payee_kind="client",
    payee_name=None,
    account_masked="FI•• •••• •••• ••12 34",
    state="paid",
    decision="2026/021-337",
)


def _payment(number: int, benefit: str, paid_on: date, net: str, state: str, **changes: object) -> Payment:
    facts: dict[str, object] = {
        "number": f"M-{number}", "benefit": benefit, "paid_on": paid_on, "state": state,
        "period_from": paid_on.replace(day=1), "period_to": paid_on.replace(day=28),
        "gross": Decimal(net), "tax": Decimal(0), "recovery": Decimal(0), "net": Decimal(net),
    }  # fmt: skip
    return replace(_PAYMENT, **(facts | changes))  # type: ignore[arg-type] # facts by name


_LANDLORD: dict[str, object] = {"payee_kind": "landlord", "payee_name": "Vuokratalot Oy"}
PAYMENTS = (
    _payment(9, "SOC-PER", date(2026, 12, 1), "612.40", "planned"),
    _payment(8, "HOU-YAT", date(2026, 12, 3), "398.15", "planned", **_LANDLORD),
    _PAYMENT,
    _payment(7, "SOC-PER", date(2026, 11, 3), "612.40", "paid"),
    _payment(6, "HOU-YAT", date(2026, 11, 3), "398.15", "returned", **_LANDLORD),
    replace(
        _PAYMENT, number="M-5", paid_on=date(2026, 10, 26), period_from=date(2026, 9, 28),
        period_to=date(2026, 10, 23), paid_to_others=Decimal("120.00"), enforcement=Decimal("35.36"),
        net=Decimal("380.00"), state="corrected",
    ),
    _payment(4, "SOC-PER", date(2026, 10, 2), "1491.27", "in_payment"),
    _payment(3, "SOC-PER", date(2026, 10, 2), "491.27", "cancelled"),
    *(
        _payment(100 + i, "HOU-YAT", TODAY - timedelta(days=60 + 30 * i), "398.15", "paid", **_LANDLORD)
        for i in range(9)
    ),
)  # fmt: skip

DOSSIER = Dossier(
    person=PERSON,
    pending=MATTERS,
    decisions=DECISIONS,
    payments=PAYMENTS,
    coverage=COVERAGE,
    recovery=RECOVERIES,
    maintenance_collection=COLLECTIONS,
    medicine_cap=MEDICINE_CAPS,
    third_party_info=FROM_OTHERS,
    sources={
        source: Source(available=True, as_of=datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
        for source in (*GROUPS, "person", "non_disclosure")
    },
    scope=tuple(
        Scope(group=group, since=None if group in {"pending", "coverage"} else date(2024, 11, 24))
        for group in GROUPS
    ),
)

CHANGES = (
    Change(group="pending", since=datetime(2026, 11, 18, 9, 5, tzinfo=UTC), rows=("V-2026-000118",)),
    Change(group="decisions", since=datetime(2026, 11, 18, 9, 5, tzinfo=UTC), rows=()),
    Change(
        group="payments",
        since=datetime(2026, 11, 18, 9, 5, tzinfo=UTC),
        rows=("M-9", "M-8", "M-1"),
        gone=(
            Gone(number="M-41", benefit="HOU-YAT", day=date(2026, 10, 26)),
            Gone(number="M-39", benefit="SOC-PER", day=date(2026, 10, 1)),
        ),
    ),
    Change(group="recovery", since=None, rows=()),
)
DOSSIER = replace(DOSSIER, changes=CHANGES)
_GONE = {
    "pending": Gone(number="V-2026-000081", benefit="HOU-YAT", day=date(2026, 10, 2)),
    "decisions": Gone(number="2026/118-171", benefit="SOC-PER", day=date(2026, 10, 1)),
    "coverage": Gone(number="ehic 2024-03-01", benefit=None, day=date(2024, 3, 1)),
    "recovery": Gone(number="P-12", benefit="HOU-YAT", day=date(2025, 8, 14)),
    "maintenance_collection": Gone(number="E-3", benefit="FAM-EA", day=date(2025, 2, 3)),
    "medicine_cap": Gone(number="2024", benefit=None, day=None),
    "third_party_info": Gone(number="T-88", benefit=None, day=date(2026, 5, 4)),
}
REMOVED = replace(
    DOSSIER,
    changes=tuple(
        Change(group=group, since=datetime(2026, 11, 18, 9, 5, tzinfo=UTC), rows=(), gone=(gone,))
        for group, gone in _GONE.items()
    ),
)
"""Of every group but payments one row has been removed since the last look, and nothing is new."""
_EVERY: dict[str, object] = dict.fromkeys(GROUPS, ())
_NONE: dict[str, object] = dict.fromkeys(GROUPS)
NOTHING_IN_LIMIT = replace(DOSSIER, **_EVERY, changes=(Change(group="payments", since=None, rows=()),))  # type: ignore[arg-type] # groups by name
NO_RIGHTS = replace(DOSSIER, **_NONE, sources={}, scope=(), changes=())  # type: ignore[arg-type] # groups by name
SOURCES_DOWN = replace(
    DOSSIER,
    **_NONE,  # type: ignore[arg-type] # groups by name
    sources={name: Source(available=False, as_of=source.as_of) for name, source in DOSSIER.sources.items()},
)
PROTECTED = replace(
    DOSSIER,
    person=replace(
        PERSON,
        protected=True,
        municipality=None,
        residences=None,
        guardians=None,
        phone=None,
        former_code=True,
    ),
    payments=None,
    maintenance_collection=tuple(replace(item, child_given_names=None) for item in COLLECTIONS),
    sources={**DOSSIER.sources, "payments": Source(available=False, as_of=NOW)},
)
DEAD = replace(
    DOSSIER,
    person=replace(PERSON, death_date=date(2026, 10, 30), under_guardianship=False, guardians=()),
    decisions=None,
    recovery=(),
    maintenance_collection=(),
    medicine_cap=MEDICINE_CAPS[1:],
    sources={**DOSSIER.sources, "decisions": Source(available=False, as_of=NOW)},
)
"""Died; no recovery; the limit of this year not begun; the decisions could not be read."""

MINOR = replace(
    DOSSIER,
    person=replace(
        PERSON,
        birth_date=date(2014, 9, 15),
        age=12,
        under_guardianship=False,
        guardians=(
            Guardian(kind="custodian", name="Sanna Helena Mallikas"),
            Guardian(kind="custodian", name="Eero Kalevi Esimerkki"),
        ),
    ),
)
INQUIRY = InquiryFacts(
    inquiry_id=INQUIRY_ID,
    purpose_name="Toimeentulotuen käsittely",
    opened_at=NOW,
    case_reference="TT-2026-118",
    groups=frozenset(GROUPS),
    municipality_name="Tampere",
    county_name="Pirkanmaan hyvinvointialue",
    homes=(Home("Tampere", date(2019, 6, 1), None), Home("Pori", date(1990, 1, 1), date(2019, 5, 31))),
)

ACTING = ActingSession(
    session_id=UUID(int=1),
    secret="",
    organisation=OrganisationSummary(
        organisation_id=1,
        business_id="0000000-0",
        name_fi="Pirkanmaan hyvinvointialue",
        name_sv="Birkalands välfärdsområde",
        name_en="Pirkanmaa wellbeing services county",
    ),
    agreement=AgreementSummary(
        agreement_id=1,
        organisation_type="wellbeing_county",
        channels=frozenset({"web"}),
        data_groups=frozenset(GROUPS),
        valid_from=date(2025, 1, 1),
        valid_to=None,
        legal_basis="812/2000 20–21 §",
        contact_email="sopimukset@kela.example",
    ),
    mandates=frozenset({"benefit_view_and_claims", "social_assistance_and_welfare"}),
    representation_mandates=frozenset(),
    channel="web",
    refreshed_at=NOW,
    expires_at=NOW + timedelta(hours=10),
    policy_digest="",
    today=TODAY,
)
