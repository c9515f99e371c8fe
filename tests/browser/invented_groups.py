"""The invented client's insurance, recoveries, medicine costs and what others have told of her."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from kelmu.inquiry.dossier import Coverage, MaintenanceCollection, MedicineCap, Recovery, ThirdPartyInfo

_COVERAGE = Coverage(
    kind="social_security", ground="residence", country="FI", valid_from=date(1990, 1, 1), valid_to=None
)
COVERAGE = (
    _COVERAGE,
    replace(_COVERAGE, kind="sickness_insurance", valid_from=date(2024, 9, 1)),
    Coverage(
        kind="sickness_insurance",
        ground="eu",
        country="SE",
        valid_from=date(2022, 1, 1),
        valid_to=date(2024, 8, 31),
    ),
    Coverage(
        kind="ehic", ground=None, country=None, valid_from=date(2026, 12, 1), valid_to=date(2028, 11, 30)
    ),
)

_RECOVERY = Recovery(
    number="P-2026-000412",
    benefit="UNE-TMT",
    overpaid_from=date(2026, 1, 1),
    overpaid_to=date(2026, 2, 28),
    decided_on=date(2026, 5, 12),
    total=Decimal("1240.80"),
    balance=Decimal("880.80"),
    instalment=Decimal("60.00"),
    set_off=True,
    state="in_instalments",
)
RECOVERIES = (
    _RECOVERY,
    replace(
        _RECOVERY,
        number="P-2024-000091",
        benefit="HOU-YAT",
        overpaid_from=date(2024, 3, 1),
        overpaid_to=date(2024, 5, 31),
        decided_on=date(2024, 12, 2),
        total=Decimal("318.00"),
        balance=Decimal("0.00"),
        instalment=None,
        set_off=False,
        state="paid",
    ),
    replace(
        _RECOVERY,
        number="P-2023-000007",
        decided_on=date(2023, 8, 4),
        instalment=None,
        state="in_enforcement",
    ),
)

COLLECTIONS = (
    MaintenanceCollection(
        number="E-2025-000033",
        benefit="FAM-ET",
        child_given_names="Ville",
        decided_on=date(2025, 6, 2),
        arrears=Decimal("2311.44"),
        monthly=Decimal("196.72"),
        state="open",
    ),
)

MEDICINE_CAPS = (
    MedicineCap(
        year=2026,
        accrued=Decimal("412.35"),
        cap=Decimal("636.12"),
        remaining=Decimal("223.77"),
        initial_deductible_met=True,
        reached_on=None,
        updated_at=datetime(2026, 11, 24, 6, 40, tzinfo=UTC),
    ),
    MedicineCap(
        year=2025,
        accrued=Decimal("633.17"),
        cap=Decimal("633.17"),
        remaining=Decimal("0.00"),
        initial_deductible_met=True,
        reached_on=date(2025, 10, 14),
        updated_at=datetime(2026, 1, 2, 6, 0, tzinfo=UTC),
    ),
    MedicineCap(
        year=2024,
        accrued=Decimal("31.20"),
        cap=Decimal("626.94"),
        remaining=Decimal("595.74"),
        initial_deductible_met=False,
        reached_on=None,
        updated_at=datetime(2025, 1, 2, 6, 0, tzinfo=UTC),
    ),
)

_INFO = ThirdPartyInfo(
    number="M-2026-001",
    sender_kind="employment_authority",
    info_kind="employment_statement",
    valid_from=date(2026, 2, 3),
    valid_to=None,
    amount=None,
    unit=None,
    received_on=date(2026, 2, 5),
)
FROM_OTHERS = (
    _INFO,
    replace(
        _INFO,
        number="M-2025-118",
        sender_kind="unemployment_fund",
        info_kind="earnings_related_allowance",
        valid_from=date(2025, 3, 1),
        valid_to=date(2025, 11, 30),
        amount=Decimal("68.41"),
        unit="day",
        received_on=date(2025, 3, 20),
    ),
    replace(
        _INFO,
        number="M-2025-031",
        sender_kind="study_register",
        info_kind="studies",
        valid_from=date(2024, 8, 1),
        valid_to=date(2025, 1, 31),
        received_on=date(2024, 8, 6),
    ),
)
