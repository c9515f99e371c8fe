"""The acceptance lines about claims that need no database, one test each, by what the official is told.

Made, sent and approved claims are accepted in ``test_claims.py``, by their pages in
``tests/web/test_claim_pages.py``. What Kela decides and pays is not covered: claims are not forwarded yet.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from kelmu.benefits.catalogue import ClaimGround
from kelmu.claims.matrix import claimable
from kelmu.claims.rules import Caution, Claim, Granted, Known, cautions, timing
from kelmu.core.period import Period
from kelmu.policy.loader import policy_data
from kelmu.policy.vocabulary import Feature
from kelmu.web.presentation.claim_forms import BenefitForm, PeriodForm

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
CLAIM = Claim(
    benefit="HOU-YAT", ground=ClaimGround.SOCIAL_ASSISTANCE_ACT, period=NOVEMBER, amount=Decimal(300),
    basis=NOVEMBER, paid_on=date(2026, 11, 5),
)  # fmt: skip


@pytest.mark.parametrize(
    ("benefit", "ground", "told"),
    [
        ("HOU-YAT", "sta23", None),
        ("HOU-YAT", "cfa14", "cannot be claimed under this section"),
        ("SOC-PER", "sta23", "in writing"),
        ("FAM-AD", "sta23", "No payment claim"),
    ],
)
def test_housing_allowance_basic_social_assistance_and_adoption_grant(
    benefit: str, ground: str, told: str | None
) -> None:
    with translation.override("en"):
        form = BenefitForm({"benefit": benefit, "ground": ground})
        assert form.is_valid() == (told is None)
        text = " ".join(str(error) for errors in form.errors.values() for error in errors)
    assert (told or "") in text
    assert ("kumppanit.liitteet@kela.fi" in text) == (told == "in writing")


def test_a_claim_13_days_before_the_payment_day_warns_and_14_days_before_does_not() -> None:
    benefit = claimable("HOU-YAT")
    assert benefit is not None
    # Paid for December on the first banking day.
    claim = Claim(
        benefit=CLAIM.benefit, ground=CLAIM.ground, period=Period(date(2026, 12, 1), date(2026, 12, 31)),
        amount=None, basis=Period(date(2026, 12, 1), date(2026, 12, 31)), paid_on=date(2026, 11, 10),
    )  # fmt: skip
    payment_day = date(2026, 12, 1)
    for days, late in ((14, False), (13, True)):
        sent_on = payment_day - timedelta(days=days)
        told = cautions(claim, benefit, Known(), sent_on)
        assert (Caution.LATE in told) == late
        when = timing(benefit.paid, sent_on, claim.period)
        assert when is not None
        assert when.payment_day == payment_day


def test_assistance_paid_after_the_benefit_decision_warns() -> None:
    benefit = claimable("HOU-YAT")
    assert benefit is not None
    known = Known(granted=(Granted(date(2026, 11, 4), NOVEMBER),))
    assert cautions(CLAIM, benefit, known, date(2026, 10, 1)) == (Caution.AFTER_DECISION,)


def test_days_for_which_no_assistance_was_paid_are_refused() -> None:
    typed = {
        "period_from": "1.11.2026", "period_to": "1.12.2026", "basis_from": "1.11.2026",
        "basis_to": "30.11.2026", "paid_on": "5.11.2026", "whole": "yes", "amount": "",
    }  # fmt: skip
    form = PeriodForm(typed, ground="sta23", benefit="HOU-YAT", today=date(2026, 11, 24))
    assert not form.is_valid()
    typed["period_to"] = "30.11.2026"
    form = PeriodForm(typed, ground="sta23", benefit="HOU-YAT", today=date(2026, 11, 24))
    assert form.is_valid()
    assert form.claim().period == NOVEMBER
    assert form.claim().amount is None


def test_counties_helsinki_and_aland_can_claim_with_their_mandate() -> None:
    rows = [row for row in policy_data().features.values() if row.feature is Feature.CLAIMS]
    assert {row.organisation_type for row in rows} == {"wellbeing_county", "helsinki", "aland_municipality"}
    assert {row.mandate for row in rows} == {"benefit_view_and_claims"}
