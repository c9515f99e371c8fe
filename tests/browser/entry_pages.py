"""The pages before any client: signing in and out, for whom one acts, settings, and what can fail there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kelmu.identity.agreements import AgreementChoice
from kelmu.policy.loader import policy_data
from kelmu.web.mandates import MandateRow
from kelmu.web.offers import Assessment, Choice, Lacking, WithoutAgreement, mandate_names
from kelmu.web.openings import opened_by
from kelmu.web.organisation import ChoiceForm
from kelmu.web.presentation.labels import language
from kelmu.web.settings_page import SettingsForm
from kelmu.web.sign_in import FAILURES
from tests.browser.invented import ACTING, GROUPS

Pages = Iterator[tuple[str, str, dict[str, Any]]]
_PIRKANMAA = "Pirkanmaan hyvinvointialue"


def entry_pages() -> Pages:
    """Name, template and context of each page in each of its states."""
    yield from _session()
    yield from _organisation()
    yield from _mandates()
    yield from _settings()


def _session() -> Pages:
    yield "sign_in", "sign_in/sign_in", {"next_path": "/clients/", "idle_minutes": 30}
    for fault, failure in FAILURES.items():
        yield f"sign_in_failed_{fault.value}", "sign_in/failed", {"failure": failure, "fault": fault.value}
    context = {"sign_in_url": "/sign-in/?next=%2Fclients%2F"}
    for reason in ("idle", "signed_out", "organisation_changed", "ended"):
        yield f"session_ended_{reason}", "session_ended", {**context, "reason": reason}
    for told, kept in (("kept", True), ("lost", False)):
        yield (
            f"session_ended_draft_{told}",
            "session_ended",
            {**context, "reason": "idle", "draft_kept": kept},
        )
    yield "401_draft_lost", "errors/401", {"next_url": "/clients/", "draft_kept": False}
    yield "401_draft_kept", "errors/401", {"next_url": "/clients/?draft=reason", "draft_kept": True}


def _organisation() -> Pages:
    yield "organisation_select", "organisation/select", {"next_path": "/"}
    yield "organisation_cancelled", "organisation/select", {"next_path": "/", "cancelled": True}
    yield "organisation_too_late", "organisation/select", {"next_path": "/", "cancelled": False}
    yield "organisation_change", "organisation/change", {}
    choices = (
        _choice("11", _PIRKANMAA, represented=False),
        _choice("12", "Pirkkalan kunta", represented=True),
    )
    for name, data, chosen in (("", None, "11"), ("_wrong", {}, None)):
        yield (
            f"organisation_choose{name}",
            "organisation/choose",
            {
                "form": ChoiceForm(data, choices),
                "choices": choices,
                "chosen": chosen,
                "found": _found(choices=choices, incomplete=("Nokian kaupunki",)),
                "next_path": "/",
            },
        )
    lacking = Lacking(
        name=_PIRKANMAA,
        business_id=ACTING.organisation.business_id,
        has=("Etuustietojen katselu",),
        represented=True,
        mistaken=True,
        needed=mandate_names(ACTING.mandates),
    )
    without = WithoutAgreement("Nokian kaupunki", "0205717-4", "kelmu@nokia.example")
    for page, found in (
        ("incomplete", _found(incomplete=(_PIRKANMAA,))),
        ("missing_mandate", _found(lacking=(lacking,))),
        ("no_agreement", _found(without_agreement=(without,))),
        ("no_organisation", _found()),
    ):
        context = {"found": found, "agreements_contact": "sopimukset@kela.example", "next_path": "/"}
        yield f"organisation_{page}", f"organisation/{page}", context
    for incomplete in (True, False):
        name = f"organisation_unavailable{'_incomplete' if incomplete else ''}"
        yield name, "organisation/unavailable", {"incomplete": incomplete, "retry_url": "/organisation/"}


def _choice(value: str, name: str, *, represented: bool) -> Choice:
    agreement = AgreementChoice(
        agreement_id=int(value),
        organisation_id=1,
        business_id=ACTING.organisation.business_id,
        name_fi=name,
        name_sv=name,
        name_en=name,
        number="T-2026-1",
        organisation_type="wellbeing_county",
        data_groups=frozenset(GROUPS),
    )
    return Choice(agreement, name, "Hyvinvointialue", opened_by("benefit_view_and_claims"), represented)


def _found(**what: Any) -> Assessment:
    nothing: dict[str, Any] = {"choices": (), "incomplete": (), "lacking": (), "without_agreement": ()}
    return Assessment(**nothing | what)


def _mandates() -> Pages:
    held = ("own", "representation", "missing", "not_for_us")
    mandates = list(policy_data().mandates.values())
    rows = [
        MandateRow(mandate.name(language()), opened_by(mandate.code), held[number % len(held)])
        for number, mandate in enumerate(mandates)
    ]
    acting = {"organisation_name": _PIRKANMAA, "business_id": ACTING.organisation.business_id}
    yield (
        "mandates",
        "mandates/mandates",
        {"rows": rows, "missing": [row for row in rows if row.held == "missing"], **acting},
    )
    unheld = [MandateRow(row.name, row.opens, None) for row in rows]
    yield "mandates_signed_out", "mandates/mandates", {"rows": unheld, "missing": []}


def _settings() -> Pages:
    present = {"language": language(), "density": "compact", "color_scheme": "auto", "shortcuts": "on"}
    yield "settings", "settings", {"form": SettingsForm(None, present), "saved": False}
    yield "settings_saved", "settings", {"form": SettingsForm(None, present), "saved": True}
    yield "settings_wrong", "settings", {"form": SettingsForm({"language": "de"}, present), "saved": False}
    yield "settings_signed_out", "settings", {"form": SettingsForm(None, present), "saved": False}
    yield "shortcuts", "shortcuts", {}
    yield "shortcuts_off", "shortcuts", {}
    yield "shortcuts_signed_out", "shortcuts", {}
