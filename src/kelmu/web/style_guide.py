"""The style guide: every component in all its states, with invented data. Demo and tests only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kelmu.inquiry.dossier import Guardian, Person
from kelmu.inquiry.drafts import Draft, Form
from kelmu.web.drafts import OpenForm
from kelmu.web.presentation.client import Banner, InquiryFacts, Tab
from kelmu.web.presentation.emptiness import Reason
from kelmu.web.presentation.filters import Choice
from kelmu.web.presentation.forms import SearchForm
from kelmu.web.presentation.labels import (
    COLLECTION_STATES,
    MATTER_STATES,
    OUTCOMES,
    PAYMENT_STATES,
    RECOVERY_STATES,
)
from kelmu.web.presentation.periods import TypedDay
from kelmu.web.presentation.terms import TERMS
from kelmu.web.style_guide_figures import figures_context


class ChoiceForm(forms.Form):
    """Radios and boxes, which the client pages do not have."""

    organisation = forms.ChoiceField(
        label="Organisaatio",
        help_text="Valitse, minkä organisaation puolesta toimit.",
        widget=forms.RadioSelect,
        choices=[("1", "Pirkanmaan hyvinvointialue"), ("2", "Tampereen kaupunki")],
        error_messages={"required": "Valitse organisaatio."},
    )
    explanation = forms.CharField(label="Selvitys", widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sample table."""

    benefit: str
    start: date
    end: date | None
    amount: Decimal


_NOW = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)
_INQUIRY_ID = "00000000-0000-4000-8000-000000000000"
_PURPOSES = (("social_assistance", "Toimeentulotuen käsittely"), ("child_welfare", "Lastensuojelu"))


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """The page itself. `urls` has a route to it in demo and test only."""
    return render(request, "kelmu/style_guide.html", style_guide_context())


def style_guide_context() -> dict[str, Any]:
    """What the style guide shows: all invented."""
    wrong_search = SearchForm({"personal_id": "010190-999A", "purpose": ""}, purposes=_PURPOSES)
    wrong_search.auto_id = "wrong_%s"
    wrong_choice = ChoiceForm({})
    wrong_choice.is_valid()
    banners = (_banner(), _banner(protected=True), _banner(guardianship=True, died=date(2026, 10, 30)))
    return {
        **figures_context(banners[0].person),
        "search": SearchForm(purposes=_PURPOSES),
        "wrong_search": wrong_search,
        "choice": ChoiceForm(initial={"organisation": "1"}, prefix="plain"),
        "wrong_choice": wrong_choice,
        "banners": banners,
        "tabs": (
            Tab("summary", "Yhteenveto", "#tabs", current=False),
            Tab("decisions", "Päätökset", "#tabs", current=True),
            Tab("payments", "Maksut", "#tabs", current=False),
        ),
        "label_sets": (MATTER_STATES, OUTCOMES, PAYMENT_STATES, RECOVERY_STATES, COLLECTION_STATES),
        "reasons": list(Reason),
        "tag_colors": ("neutral", "info", "success", "warning", "danger"),
        "drafts": (
            OpenForm(Form.SEARCH, draft=Draft({}, _NOW)),
            OpenForm(Form.REASON, UUID(_INQUIRY_ID), Draft({}, _NOW)),
        ),
        "none": None,
        "choices": (
            Choice("HOU-YAT", "Yleinen asumistuki", 3, chosen=True),
            Choice("SOC-PER", "Perustoimeentulotuki", 12, chosen=False),
        ),
        "typed_day": TypedDay("1.11.2026", date(2026, 11, 1)),
        "wrong_day": TypedDay("31.11.2026", error="Tätä päivää ei ole."),
        "terms": tuple(TERMS.values())[:3],
        "colors": ("info", "success", "warning", "danger"),
        "rows": (
            Row("Perustoimeentulotuki", date(2026, 11, 1), date(2026, 11, 30), Decimal("612.40")),
            Row("Yleinen asumistuki", date(2026, 8, 1), date(2027, 7, 31), Decimal("1398.15")),
            Row("Työmarkkinatuki", date(2026, 2, 3), None, Decimal("-60.00")),
        ),
        "moment": _NOW,
        "day": date(2026, 11, 24),
    }


def _banner(*, protected: bool = False, guardianship: bool = False, died: date | None = None) -> Banner:
    person = Person(
        personal_id="010190-999W",
        family_name="Mallikas",
        given_names="Testi Eemeli",
        birth_date=date(1990, 1, 1),
        age=36,
        language="fi",
        municipality=None if protected else "837",
        residences=None if protected else (),
        protected=protected,
        death_date=died,
        under_guardianship=guardianship,
        guardians=(Guardian(kind="guardian", name="Edunvalvontatoimisto"),) if guardianship else (),
        phone=None if protected else "050 000 0000",
        former_code=False,
    )
    return Banner(
        person=person,
        language_name="suomi",
        municipality_name=None if protected else "Tampere",
        inquiry=InquiryFacts(
            inquiry_id=_INQUIRY_ID,
            purpose_name="Toimeentulotuen käsittely",
            opened_at=_NOW,
            case_reference="TT-2026-118",
            groups=frozenset({"pending", "decisions", "payments"}),
        ),
        recovery_open=guardianship,
    )
